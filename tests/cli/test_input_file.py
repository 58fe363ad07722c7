# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What is said about a record that is damaged in one place: a sentence, or a note of what is left out."""

from __future__ import annotations

import copy
import json
from typing import Any, Final

import pytest

from otlpjson.cli.input_file import InputFile

from .commands import GUIDE, Commands

MISSING: Final = object()

TIME = "RFC 3339 text with an offset, such as 2026-02-13T18:00:00Z, or nanoseconds since 1970"
NANOSECONDS = "nanoseconds since 1970, 19 digits"
COUNT = "a whole number, 0 or more"
APIS = (
    "one of chat, messages, responses, completions, embeddings, rerank, speech, transcription, images, video"
)

# The member that is damaged, by what, and the complaint; the record is refused.
REFUSED: tuple[tuple[str, object, str], ...] = (
    ("request", MISSING, "expected the body of the request, got nothing"),
    ("request", None, "expected the body of the request, got nothing"),
    ("request", [], "expected the body of the request, got list of 0 items"),
    ("request", "text", "expected the body of the request, got str of 4 characters"),
    ("request", 5, "expected the body of the request, got int of 1 digit"),
    ("request", True, "expected the body of the request, got bool"),
    ("request", {}, "expected the body of the request, got an empty object"),
    ("started_at", "yesterday", f"expected {TIME}, got str of 9 characters"),
    ("started_at", "2026-02-13T18:00:00", f"expected {TIME}, got str of 19 characters"),
    ("started_at", "2026-13-13T18:00:00Z", f"expected {TIME}, got str of 20 characters"),
    ("started_at", "", f"expected {TIME}, got str of 0 characters"),
    ("started_at", "x" * 100, f"expected {TIME}, got str of 100 characters"),
    ("started_at", 1771005600, f"expected {NANOSECONDS}, got int of 10 digits; are these seconds?"),
    ("started_at", "1771005600", f"expected {NANOSECONDS}, got int of 10 digits; are these seconds?"),
    ("started_at", 1771005600000, f"expected {NANOSECONDS}, got int of 13 digits; are these milliseconds?"),
    ("started_at", 0, f"expected {NANOSECONDS}, got int of 1 digit; are these seconds?"),
    ("started_at", -1, f"expected {TIME}, got int of 1 digit"),
    ("started_at", 2**64, f"expected {TIME}, got int of 20 digits"),
    ("started_at", 1.5, f"expected {NANOSECONDS}, got float; are these seconds?"),
    ("started_at", True, f"expected {TIME}, got bool"),
    ("started_at", [], f"expected {TIME}, got list of 0 items"),
    ("ended_at", {}, f"expected {TIME}, got dict of 0 members"),
    ("ended_at", 1771005600, f"expected {NANOSECONDS}, got int of 10 digits; are these seconds?"),
    ("api", "\x1b[2J", f"expected {APIS}, got str of 4 characters"),
)

# The same where the record goes on without the member.
LEFT_OUT: tuple[tuple[str, object, str], ...] = (
    ("request.model", 5, "expected text, got int of 1 digit"),
    ("request.model", {"a": 1}, "expected text, got dict of 1 member"),
    ("request.session_id", [], "expected text or a whole number, got list of 0 items"),
    ("request.trace", "t", "expected an object, got str of 1 character"),
    ("request.trace", [1], "expected an object, got list of 1 item"),
    ("request.trace.trace_name", {}, "expected text or a whole number, got dict of 0 members"),
    ("request.trace.span_name", 1.5, "expected text or a whole number, got float"),
    ("request.trace.generation_name", False, "expected text or a whole number, got bool"),
    (
        "response",
        [],
        "expected JSON, server-sent events, or a response that has been read, got list of 0 items",
    ),
    (
        "response",
        "text",
        "expected JSON, server-sent events, or a response that has been read, got str of 4 characters",
    ),
    ("response", True, "expected JSON, server-sent events, or a response that has been read, got bool"),
    ("response.id", 5, "expected text, got int of 1 digit"),
    ("response.model", [], "expected text, got list of 0 items"),
    ("response.provider", {}, "expected text, got dict of 0 members"),
    ("response.error", 5, "expected an object, a list or text, got int of 1 digit"),
    ("response.choices", {}, "expected a list, got dict of 0 members"),
    ("response.choices", "text", "expected a list, got str of 4 characters"),
    ("response.choices[0]", 5, "expected an object, got int of 1 digit"),
    ("response.choices[0].message", "text", "expected an object, got str of 4 characters"),
    ("response.choices[0].finish_reason", 5, "expected text, got int of 1 digit"),
    ("response.choices[0].native_finish_reason", [], "expected text, got list of 0 items"),
    ("response.usage", [], "expected an object, got list of 0 items"),
    ("response.usage.prompt_tokens", -1, f"expected {COUNT}, got int of 1 digit"),
    ("response.usage.completion_tokens", 1.5, f"expected {COUNT}, got float"),
    ("response.usage.total_tokens", True, f"expected {COUNT}, got bool"),
    ("response.usage.cost", 10**400, "expected a finite number, got int of 401 digits"),
    ("response.usage.cost_details", [], "expected an object, got list of 0 items"),
    ("response.usage.prompt_tokens_details", 5, "expected an object, got int of 1 digit"),
    (
        "ended_at",
        "2026-02-13T17:00:00Z",
        "before started_at, which is used instead",
    ),
    ("api", 5, "expected text, got int of 1 digit"),
    ("generation", [], "expected an object, got list of 0 items"),
    ("observed", [], "expected an object, got list of 0 items"),
    ("request.messages", 5, "expected a list, got int of 1 digit"),
    ("response_stream", "data: {}", "the stream was cut off"),
    ("response.created", "text", "expected a whole number, 0 or more, got str of 4 characters"),
    ("response.choices[0]", None, "expected an object, got nothing"),
)

# What may be missing or strange without a word.
SILENT: tuple[tuple[str, object], ...] = (
    ("request.messages", MISSING),
    ("request.model", None),
    ("request.trace", None),
    ("request.trace.trace_id", ""),
    ("request.trace.parent_span_id", "zz"),
    ("request.trace.environment", {"a": {"b": [1, None]}}),
    ("request.trace.environment", None),
    ("response", None),
    ("response", {"error": "words"}),
    ("response", {"error": {"code": 429, "message": "slow down"}}),
    ("response.id", ""),
    ("response.choices", []),
    ("generation", {"id": "x"}),
    ("api", "messages"),
    ("response.choices[0].message.content", [{"type": "text"}]),
    ("response.usage", None),
    ("response.usage.prompt_tokens", 2**70),
    ("response.usage.cost", -0.5),
    ("started_at", MISSING),
    ("ended_at", None),
    ("ended_at", "1771005601203000000"),
    ("more", {"of": "this"}),
)


def damaged(path: str, value: object) -> bytes:
    """The guide's record with one member replaced or taken out."""
    record = json.loads(GUIDE.read_bytes())
    *parents, last = path.replace("[0]", ".0").split(".")
    owner: Any = record
    for name in parents:
        owner = owner[int(name) if name.isdigit() else name]
    if value is MISSING:
        del owner[last]
    else:
        owner[int(last) if last.isdigit() else last] = copy.deepcopy(value)
    return json.dumps(record).encode()


def case_id(value: object) -> str:
    """A short name for a row."""
    return "missing" if value is MISSING else ascii(value)[:40]


@pytest.mark.parametrize(("path", "value", "complaint"), REFUSED, ids=case_id)
def test_a_record_that_cannot_be_used_is_refused_in_one_sentence(
    commands: Commands, path: str, value: object, complaint: str
) -> None:
    """With the member, what was expected there, and what was found."""
    ran = commands("encode", stdin=damaged(path, value))

    assert (ran.code, ran.out, ran.err) == (1, b"", f"<stdin>:1: record.{path}: {complaint}\n")


@pytest.mark.parametrize(("path", "value", "complaint"), LEFT_OUT, ids=case_id)
def test_a_member_that_cannot_be_used_is_left_out_and_noted(
    commands: Commands, path: str, value: object, complaint: str
) -> None:
    """The record is encoded all the same."""
    ran = commands("encode", stdin=damaged(path, value))

    assert (ran.code, ran.err) == (0, f"<stdin>:1: left out: record.{path}: {complaint}\n")
    assert ran.out.count(b"\n") == 1


@pytest.mark.parametrize(("path", "value"), SILENT, ids=case_id)
def test_what_may_be_missing_is_no_cause_for_words(commands: Commands, path: str, value: object) -> None:
    """A record is read as far as it goes."""
    ran = commands("encode", stdin=damaged(path, value))

    assert (ran.code, ran.err, ran.out.count(b"\n")) == (0, "", 1)


def test_a_record_without_any_time_is_refused(commands: Commands) -> None:
    """There is no span without one."""
    assert commands("encode", stdin=b'{"request":{"model":"m"}}').err == (
        "<stdin>:1: record.started_at: missing, and neither a generation record nor the response has the time\n"
    )
    assert commands("encode", stdin=b'{"request":{"model":"m"},"started_at":"2026-02-13T18:00:00Z"}').err == (
        "<stdin>:1: record.ended_at: missing, and neither a generation record nor the response has the time\n"
    )


def test_every_note_of_a_record_is_given_in_order(commands: Commands) -> None:
    """Not the first alone."""
    record = {"request": {"model": 5, "user": []}, "response": {"created": 1771005600, "id": 7}}
    ran = commands("encode", stdin=b"\n" + json.dumps(record).encode())

    assert ran.err == (
        "<stdin>:2: left out: record.response.id: expected text, got int of 1 digit\n"
        "<stdin>:2: left out: record.request.user: expected text or a whole number, got list of 0 items\n"
        "<stdin>:2: left out: record.response: the answer has neither content nor usage\n"
        "<stdin>:2: left out: record.request.model: expected text, got int of 1 digit\n"
    )


def test_a_message_is_one_line_of_limited_length(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever a file says, it cannot fill or steer the terminal."""
    InputFile("in").report(7, "a\r\n\x1b[2Jb" + "c" * 2000)
    shown = capsys.readouterr().err

    assert shown.startswith("in:7: a [2Jbccc")
    assert (len(shown), shown[-2:]) == (1001, "…\n")


@pytest.mark.parametrize(
    ("good", "bad", "failed", "words"),
    [(1, 0, False, ""), (1, 1, True, ""), (0, 1, True, ""), (0, 0, True, "in: no bodies found\n")],
)
def test_a_file_without_anything_in_it_has_failed(
    capsys: pytest.CaptureFixture[str], good: int, bad: int, failed: bool, words: str
) -> None:
    """As has one with a bad line, of which something was said before."""
    assert InputFile("in", good=good, bad=bad).failed("bodies") is failed
    assert capsys.readouterr().err == words
