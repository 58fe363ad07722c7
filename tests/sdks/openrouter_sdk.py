# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""OpenRouter's own SDK, sync and async."""

from __future__ import annotations

import asyncio
from typing import Any

from openrouter import OpenRouter
from openrouter.utils import BackoffStrategy, RetryConfig

from .case import Case, Use, case

MESSAGES: Any = [{"role": "user", "content": "Weather in Berlin?"}]
ASKED: Any = {"model": "openai/gpt-4o-mini", "messages": MESSAGES}
FUNCTION = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
TOOLS: Any = [{"type": "function", "function": FUNCTION}]
RETRIES = RetryConfig("backoff", BackoffStrategy(10, 50, 1.5, 2000), True)


def client(base_url: str, use: Use) -> Any:
    return use(OpenRouter(api_key="sk-or-x", server_url=base_url, retry_config=RETRIES))


def chat(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openrouter:
        return openrouter.chat.send(**ASKED).model_dump_json()


def stream(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openrouter, openrouter.chat.send(**ASKED, stream=True) as chunks:
        return [chunk.model_dump_json() for chunk in chunks]


def left_early(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openrouter, openrouter.chat.send(**ASKED, stream=True) as chunks:
        return next(iter(chunks)).model_dump_json()


def tools(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openrouter:
        asked = openrouter.chat.send(**ASKED, tools=TOOLS).choices[0].message
        result = {"role": "tool", "tool_call_id": asked.tool_calls[0].id, "content": "Rain"}
        told: Any = {**ASKED, "messages": [*MESSAGES, asked.model_dump(by_alias=True), result]}
        answer = openrouter.chat.send(**told, tools=TOOLS)
        return [asked.model_dump_json(), answer.model_dump_json()]


def async_stream(base_url: str, use: Use) -> Any:
    async def run() -> Any:
        async with client(base_url, use) as openrouter:
            chunks = await openrouter.chat.send_async(**ASKED, stream=True)
            async with chunks:
                return [chunk.model_dump_json() async for chunk in chunks]

    return asyncio.run(run())


CASES: dict[str, Case] = {
    "chat": case(chat),
    "stream": case(stream),
    "left early": case(left_early, answers="slow", ends="left"),
    "tools": case(tools, requests=2),
    "error": case(chat, answers="error", ends="failed"),
    "retry": case(chat, answers="unavailable", requests=2),
    "async stream": case(async_stream),
}
