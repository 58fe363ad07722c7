# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Agents of pydantic-ai over a client of OpenAI's SDK."""

from __future__ import annotations

import asyncio
from typing import Any

from openai import AsyncOpenAI
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from .case import Case, Use, case

QUESTION = "Weather in Berlin?"


def model(openai: Any) -> Any:
    return OpenAIChatModel("openai/gpt-4o-mini", provider=OpenAIProvider(openai_client=openai))


def client(base_url: str) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=base_url, api_key="sk-or-x", max_retries=1)


def chat(base_url: str, use: Use) -> Any:
    async def run() -> Any:
        async with client(base_url) as openai:
            return (await Agent(use(model(openai))).run(QUESTION)).output

    return asyncio.run(run())


def stream(base_url: str, use: Use) -> Any:
    async def run() -> Any:
        async with client(base_url) as openai:
            agent = Agent(use(model(openai)))
            async with agent.run_stream(QUESTION) as answer:
                return [text async for text in answer.stream_text(delta=True, debounce_by=None)]

    return asyncio.run(run())


def tools(base_url: str, use: Use) -> Any:
    async def run() -> Any:
        async with client(base_url) as openai:
            cities: list[str] = []

            def weather(city: str) -> str:
                """The weather in a city."""
                cities.append(city)
                return "Rain"

            agent = Agent(use(model(openai)), tools=[weather])
            return [(await agent.run(QUESTION)).output, cities]

    return asyncio.run(run())


CASES: dict[str, Case] = {
    "chat": case(chat),
    "stream": case(stream),
    "tools": case(tools, requests=2),
    "error": case(chat, answers="error", ends="failed"),
    "retry": case(chat, answers="retry", requests=2),
}
