# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
An agent of pydantic-ai with a tool; all of its requests are one trace.

    OPENROUTER_API_KEY=... python examples/sdks/pydantic_ai_agent.py

The traces go to the destinations that ``otlpjson configure`` saved, or that environment variables name.
"""

from __future__ import annotations

import asyncio
import os
from urllib.parse import urlsplit

from openai import AsyncOpenAI
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

import otlpjson

URL = os.environ.get("OPENROUTER_URL", "https://openrouter.ai/api/v1")

# With the host of OpenRouter, no argument is needed.
broadcast = otlpjson.instrument(hosts=urlsplit(URL).netloc)


def weather(city: str) -> str:
    """The weather in a city."""
    return f"It rains in {city}."


async def main() -> None:
    """Asks the agent, inside a trace."""
    async with AsyncOpenAI(base_url=URL, api_key=os.environ["OPENROUTER_API_KEY"]) as client:
        model = OpenAIChatModel("openai/gpt-4o-mini", provider=OpenAIProvider(openai_client=client))
        agent = Agent(model, tools=[weather])
        with broadcast.trace("Weather Agent"):
            print((await agent.run("What is the weather in Berlin?")).output)


asyncio.run(main())
