# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""LangChain's ``ChatOpenAI``, which holds clients of OpenAI's SDK."""

from __future__ import annotations

import asyncio
from typing import Any

from langchain_core.messages import HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI

from .case import Case, Use, case

QUESTION = HumanMessage("Weather in Berlin?")
FUNCTION = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
TOOLS: Any = [{"type": "function", "function": FUNCTION}]


def model(base_url: str, use: Use) -> Any:
    arguments: Any = {"model": "openai/gpt-4o-mini", "base_url": base_url, "api_key": "sk-or-x"}
    return use(ChatOpenAI(**arguments, max_retries=1))


def chat(base_url: str, use: Use) -> Any:
    return model(base_url, use).invoke([QUESTION]).content


def stream(base_url: str, use: Use) -> Any:
    return [chunk.content for chunk in model(base_url, use).stream([QUESTION])]


def left_early(base_url: str, use: Use) -> Any:
    chunks = model(base_url, use).stream([QUESTION])
    first = next(chunks).content
    chunks.close()
    return first


def tools(base_url: str, use: Use) -> Any:
    bound = model(base_url, use).bind_tools(TOOLS)
    asked = bound.invoke([QUESTION])
    result = ToolMessage("Rain", tool_call_id=asked.tool_calls[0]["id"])
    return [asked.tool_calls, bound.invoke([QUESTION, asked, result]).content]


def async_stream(base_url: str, use: Use) -> Any:
    async def run() -> Any:
        return [chunk.content async for chunk in model(base_url, use).astream([QUESTION])]

    return asyncio.run(run())


def async_chat(base_url: str, use: Use) -> Any:
    return asyncio.run(model(base_url, use).ainvoke([QUESTION])).content


CASES: dict[str, Case] = {
    "chat": case(chat),
    "stream": case(stream),
    "left early": case(left_early, answers="slow", ends="left"),
    "tools": case(tools, requests=2),
    "error": case(chat, answers="error", ends="failed"),
    "retry": case(chat, answers="retry", requests=2),
    "async chat": case(async_chat),
    "async stream": case(async_stream),
}
