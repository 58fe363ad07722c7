# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Masks: every text of a request and a step, named patterns, and functions that fail."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from otlpjson.core.errors import InvalidValue
from otlpjson.core.model import Status
from otlpjson.openrouter import (
    Failure,
    Form,
    Generation,
    TraceOptions,
    entries_of_generation,
    read_record,
)
from otlpjson.openrouter.masking.mask import masked, masked_step
from otlpjson.openrouter.masking.patterns import PATTERNS, by_patterns
from otlpjson.openrouter.spans.step import Step

CANARY = "ann@example.com"
RECORD: dict[str, Any] = {
    "request": {
        "model": "openai/gpt-4o",
        "messages": [{"role": "user", "content": [{"type": "text", "text": f"I am {CANARY}"}]}],
        "user": CANARY,
        "session_id": CANARY,
        "trace": {
            "trace_name": CANARY,
            "span_name": CANARY,
            "generation_name": CANARY,
            "who": {"mail": CANARY, "number": 7, "list": [CANARY]},
        },
    },
    "response": {
        "id": "gen-1771005600-a",
        "choices": [
            {
                "message": {
                    "role": "assistant",
                    "content": f"Hello {CANARY}",
                    "tool_calls": [
                        {
                            "id": "1",
                            "type": "function",
                            "function": {"name": "f", "arguments": f'{{"to":"{CANARY}"}}'},
                        }
                    ],
                },
                "finish_reason": "tool_calls",
            }
        ],
    },
    "started_at": 1771005600000000000,
    "ended_at": 1771005601000000000,
    "generation": {"external_user": CANARY},
}
FAILED: dict[str, Any] = {
    **RECORD,
    "response": {"error": {"code": 400, "message": f"no {CANARY}"}},
    "observed": {"generation_id": "gen-1771005600-b"},
}
ALL: dict[str, Any] = {"mask": ["email"], "generation_metadata": ["cost", "identity", "request_context"]}


@pytest.mark.parametrize("hierarchy", ["documented", "observed"])
@pytest.mark.parametrize("record", [RECORD, FAILED])
def test_no_text_keeps_what_a_pattern_masks(record: Any, hierarchy: Any) -> None:
    """Wherever it is in a request."""
    generation = read_record(record)
    form = Form(hierarchy=hierarchy, **ALL)
    sent = b"".join(entry.data for entry in entries_of_generation(generation, form))
    unmasked = b"".join(
        entry.data for entry in entries_of_generation(generation, attrs.evolve(form, mask=()))
    )

    assert CANARY.encode() not in sent
    assert sent.count(b"[email]") == unmasked.count(CANARY.encode()) > 5


def test_a_function_sees_all_of_it_as_well() -> None:
    """Before anything else is done with the request: what is asked for later is masked too."""
    seen: list[str] = []

    def change(text: str) -> str:
        seen.append(text)
        return text.replace(CANARY, "somebody")

    generation = masked(read_record(RECORD), change)
    sent = b"".join(entry.data for entry in entries_of_generation(generation, Form(**ALL)))

    assert CANARY.encode() not in sent and b"[email]" not in sent
    assert generation.masked == sum(CANARY in text for text in seen) > 8
    assert json.loads(generation.prompt or "")["messages"][0]["content"][0]["text"] == "I am somebody"
    assert dict(generation.trace.metadata)["who.list"] == '["somebody"]'
    assert dict(generation.trace.metadata)["who.number"] == 7


def test_what_no_mask_changes_stays_as_it_is() -> None:
    """To the byte."""
    generation = read_record(RECORD)

    assert masked(generation, lambda text: text) == generation


def wrong(text: str) -> Any:
    """Returns no text."""
    return 7


def failing(text: str) -> str:
    """Raises, with the text in the error."""
    raise ValueError(text)


@pytest.mark.parametrize("change", [wrong, failing])
def test_a_function_that_fails_lets_no_text_pass(change: Any) -> None:
    """Nor does one that returns no text."""
    generation = masked(read_record(FAILED), change)

    assert generation.failure == Failure(message="[masked]", kind=None, code="400")
    assert (generation.user_id, generation.session_id) == ("[masked]", "[masked]")
    assert CANARY not in repr(attrs.asdict(generation))


def test_metadata_that_only_looks_like_json_is_a_text() -> None:
    """A person may write in brackets."""
    generation = Generation(
        key="k", start_ns=1, end_ns=2, trace=TraceOptions(metadata=(("a", f"[{CANARY}"), ("b", "[" * 9999)))
    )

    assert masked(generation, by_patterns(["email"])).trace.metadata == (("a", "[[email]"), ("b", "[" * 9999))


def test_steps_are_masked() -> None:
    """Their names, session and message."""
    step = Step(
        trace_key="t",
        trace_name=f"for {CANARY}",
        session_id=CANARY,
        span_id="1" * 16,
        name=f"ask {CANARY}",
        start_ns=1,
        end_ns=2,
        status=Status(code=2, message=f"no {CANARY}"),
    )
    new, count = masked_step(step, by_patterns(["email"]))

    assert (new.name, new.trace_name, new.session_id) == ("ask [email]", "for [email]", "[email]")
    assert (new.status, count) == (Status(code=2, message="no [email]"), 4)


@pytest.mark.parametrize(
    ("name", "text", "changed"),
    [
        ("email", "mail a.b+c@sub.example.co.uk.", "mail [email]."),
        ("email", "a@b, @home, a@localhost", "a@b, @home, a@localhost"),
        ("card", "4111 1111 1111 1111", "[card]"),
        ("card", "5500-0000-0000-0004!", "[card]!"),
        ("card", "378282246310005", "[card]"),
        ("card", "4111 1111 1111 1112", "4111 1111 1111 1112"),
        ("card", "order 1771005600000000000", "order 1771005600000000000"),
        ("card", "12345678901234567890123456", "12345678901234567890123456"),
        ("key", "use sk-or-v1-0123456789abcdef0123", "use [key]"),
        ("key", "glc_eyJvIjoiMTIzNDU2In0=", "[key]"),
        ("key", "AKIAIOSFODNN7EXAMPLE and ghp_0123456789abcdefghijABCD", "[key] and [key]"),
        ("key", "xoxb-123456789012-abc, sk_live_0123456789", "[key], [key]"),
        ("key", "AIza0123456789abcdefghijklmnopqrstuvw", "[key]"),
        ("key", "eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSM", "[key]"),
        ("key", "task-force and risk-assessment-2026", "task-force and risk-assessment-2026"),
        ("phone", "call +49 170 1234567", "call [phone]"),
        ("phone", "(415) 555-2671, 415-555-2671", "[phone], [phone]"),
        ("phone", "2026-11-28 12:30:15, 3.14159, +1 2 3", "2026-11-28 12:30:15, 3.14159, +1 2 3"),
    ],
)
def test_a_named_pattern(name: str, text: str, changed: str) -> None:
    """What looks like one, and what does not."""
    assert by_patterns([name])(text) == changed


@pytest.mark.parametrize("name", list(PATTERNS))
@pytest.mark.parametrize("piece", ["a@", "1 ", "sk-", "eyJa.", "+1 ", "a.b-c@d.", "4111 ", "(1"])
def test_no_text_takes_a_pattern_long(name: str, piece: str) -> None:
    """All repetitions are bounded."""
    text = piece * 20_000
    assert len(by_patterns([name])(text)) <= 2 * len(text)


def test_all_patterns_together() -> None:
    """A key goes first: it may hold what looks like a number."""
    change = by_patterns(list(PATTERNS))

    assert change("sk-or-v1-4111111111111111 4111111111111111 a@b.de") == "[key] [card] [email]"


@pytest.mark.parametrize("value", ["email", ["mail"], [1], None])
def test_another_name_is_refused(value: Any) -> None:
    """With those that there are."""
    with pytest.raises(InvalidValue) as caught:
        Form(mask=value)

    assert (caught.value.path, caught.value.expected) == ("mask", "a list of email, card, key, phone")
