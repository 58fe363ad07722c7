# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""litellm, which makes its clients itself: it can be instrumented, and no client of it be captured."""

from __future__ import annotations

import asyncio
from typing import Any

import litellm

from .case import Case, Use, case

MESSAGES: Any = [{"role": "user", "content": "Weather in Berlin?"}]
FUNCTION = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
TOOLS: Any = [{"type": "function", "function": FUNCTION}]


def asked(base_url: str, **named: Any) -> Any:
    return {
        "model": "openrouter/openai/gpt-4o-mini",
        "messages": MESSAGES,
        "api_base": base_url,
        "api_key": "sk-or-x",
        "num_retries": 0,
        **named,
    }


def chat(base_url: str, use: Use) -> Any:
    return litellm.completion(**asked(base_url)).choices[0].message.content


def stream(base_url: str, use: Use) -> Any:
    return [chunk.choices[0].delta.content for chunk in litellm.completion(**asked(base_url), stream=True)]


def tools(base_url: str, use: Use) -> Any:
    call = litellm.completion(**asked(base_url), tools=TOOLS).choices[0].message
    result = {"role": "tool", "tool_call_id": call.tool_calls[0].id, "content": "Rain"}
    told = [*MESSAGES, call.model_dump(), result]
    answer = litellm.completion(**asked(base_url, messages=told), tools=TOOLS)
    return [call.tool_calls[0].function.arguments, answer.choices[0].message.content]


def retried(base_url: str, use: Use) -> Any:
    return litellm.completion(**asked(base_url, num_retries=1)).choices[0].message.content


def async_stream(base_url: str, use: Use) -> Any:
    async def run() -> Any:
        chunks = await litellm.acompletion(**asked(base_url), stream=True)
        return [chunk.choices[0].delta.content async for chunk in chunks]

    return asyncio.run(run())


CASES: dict[str, Case] = {
    "chat": case(chat),
    "stream": case(stream),
    "tools": case(tools, requests=2),
    "error": case(chat, answers="error", ends="failed"),
    "retry": case(retried, answers="retry", requests=2),
    "async stream": case(async_stream),
}
