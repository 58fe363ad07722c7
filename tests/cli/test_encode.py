# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``encode``: what comes out of a file of records, and what is said about the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .. import FIXTURES, oracle
from ..golden import indented
from .commands import GUIDE, GUIDE_LINE, MODULE, Commands, Ran, records, started

CANARY = "canary-of-content"


def spans(body: bytes) -> list[dict[str, Any]]:
    """The spans of a body, as the oracle reads them."""
    return [span for group in oracle.read(body) for scope in group["scope_spans"] for span in scope["spans"]]


def names(output: bytes) -> list[str]:
    """The names of all spans of all bodies, in order."""
    return [span["name"] for line in output.splitlines() for span in spans(line)]


def test_the_guides_record_becomes_the_guides_trace(commands: Commands) -> None:
    """One body on one line, with the ids and names that the guide's example gets."""
    ran = commands("encode", GUIDE)
    root, generation = spans(ran.out.rstrip(b"\n"))

    assert (ran.code, ran.err, ran.out.count(b"\n")) == (0, "", 1)
    assert (root["name"], generation["name"]) == ("Metric Analysis Pipeline", "Anomaly Detection")
    assert {root["trace_id"], generation["trace_id"]} == {"addc2f052d437fec14c79a7193ea8135"}
    assert generation["parent_span_id"] == root["span_id"]


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_a_record_comes_from_standard_input_as_well(commands: Commands, arguments: tuple[str, ...]) -> None:
    """The same body, on one line or over many."""
    from_file = commands("encode", GUIDE)

    assert commands("encode", *arguments, stdin=GUIDE_LINE) == from_file
    assert commands("encode", *arguments, stdin=GUIDE.read_bytes()) == from_file


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n \t\n"])
def test_line_ends_blank_lines_and_byte_order_marks_do_not_matter(
    commands: Commands, mark: bytes, end: bytes
) -> None:
    """FIL-4."""
    lines = records("first", "second").splitlines()
    ran = commands("encode", stdin=mark + lines[0] + end + lines[1])

    assert (ran.code, ran.err, names(ran.out)) == (0, "", ["first", "second"])


def test_records_over_several_lines_may_follow_each_other(commands: Commands) -> None:
    """What ``jq .`` makes of JSON Lines; a bad one is named by its first line, and the rest goes on."""
    first, third = (
        json.dumps(json.loads(record), indent=2) for record in records("first", "third").splitlines()
    )
    ran = commands("encode", stdin=f'{first}\n{{\n  "request": 5\n}}\n{third}\n'.encode())
    line = first.count("\n") + 2

    assert names(ran.out) == ["first", "third"]
    assert (ran.code, ran.err) == (
        1,
        f"<stdin>:{line}: record.request: expected the body of the request, got int of 1 digit\n",
    )


def test_a_bad_line_is_named_and_the_rest_goes_on(commands: Commands, tmp_path: Path) -> None:
    """With file, number and reason, in order."""
    file = tmp_path / "mixed.jsonl"
    good = records("a", "b", "c").splitlines()
    file.write_bytes(b"\n".join([good[0], b"nope", good[1], b"[1]", b"\xff{}", b'{"request":', good[2]]))
    ran = commands("encode", file)

    assert names(ran.out) == ["a", "b", "c"]
    assert ran.err == (
        f"{file}:2: record: expected one JSON object, "
        "got text that is not JSON: Expecting value, line 1 column 1\n"
        f"{file}:4: record: expected one JSON object, got list of 1 item\n"
        f"{file}:5: record: expected UTF-8 text, got byte 0xff at offset 0\n"
        f"{file}:6: record: expected one JSON object, "
        "got text that is not JSON: Expecting value, line 1 column 12\n"
    )
    assert ran.code == 1


@pytest.mark.process
@pytest.mark.slow
def test_several_workers_give_what_one_gives(commands: Commands) -> None:
    """Bytes, messages and exit code, in the same order."""
    data = b"nope\n".join(records(*(f"{number}-{one}" for one in range(100))) for number in range(5))

    assert commands("encode", "--workers", "2", stdin=data) == commands("encode", stdin=data)


@pytest.mark.process
@pytest.mark.slow
def test_sigterm_ends_the_workers_too(tmp_path: Path) -> None:
    """Without a word."""
    file = tmp_path / "records.jsonl"
    file.write_bytes(records(*map(str, range(1000))) * 20)
    with started(*MODULE, "encode", "--workers", "2", str(file)) as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        running.terminate()
        _, err = running.communicate(timeout=60)

    assert (running.returncode, err, names(first)) == (143, b"", ["0"])


@pytest.mark.parametrize("text", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
def test_nothing_in_the_file_is_said(commands: Commands, text: bytes) -> None:
    """It is no success: a pipe may have broken before."""
    assert commands("encode", stdin=text) == Ran(1, b"", "<stdin>: no records found\n")


def test_integers_are_text_or_numbers(commands: Commands) -> None:
    """Text as OTLP wants it, numbers as OpenRouter sends them."""
    text = commands("encode", GUIDE)
    number = commands("encode", "--integers", "number", GUIDE)

    assert b'{"key":"gen_ai.usage.input_tokens","value":{"intValue":"12"}}' in text.out
    assert b'{"key":"gen_ai.usage.input_tokens","value":{"intValue":12}}' in number.out
    assert commands("encode", "--integers", "text", GUIDE) == text


def test_privacy_mode_leaves_content_behind(commands: Commands) -> None:
    """Prompt, completion, tools and the words of errors; names and counts stay."""
    request = {"model": "openai/gpt-4o", "messages": [{"content": CANARY}], "tools": [{"name": CANARY}]}
    answered = {"id": "gen-1", "created": 1771005600, "choices": [{"message": {"content": CANARY}}]}
    failed = {"id": "gen-2", "created": 1771005600, "error": {"code": 400, "message": CANARY}}
    lines = b"\n".join(
        json.dumps({"request": request, "response": response}).encode() for response in (answered, failed)
    )
    private, public = commands("encode", "--privacy-mode", stdin=lines), commands("encode", stdin=lines)

    assert (private.code, private.err) == (0, "")
    assert [line.count(CANARY.encode()) > 0 for line in public.out.splitlines()] == [True, True]
    assert CANARY.encode() not in private.out
    assert [span["status"] for line in private.out.splitlines() for span in spans(line)] == [
        {"code": 1, "message": ""},
        {"code": 2, "message": "error (400)"},
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"[" * 100_000, "JSON is nested too deeply"),
        (
            b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
            "JSON is nested too deeply",
        ),
        (b"null", "expected one JSON object, got nothing"),
        (b"[]", "expected one JSON object, got list of 0 items"),
        (b'"text"', "expected one JSON object, got str of 4 characters"),
        (b"5", "expected one JSON object, got int of 1 digit"),
        (b"5.5", "expected one JSON object, got float"),
        (b"true", "expected one JSON object, got bool"),
        (b"NaN", "expected one JSON object, got float"),
        (b"{}{}", "expected one JSON object, got text that is not JSON: Extra data, line 1 column 3"),
        (b"\xff\xfe{\x00}\x00", "expected UTF-8 text, got byte 0xff at offset 0"),
        (b" \x8b\x08", "expected UTF-8 text, got byte 0x8b at offset 0"),
    ],
)
def test_what_is_no_record_at_all_is_refused_in_one_sentence(
    commands: Commands, text: bytes, complaint: str
) -> None:
    """Deep, of another kind, more than one, in another encoding, compressed."""
    assert commands("encode", stdin=text) == Ran(1, b"", f"<stdin>:1: record: {complaint}\n")


def test_a_deep_value_inside_a_record_costs_no_traceback(commands: Commands) -> None:
    """Whether a Python can read it or not, the rest goes on."""
    deep = b'{"request":{"messages":' + b"[" * 100_000 + b"]" * 100_000 + b"}}"
    for depth in (60, 70, 500, 900, 2000):
        nested = b'{"a":' * depth + b"1" + b"}" * depth
        deep += b'\n{"request":{"messages":%b,"trace":%b},"response":{"created":1}}' % (nested, nested)
    ran = commands("encode", stdin=deep + b"\n" + records("good"))
    complaints = ran.err.splitlines()

    assert ran.code == 1
    assert names(ran.out)[-1] == "good"
    assert complaints[0] == ("<stdin>:1: record: JSON is nested too deeply")
    assert "Traceback" not in ran.err
    refused = [complaint for complaint in complaints if "left out" not in complaint]
    assert len(ran.out.splitlines()) + len(refused) == 7


def test_numbers_that_json_does_not_have_cost_nothing(commands: Commands) -> None:
    """NaN tokens in content become text; in a count they are noted."""
    record = (
        b'{"request":{"messages":[{"content":NaN}],"trace":{"x":Infinity}},'
        b'"response":{"created":1771005600,"usage":{"cost":-Infinity,"prompt_tokens":1.5}}}'
    )
    ran = commands("encode", stdin=record)

    assert (ran.code, ran.err) == (
        0,
        "<stdin>:1: left out: record.response.usage.prompt_tokens: "
        "expected a whole number, 0 or more, got float\n"
        "<stdin>:1: left out: record.response.usage.cost: expected a finite number, got float\n"
        "<stdin>:1: left out: record.response: the answer has neither content nor usage\n",
    )
    assert names(ran.out) == ["LLM Generation"]


def test_a_number_of_thousands_of_digits_is_refused_or_left_out(commands: Commands) -> None:
    """Pythons differ in what they read; none may give up."""
    ran = commands("encode", stdin=b'{"request":' + b"1" * 5000 + b"}\n" + records("good"))

    assert ran.code == 1
    assert names(ran.out) == ["good"]
    assert ran.err in (
        "<stdin>:1: record: number too long\n",
        "<stdin>:1: record.request: expected the body of the request, got int of 16607 bits\n",
    )


def test_a_file_name_cannot_steer_the_terminal(commands: Commands, tmp_path: Path) -> None:
    """Escape sequences in it are taken out of every complaint."""
    file = tmp_path / "\x1b[31mred.jsonl"
    file.write_bytes(b"nope")
    empty = tmp_path / "\x1b[31mempty.jsonl"
    empty.write_bytes(b"")

    assert commands("encode", file).err == (
        f"{tmp_path}/ [31mred.jsonl:1: record: expected one JSON object, "
        "got text that is not JSON: Expecting value, line 1 column 1\n"
    )
    assert commands("encode", empty).err == f"{tmp_path}/ [31mempty.jsonl: no records found\n"


def test_the_observed_hierarchy_is_one_body_a_record_with_one_group_a_span(commands: Commands) -> None:
    """As OpenRouter delivers it."""
    record = FIXTURES / "openrouter" / "everything" / "record.json"
    ran = commands("encode", "--hierarchy", "observed", "--integers", "number", record)
    (line,) = ran.out.splitlines()

    assert (ran.code, ran.err) == (0, "")
    assert indented(line) == record.with_name("body.observed.json").read_bytes()


def test_a_request_refused_before_routing_gives_spans_or_a_message(commands: Commands) -> None:
    """OpenRouter sends no trace for it; by default its caller gets one."""
    record = (FIXTURES / "openrouter" / "refused" / "record.json").read_bytes()
    documented = commands("encode", stdin=record)
    observed = commands("encode", "--hierarchy", "observed", stdin=record)

    assert (documented.code, documented.err, documented.out.count(b"\n")) == (0, "", 1)
    assert observed == Ran(
        0,
        b"",
        "<stdin>:1: no spans: the request was refused before routing, which OpenRouter does not trace\n",
    )


def test_long_values_are_cut_where_the_user_says(commands: Commands) -> None:
    """Tempo would cut them anyway, and worse."""
    ran = commands("encode", "--max-attribute-bytes", "64", GUIDE)

    assert b'{"key":"gen_ai.prompt.truncated","value":{"boolValue":true}}' in ran.out
    assert b"openrouter.trace_truncated" in ran.out
