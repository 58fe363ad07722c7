# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The SDK of OpenAI, versions 1 to 3, sync and async."""

from __future__ import annotations

import asyncio
from typing import Any

from openai import AsyncOpenAI, OpenAI

from .case import Case, Use, case

MODEL = "openai/gpt-4o-mini"
MESSAGES: Any = [{"role": "user", "content": "Weather in Berlin?"}]
FUNCTION = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
TOOLS: Any = [{"type": "function", "function": FUNCTION}]


def client(base_url: str, use: Use) -> Any:
    return use(OpenAI(base_url=base_url, api_key="sk-or-x", max_retries=1))


def async_client(base_url: str, use: Use) -> Any:
    return use(AsyncOpenAI(base_url=base_url, api_key="sk-or-x", max_retries=1))


def chat(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openai:
        return openai.chat.completions.create(model=MODEL, messages=MESSAGES).to_json()


def stream(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openai:
        chunks = openai.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
        return [chunk.to_json() for chunk in chunks]


def left_early(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openai:
        chunks = openai.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
        with chunks:
            return next(chunks).to_json()


def client_closed(base_url: str, use: Use) -> Any:
    openai = client(base_url, use)
    chunks = openai.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
    seen = next(chunks).to_json()
    openai.close()
    return seen


def raw_response(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openai:
        response = openai.chat.completions.with_raw_response.create(model=MODEL, messages=MESSAGES)
        return [response.headers["x-generation-id"], response.parse().to_json()]


def streaming_response(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openai:
        create = openai.chat.completions.with_streaming_response.create
        with create(model=MODEL, messages=MESSAGES, stream=True) as response:
            return list(response.iter_lines())


def tools(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openai:
        create = openai.chat.completions.create
        asked = create(model=MODEL, messages=MESSAGES, tools=TOOLS).choices[0].message
        result = {"role": "tool", "tool_call_id": asked.tool_calls[0].id, "content": "Rain"}
        answer = create(model=MODEL, messages=[*MESSAGES, asked, result], tools=TOOLS)
        return [asked.to_json(), answer.to_json()]


def responses(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openai:
        return openai.responses.create(model=MODEL, input="Hi").to_json()


def responses_stream(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openai, openai.responses.stream(model=MODEL, input="Hi") as events:
        seen = [event.type for event in events]
        return [*seen, events.get_final_response().output_text]


def embeddings(base_url: str, use: Use) -> Any:
    with client(base_url, use) as openai:
        return openai.embeddings.create(model=MODEL, input="Hi", encoding_format="float").to_json()


def async_chat(base_url: str, use: Use) -> Any:
    async def run() -> Any:
        async with async_client(base_url, use) as openai:
            return (await openai.chat.completions.create(model=MODEL, messages=MESSAGES)).to_json()

    return asyncio.run(run())


def async_stream(base_url: str, use: Use) -> Any:
    async def run() -> Any:
        async with async_client(base_url, use) as openai:
            chunks = await openai.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
            return [chunk.to_json() async for chunk in chunks]

    return asyncio.run(run())


def async_cancelled(base_url: str, use: Use) -> Any:
    async def read(chunks: Any, first: asyncio.Event) -> None:
        async with chunks:
            async for _ in chunks:
                first.set()

    async def run() -> Any:
        async with async_client(base_url, use) as openai:
            chunks = await openai.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
            first = asyncio.Event()
            task = asyncio.create_task(read(chunks, first))
            await first.wait()
            task.cancel()
            return [type(result).__name__ for result in await asyncio.gather(task, return_exceptions=True)]

    return asyncio.run(run())


def many_at_once(base_url: str, use: Use) -> Any:
    async def run() -> Any:
        async with async_client(base_url, use) as openai:
            calls = (openai.chat.completions.create(model=MODEL, messages=MESSAGES) for _ in range(20))
            return sorted({answer.choices[0].message.content for answer in await asyncio.gather(*calls)})

    return asyncio.run(run())


CASES: dict[str, Case] = {
    "chat": case(chat),
    "stream": case(stream),
    "left early": case(left_early, answers="slow", ends="left"),
    "client closed": case(client_closed, answers="slow", ends="left"),
    "raw response": case(raw_response),
    "streaming response": case(streaming_response),
    "tools": case(tools, requests=2),
    "responses": case(responses),
    "responses stream": case(responses_stream),
    "embeddings": case(embeddings),
    "error": case(chat, answers="error", ends="failed"),
    "retry": case(chat, answers="retry", requests=2),
    "retry of a stream": case(stream, answers="retry", requests=2),
    "retry after a reset": case(chat, answers="reset", requests=2),
    "async chat": case(async_chat),
    "async stream": case(async_stream),
    "async cancelled": case(async_cancelled, answers="slow", ends="left"),
    "async retry": case(async_chat, answers="retry", requests=2),
    "many at once": case(many_at_once, requests=20),
}
