# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The examples of SDKs run, against a loopback OpenRouter and a local receiver."""

from __future__ import annotations

import os

import pytest

from otlpjson.receiver.server import Receiver
from otlpjson.testing import LoopbackOpenRouter

from ..example_runs import EXAMPLES, KEY, run, spans

# The file, what it needs, whether it streams, and how many requests it makes.
SHOWN = [
    ("openai_chat.py", "openai", True, 1),
    ("anthropic_messages.py", "anthropic", True, 1),
    ("openrouter_chat.py", "openrouter", True, 1),
    ("langchain_chat.py", "langchain", True, 1),
    ("pydantic_ai_agent.py", "pydantic_ai", False, 2),
    ("openai_agents.py", "agents", False, 2),
    ("litellm_chat.py", "litellm", True, 1),
]
HERE = os.environ.get("OTLPJSON_SDKS", "").split()


def test_every_example_has_a_test() -> None:
    """A new one needs one as well."""
    assert {path.name for path in (EXAMPLES / "sdks").glob("*.py")} == {name for name, *_ in SHOWN}


@pytest.mark.process
@pytest.mark.parametrize(("name", "sdk", "streams", "requests"), [row for row in SHOWN if row[1] in HERE])
def test_an_example_prints_its_answer_and_sends_its_requests(
    name: str, sdk: str, streams: bool, requests: int
) -> None:
    """With tokens, cost and, of a stream, the time to its first token."""
    with Receiver(credentials=("123456", KEY)) as receiver, LoopbackOpenRouter() as openrouter:
        ran = run(f"sdks/{name}", receiver, openrouter=openrouter.base_url)
        received = spans(receiver)

    assert (ran.returncode, ran.stdout) == (0, "Hello from OpenRouter\n"), ran.stderr
    attributes = [{each["key"]: each["value"] for each in span["attributes"]} for span in received]
    generations = [each for each in attributes if "gen_ai.usage.total_cost" in each]
    assert len(generations) == len(openrouter.requests) == requests
    for generation in generations:
        assert generation["gen_ai.usage.total_cost"] == {"doubleValue": 0.000123}
        assert generation["gen_ai.usage.input_tokens"] == {"intValue": "12"}
        assert any("first_token" in key for key in generation) == streams
    assert len({span["traceId"] for span in received}) == 1
