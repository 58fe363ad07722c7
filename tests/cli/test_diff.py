# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``diff``: what it prints of two files, and how it ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from otlpjson import Event, Span, encode

from ..cases.bodies import body, span
from .commands import Commands, Ran

PAY = 'span eee19b7ec3c1b174 "pay"'


def write(path: Path, *spans: Span) -> Path:
    """A file with a body for each span."""
    path.write_bytes(b"".join(encode(body(one)) + b"\n" for one in spans))
    return path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the command is run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_same_traces_end_with_0(commands: Commands, here: Path) -> None:
    """However they are spread over bodies."""
    write(here / "a.jsonl", span(), span(span_id="1" * 16))
    (here / "b.json").write_bytes(encode(body(span(span_id="1" * 16), span())))

    assert commands("diff", "a.jsonl", "b.json") == Ran(
        0, b"", "no difference between a.jsonl (2 spans) and b.json (2 spans)\n"
    )


def test_differences_are_lines_and_end_with_1(commands: Commands, here: Path) -> None:
    """On standard output; how many there are is said on standard error."""
    write(here / "a.jsonl", span(attributes={"amount": 12}), span(span_id="1" * 16))
    write(here / "b.jsonl", span(attributes={"amount": 12.0}))

    assert commands("diff", "a.jsonl", "b.jsonl") == Ran(
        1,
        f"{PAY}: attributes['amount']: int 12 in a.jsonl, double 12.0 in b.jsonl\n"
        f'span {"1" * 16} "pay" only in a.jsonl\n'.encode(),
        "2 differences between a.jsonl (2 spans) and b.jsonl (1 span)\n",
    )


@pytest.mark.parametrize(
    ("arguments", "sides"),
    [(("a.jsonl", "-"), ("a.jsonl", "<stdin>")), (("-", "a.jsonl"), ("<stdin>", "a.jsonl"))],
)
def test_one_side_may_be_standard_input(
    commands: Commands, here: Path, arguments: tuple[str, str], sides: tuple[str, str]
) -> None:
    """Either one."""
    write(here / "a.jsonl", span())
    flags = {sides[0]: 0, sides[1]: 0, "<stdin>": 1}
    ran = commands("diff", *arguments, stdin=encode(body(span(flags=1))))

    assert ran == Ran(
        1,
        f"{PAY}: flags: {flags[sides[0]]} in {sides[0]}, {flags[sides[1]]} in {sides[1]}\n".encode(),
        f"1 difference between {sides[0]} (1 span) and {sides[1]} (1 span)\n",
    )


def test_both_sides_cannot_be(commands: Commands) -> None:
    """A usage error."""
    ran = commands("diff", "-", "-")

    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (2, b"", "Usage: otlpjson diff [OPTIONS] A B")
    assert ran.err.splitlines()[-1] == "Error: A and B cannot both be standard input."


def test_repairs_are_reported(commands: Commands, here: Path) -> None:
    """With file, line and rule; what is an error to a strict reader is none here."""
    good = encode(body(span(kind=2)))
    (here / "a.jsonl").write_bytes(good)
    (here / "b.jsonl").write_bytes(b"{}\n" + good.replace(b'"kind":2', b'"kind":"SPAN_KIND_SERVER","x":1'))

    assert commands("diff", "a.jsonl", "b.jsonl") == Ran(
        0,
        b"",
        "b.jsonl:2: body.resourceSpans[0].scopeSpans[0].spans[0].x: unknown field; ignored (DEC-7)\n"
        "b.jsonl:2: body.resourceSpans[0].scopeSpans[0].spans[0].kind: expected the number of an enum's member, "
        "got text 'SPAN_KIND_SERVER'; read as 2 (DEC-3)\n"
        "no difference between a.jsonl (1 span) and b.jsonl (1 span)\n",
    )


def test_what_needed_no_repair_is_not_reported(commands: Commands, here: Path) -> None:
    """``check`` reports it; it does not affect the comparison."""
    write(here / "a.jsonl", span(attributes={"raw": b"a"}))
    (here / "b.jsonl").write_bytes((here / "a.jsonl").read_bytes().replace(b"YQ==", b"YQ"))

    assert commands("diff", "a.jsonl", "b.jsonl") == Ran(
        0, b"", "no difference between a.jsonl (1 span) and b.jsonl (1 span)\n"
    )


def test_the_first_repairs_are_reported_and_the_rest_counted(commands: Commands, here: Path) -> None:
    """Of a file of another writer there may be one for each span."""
    events = b",".join([b'{"name":"e","x":1}'] * 22)
    written = encode(body(span(events=[Event(name="e")] * 22)))
    (here / "a.jsonl").write_bytes(written)
    (here / "b.jsonl").write_bytes(re.sub(rb'"events":\[.*?\]', b'"events":[' + events + b"]", written))
    place = "b.jsonl:1: body.resourceSpans[0].scopeSpans[0].spans[0].events"

    assert commands("diff", "a.jsonl", "b.jsonl") == Ran(
        0,
        b"",
        "".join(f"{place}[{index}].x: unknown field; ignored (DEC-7)\n" for index in range(20))
        + "b.jsonl: and 2 more findings\n"
        + "no difference between a.jsonl (1 span) and b.jsonl (1 span)\n",
    )


@pytest.mark.slow
def test_repairs_that_are_too_many_are_counted(commands: Commands, here: Path) -> None:
    """After the ten thousandth."""
    events = b",".join([b'{"name":1}'] * 10_002)
    write(here / "a.jsonl", span())
    (here / "b.jsonl").write_bytes(
        encode(body(span())).replace(b'"kind":1', b'"kind":1,"events":[' + events + b"]")
    )
    ran = commands("diff", "b.jsonl", "a.jsonl")

    assert ran.err.splitlines()[-2:] == [
        "b.jsonl: and 9982 more findings",
        "10002 differences between b.jsonl (1 span) and a.jsonl (1 span)",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "body: expected one JSON object or more, got an empty file"),
        (b"{}\n[]\n", "line 2: body: expected an object, got a list (PROTO)"),
    ],
)
def test_what_cannot_be_read_ends_with_2(commands: Commands, here: Path, text: bytes, words: str) -> None:
    """It is neither the same nor different."""
    write(here / "a.jsonl", span())
    (here / "b.jsonl").write_bytes(text)

    assert commands("diff", "a.jsonl", "b.jsonl") == Ran(2, b"", f"Error: b.jsonl: {words}\n")


def test_foreign_text_does_not_steer_the_terminal(commands: Commands, here: Path) -> None:
    """Neither a name in a body nor one of a file."""
    write(here / "a\x1b[2J.jsonl", span(name="\x1b[2Jpay"))
    write(here / "b.jsonl", span())
    ran = commands("diff", "a\x1b[2J.jsonl", "b.jsonl")

    assert ran.out == (
        b'span eee19b7ec3c1b174 "\\x1b[2Jpay": name: "\\x1b[2Jpay" in a [2J.jsonl, "pay" in b.jsonl\n'
    )
    assert ran.err == "1 difference between a [2J.jsonl (1 span) and b.jsonl (1 span)\n"
