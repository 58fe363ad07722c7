# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
An agent of the OpenAI Agents SDK with a tool; all of its requests are one trace.

    OPENROUTER_API_KEY=... python examples/sdks/openai_agents.py

The traces go to the destinations that ``otlpjson configure`` saved, or that environment variables name.
"""

from __future__ import annotations

import asyncio
import os
from urllib.parse import urlsplit

from agents import Agent, OpenAIChatCompletionsModel, Runner, function_tool, set_tracing_disabled
from openai import AsyncOpenAI

import otlpjson

URL = os.environ.get("OPENROUTER_URL", "https://openrouter.ai/api/v1")

# With the host of OpenRouter, no argument is needed.
broadcast = otlpjson.instrument(hosts=urlsplit(URL).netloc)

# Otherwise the SDK sends traces of its own to OpenAI.
set_tracing_disabled(True)


def weather(city: str) -> str:
    """The weather in a city."""
    return f"It rains in {city}."


async def main() -> None:
    """Asks the agent, inside a trace."""
    async with AsyncOpenAI(base_url=URL, api_key=os.environ["OPENROUTER_API_KEY"]) as client:
        model = OpenAIChatCompletionsModel("openai/gpt-4o-mini", client)
        agent = Agent(name="Weather", model=model, tools=[function_tool(weather)])
        with broadcast.trace("Weather Agent"):
            print((await Runner.run(agent, "What is the weather in Berlin?")).final_output)


asyncio.run(main())
