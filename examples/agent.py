# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
An agent with a tool: one root span above all requests for an answer, with a step for each turn.

    OPENROUTER_API_KEY=... python examples/agent.py "What is the weather in Kyoto?"
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import requests

from otlpjson import Broadcast

URL = os.environ.get("OPENROUTER_URL", "https://openrouter.ai/api/v1") + "/chat/completions"
HEADERS = {"Authorization": f"Bearer {os.environ['OPENROUTER_API_KEY']}"}
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "The weather in a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    }
]


def weather(city: str) -> str:
    """A tool that gives the same answer for every city."""
    return f"It rains in {city}."


def ask(broadcast: Broadcast, messages: list[dict[str, Any]]) -> dict[str, Any]:
    """One request, recorded."""
    request = {"model": "openai/gpt-4o", "messages": messages, "tools": TOOLS, "user": "agent-example"}
    with broadcast.call(request) as call:
        call.response = requests.post(URL, json=request, headers=HEADERS, timeout=60).json()
    message: dict[str, Any] = call.response["choices"][0]["message"]
    return message


def main() -> None:
    """Asks, and calls the tool whenever the model asks for it, up to five turns."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": sys.argv[1]}]
    with Broadcast.from_config() as broadcast, broadcast.trace("Weather Agent"):
        for turn in range(1, 6):
            with broadcast.span(f"Turn {turn}"):
                message = ask(broadcast, messages)
            messages.append(message)
            for call in message.get("tool_calls") or []:
                arguments = json.loads(call["function"]["arguments"])
                messages.append({"role": "tool", "tool_call_id": call["id"], "content": weather(**arguments)})
            if not message.get("tool_calls"):
                break
    print(messages[-1]["content"])


if __name__ == "__main__":
    main()
