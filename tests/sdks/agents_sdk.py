# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The OpenAI Agents SDK over a client of OpenAI's SDK, on both of its APIs."""

from __future__ import annotations

import asyncio
from typing import Any

from agents import (
    Agent,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    function_tool,
    set_tracing_disabled,
)
from openai import AsyncOpenAI

from .case import Case, Use, case

QUESTION = "Weather in Berlin?"
MODEL = "openai/gpt-4o-mini"

# It would send its own traces to OpenAI.
set_tracing_disabled(True)


def client(base_url: str) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=base_url, api_key="sk-or-x", max_retries=1)


def weather(city: str) -> str:
    """The weather in a city."""
    return "Rain"


def ran(base_url: str, use: Use, model: Any, **named: Any) -> Any:
    async def run() -> Any:
        async with client(base_url) as openai:
            agent = Agent(name="Weather", model=use(model(MODEL, openai)), **named)
            return (await Runner.run(agent, QUESTION)).final_output

    return asyncio.run(run())


def chat(base_url: str, use: Use) -> Any:
    return ran(base_url, use, OpenAIChatCompletionsModel)


def responses(base_url: str, use: Use) -> Any:
    return ran(base_url, use, OpenAIResponsesModel)


def tools(base_url: str, use: Use) -> Any:
    return ran(base_url, use, OpenAIChatCompletionsModel, tools=[function_tool(weather)])


def tools_of_responses(base_url: str, use: Use) -> Any:
    return ran(base_url, use, OpenAIResponsesModel, tools=[function_tool(weather)])


def stream(base_url: str, use: Use) -> Any:
    async def run() -> Any:
        async with client(base_url) as openai:
            agent = Agent(name="Weather", model=use(OpenAIChatCompletionsModel(MODEL, openai)))
            result = Runner.run_streamed(agent, QUESTION)
            return [event.type async for event in result.stream_events()]

    return asyncio.run(run())


CASES: dict[str, Case] = {
    "chat": case(chat),
    "responses": case(responses),
    "stream": case(stream),
    "tools": case(tools, requests=2),
    "tools of responses": case(tools_of_responses, requests=2),
    "error": case(chat, answers="error", ends="failed"),
    "retry": case(chat, answers="retry", requests=2),
}
