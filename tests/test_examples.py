# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The examples run, against a scripted OpenRouter and a local receiver."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from otlpjson.receiver.server import Receiver

from . import FIXTURES
from .example_runs import EXAMPLES, KEY, run, spans
from .stand_in import OpenRouter, completion


def test_every_example_has_a_test() -> None:
    """A new one needs one as well."""
    assert sorted(path.name for path in EXAMPLES.glob("*.py")) == ["agent.py", "chat.py", "import_log.py"]


@pytest.mark.process
@pytest.mark.slow
def test_the_chat_sends_a_trace_for_every_answer() -> None:
    """The conversation grows, the session stays."""
    answers = [completion(1, content="Hello!"), completion(2, content="Goodbye.")]
    with Receiver(credentials=("123456", KEY)) as receiver, OpenRouter(*answers) as openrouter:
        ran = run("chat.py", receiver, openrouter=openrouter.url, stdin="Hi\nBye\n")
        received = spans(receiver)

    assert (ran.returncode, ran.stdout) == (0, "Hello!\nGoodbye.\n"), ran.stderr
    assert [len(request["messages"]) for request in openrouter.asked] == [1, 3]
    assert [span["name"] for span in received] == ["LLM Generation"] * 2
    assert KEY not in ran.stdout + ran.stderr


@pytest.mark.process
@pytest.mark.slow
def test_the_agents_requests_stand_under_one_root_with_a_step_for_each_turn() -> None:
    """Root, two steps, and a generation below each."""
    call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "weather", "arguments": '{"city":"Kyoto"}'},
    }
    answers = [completion(1, tool_calls=[call]), completion(2, content="It rains in Kyoto.")]
    with Receiver(credentials=("123456", KEY)) as receiver, OpenRouter(*answers) as openrouter:
        ran = run("agent.py", receiver, "What is the weather in Kyoto?", openrouter=openrouter.url)
        received = spans(receiver)
    by_name = {span["name"]: span for span in received}
    names = {span["spanId"]: span["name"] for span in received}

    assert (ran.returncode, ran.stdout) == (0, "It rains in Kyoto.\n"), ran.stderr
    assert openrouter.asked[1]["messages"][-1]["content"] == "It rains in Kyoto."
    assert sorted(span["name"] for span in received) == [
        "LLM Generation",
        "LLM Generation",
        "Turn 1",
        "Turn 2",
        "Weather Agent",
    ]
    assert len({span["traceId"] for span in received}) == 1
    assert "parentSpanId" not in by_name["Weather Agent"]
    assert {names[span["parentSpanId"]] for span in received if span["name"] == "LLM Generation"} == {
        "Turn 1",
        "Turn 2",
    }
    assert {names[by_name[turn]["parentSpanId"]] for turn in ("Turn 1", "Turn 2")} == {"Weather Agent"}


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize(("extra", "code"), [("", 0), ('{"request": {}}\n', 1)])
def test_the_import_sends_every_record_of_a_log(tmp_path: Path, extra: str, code: int) -> None:
    """And says what became of them."""
    record = json.loads((FIXTURES / "openrouter" / "guide" / "record.json").read_bytes())
    log = tmp_path / "log.jsonl"
    log.write_text(f"{json.dumps(record)}\n" * 3 + extra, encoding="utf-8")
    with Receiver(credentials=("123456", KEY)) as receiver:
        ran = run("import_log.py", receiver, str(log))
        received = spans(receiver)

    assert ran.returncode == code, ran.stderr
    assert ran.stdout.splitlines()[0] == "environment: 6 spans, 6 delivered"
    assert len(received) == 6
    assert len({span["spanId"] for span in received}) == 2
