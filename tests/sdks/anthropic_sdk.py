# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The SDK of Anthropic, versions 0, 1 and 2, on OpenRouter's ``/messages``."""

from __future__ import annotations

import asyncio
from typing import Any

from anthropic import Anthropic, AsyncAnthropic

from .case import Case, Use, case

ASKED: Any = {
    "model": "anthropic/claude-sonnet-4",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Weather in Berlin?"}],
}
TOOLS: Any = [{"name": "weather", "input_schema": {"type": "object", "properties": {}}}]


def client(base_url: str, use: Use) -> Any:
    # The SDK adds the version to the path itself.
    return use(Anthropic(base_url=base_url.removesuffix("/v1"), api_key="sk-or-x", max_retries=1))


def chat(base_url: str, use: Use) -> Any:
    with client(base_url, use) as anthropic:
        return anthropic.messages.create(**ASKED).to_json()


def stream(base_url: str, use: Use) -> Any:
    with client(base_url, use) as anthropic:
        return [event.to_json() for event in anthropic.messages.create(**ASKED, stream=True)]


def stream_helper(base_url: str, use: Use) -> Any:
    with client(base_url, use) as anthropic, anthropic.messages.stream(**ASKED) as events:
        return [*events.text_stream, events.get_final_message().to_json()]


def left_early(base_url: str, use: Use) -> Any:
    with client(base_url, use) as anthropic, anthropic.messages.stream(**ASKED) as events:
        return next(events.text_stream)


def tools(base_url: str, use: Use) -> Any:
    with client(base_url, use) as anthropic:
        asked = anthropic.messages.create(**ASKED, tools=TOOLS)
        result = {"type": "tool_result", "tool_use_id": asked.content[0].id, "content": "Rain"}
        turns = [{"role": "assistant", "content": asked.content}, {"role": "user", "content": [result]}]
        told = {**ASKED, "messages": [*ASKED["messages"], *turns]}
        return [asked.to_json(), anthropic.messages.create(**told, tools=TOOLS).to_json()]


def async_stream(base_url: str, use: Use) -> Any:
    async def run() -> Any:
        made = use(AsyncAnthropic(base_url=base_url.removesuffix("/v1"), api_key="sk-or-x", max_retries=1))
        async with made as anthropic, anthropic.messages.stream(**ASKED) as events:
            return [text async for text in events.text_stream]

    return asyncio.run(run())


CASES: dict[str, Case] = {
    "chat": case(chat),
    "stream": case(stream),
    "stream helper": case(stream_helper),
    "left early": case(left_early, answers="slow", ends="left"),
    "tools": case(tools, requests=2),
    "error": case(chat, answers="error", ends="failed"),
    "retry": case(chat, answers="retry", requests=2),
    "async stream": case(async_stream),
}
