# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``show``: what it draws of a file, what it says of what it could not read, and how it ends."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from .. import FIXTURES
from ..captured import CAPTURES, needs_captures
from .commands import GUIDE_LINE, MODULE, Commands, Ran, Terminal, process
from .drawings import ATTRIBUTES, OPENROUTER

TRACE = "5b8efff798038103d269b633813fc60c"
START_NS = 1771005600000000000


def body(*spans: dict[str, Any], service: str = "shop") -> bytes:
    """A body of one service."""
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    groups = [{"resource": resource, "scopeSpans": [{"spans": list(spans)}]}]
    return json.dumps({"resourceSpans": groups}).encode() + b"\n"


def span(
    number: int, parent: int | None = None, at_ms: int = 0, ms: int = 0, **members: Any
) -> dict[str, Any]:
    """A span that starts so late after the trace and lasts so long."""
    above = {} if parent is None else {"parentSpanId": f"{parent:016x}"}
    return {
        "traceId": TRACE,
        "spanId": f"{number:016x}",
        **above,
        "name": f"span {number}",
        "startTimeUnixNano": str(START_NS + at_ms * 1_000_000),
        "endTimeUnixNano": str(START_NS + (at_ms + ms) * 1_000_000),
        **members,
    }


def drawn(commands: Commands, *spans: dict[str, Any], more: bytes = b"") -> str:
    """The lines below the head of one trace."""
    ran = commands("show", stdin=body(*spans) + more)

    assert (ran.code, ran.err) == (0, "")
    return ran.out.decode().split("\n\n")[1]


def test_the_fixtures_are_drawn_to_the_last_character(commands: Commands) -> None:
    """All bodies of records, one after the other, as one file."""
    paths = sorted(FIXTURES.glob("openrouter/*/body.json"))
    ran = commands("show", stdin=b"".join(path.read_bytes() for path in paths))

    assert len(paths) > 20
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.decode() == OPENROUTER


def test_with_attributes_everything_is_shown(commands: Commands) -> None:
    """Resource, ids, values with their types, events, links, and what was dropped."""
    names = ("encode/everything.json", "openrouter/provider_fallback/body.json")
    runs = [commands("show", option, FIXTURES / name) for option, name in zip(("-a", "--attributes"), names)]

    assert [(ran.code, ran.err) for ran in runs] == [(0, "")] * 2
    assert b"".join(ran.out for ran in runs).decode() == ATTRIBUTES


def test_a_long_text_is_cut_at_a_hundred_columns_unless_full(commands: Commands) -> None:
    """In full it is there to its end, on one line."""
    failed = span(1, ms=5, status={"code": 2, "message": "no " * 60 + "more"})
    failed["attributes"] = [{"key": "text", "value": {"stringValue": "x" * 500}}]
    cut = commands("show", "-a", stdin=body(failed)).out.decode().splitlines()
    full = commands("show", "-a", "--full", stdin=body(failed)).out.decode().splitlines()

    assert cut[:-3] == full[:-3]
    assert cut[-3:] == [
        f"    {'no ' * 31}no…",
        "    span 0000000000000001, kind unspecified",
        f"    text  text    {'x' * 81}…",
    ]
    assert full[-3:] == [
        f"    {'no ' * 60}more",
        "    span 0000000000000001, kind unspecified",
        f"    text  text    {'x' * 500}",
    ]


def test_bodies_of_the_same_trace_are_drawn_as_one(commands: Commands) -> None:
    """Over several lines, with the service of each span where there are several."""
    ran = commands("show", stdin=body(span(2, 1, 25, 50)) + body(span(1, ms=100), service="billing"))

    assert ran == Ran(
        0,
        f"""\
trace {TRACE}
shop, billing, 2 spans, 100.0 ms, from 2026-02-13 18:00:00.000 UTC

                  0                                                   100.0 ms  duration
span 1 [billing]  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  100.0 ms
└ span 2 [shop]                  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━                  50.0 ms
""".encode(),
        "",
    )


def test_odd_parents_are_marked_and_explained(commands: Commands) -> None:
    """Missing, in a cycle, a duplicate id."""
    spans = [span(1, ms=60), span(2, 9, 15, 15), span(3, 4, 30), span(4, 3, 45, 15), span(1, None, 1, 59)]

    assert commands("show", stdin=body(*spans)).out.decode() == (
        f"""\
trace {TRACE}
shop, 5 spans, 60.0 ms, from 2026-02-13 18:00:00.000 UTC
? 1 span whose parent is missing
@ 1 span in a parent cycle, drawn as a root
= 1 span with a duplicate id

          0                                                    60.0 ms  duration
span 1    ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   60.0 ms
= span 1   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   59.0 ms
? span 2                 ━━━━━━━━━━━━━━━                                 15.0 ms
@ span 3                                ╸                                   0 ms
└ span 4                                               ━━━━━━━━━━━━━━━   15.0 ms
"""
    )


def test_times_that_are_not_known_are_said(commands: Commands) -> None:
    """A span that has not ended goes on to the end; one without a start has no bar."""
    spans = [span(1, ms=60), span(2, 1, 30, endTimeUnixNano="0"), span(3, 1, startTimeUnixNano="0")]

    assert drawn(commands, *spans) == (
        """\
          0                                                    60.0 ms   duration
span 1    ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━    60.0 ms
├ span 2                                ╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍  not ended
└ span 3                                                                  unknown
"""
    )


def test_a_trace_without_any_time_is_drawn_as_well(commands: Commands) -> None:
    """Without name and service either."""
    bare = {"traceId": TRACE, "spanId": f"{1:016x}"}
    ran = commands(
        "show", stdin=json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [bare]}]}]}).encode()
    )

    assert ran.out.decode() == (
        f"""\
trace {TRACE}
1 span, 0 ms, at an unknown time

           0                                                       0 ms  duration
(no name)                                                                 unknown
"""
    )


def test_the_deepest_spans_say_how_deep_they_are(commands: Commands) -> None:
    """Names do not run out of their column."""
    spans = [span(number, number - 1 or None, number, 28 - 2 * number) for number in range(1, 14)]

    assert drawn(commands, *spans) == (
        """\
                                  0                                                26.0 ms  duration
span 1                            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   26.0 ms
└ span 2                            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━     24.0 ms
  └ span 3                            ╺━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╸       22.0 ms
    └ span 4                            ╺━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╸         20.0 ms
      └ span 5                            ╺━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╸           18.0 ms
        └ span 6                             ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━              16.0 ms
          └ span 7                             ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━                14.0 ms
            └ span 8                             ━━━━━━━━━━━━━━━━━━━━━━━━━━                  12.0 ms
              └ span 9                             ━━━━━━━━━━━━━━━━━━━━━━                    10.0 ms
                └ span 10                            ╺━━━━━━━━━━━━━━━━╸                       8.0 ms
                  └ span 11                            ╺━━━━━━━━━━━━╸                         6.0 ms
                  └ (11) span 12                         ╺━━━━━━━━╸                           4.0 ms
                  └ (12) span 13                            ━━━━                              2.0 ms
"""
    )


def test_wide_and_hostile_names_do_not_break_the_columns(commands: Commands) -> None:
    """Characters of two columns; what steers terminals; what looks like markup; very long ones."""
    spans = [
        span(1, ms=10, name="注文 🛒"),
        span(2, 1, ms=10, name="\x1b[31m[bold]x[/]\u202e"),
        span(3, 1, ms=10, name="漢" * 80),
    ]

    assert drawn(commands, *spans) == (
        """\
                                                      0                            10.0 ms  duration
注文 🛒                                               ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   10.0 ms
├ [31m[bold]x[/]                                      ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   10.0 ms
└ 漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢…   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   10.0 ms
"""
    )


def test_the_words_of_an_error_stand_on_its_line_where_they_fit(commands: Commands) -> None:
    """Else below it, beside the lines that lead on; status numbers that nobody knows are shown."""
    spans = [
        span(1, ms=100, status={"code": 2, "message": "short"}),
        span(2, 1, ms=50, status={"code": 2, "message": "too long for\nthe rest of this line"}),
        span(3, 2, ms=50, status={"code": 2}),
        span(4, 1, 50, 50, status={"code": 7}),
    ]

    assert drawn(commands, *spans) == (
        """\
            0                                                   100.0 ms  duration
span 1      ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  100.0 ms  error  short
├ span 2    ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━                                 50.0 ms  error
│ │   too long for the rest of this line
│ └ span 3  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━                                 50.0 ms  error
└ span 4                                  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   50.0 ms  status 7
"""
    )


def test_usage_of_other_senders_is_shown_but_not_added_up(commands: Commands) -> None:
    """Nobody knows which of their spans repeat it; what is of another type is not shown."""
    usage = {"input_tokens": {"intValue": "12"}, "output_tokens": {"stringValue": "many"}}
    attributes = [{"key": f"gen_ai.usage.{key}", "value": value} for key, value in usage.items()]
    attributes.append({"key": "gen_ai.request.model", "value": {"boolValue": True}})
    ran = commands("show", stdin=body(span(1, ms=10, attributes=attributes)))

    assert ran.out.decode() == (
        f"""\
trace {TRACE}
shop, 1 span, 10.0 ms, from 2026-02-13 18:00:00.000 UTC

        0                                                    10.0 ms  duration  in → out
span 1  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   10.0 ms    12 → ?
"""
    )


def test_what_cannot_be_read_is_named_and_the_rest_is_drawn(commands: Commands, tmp_path: Path) -> None:
    """Lines that are no bodies, and what had to be left out of others; a warning needs no word."""
    file = tmp_path / "mixed.jsonl"
    file.write_bytes(b"nope\n" + body(span(1, unheardOf=1), span(2, traceId="5B8E")) + b"[]\n")
    ran = commands("show", file)

    assert ran.code == 1
    assert ran.out.decode().splitlines()[1] == "shop, 1 span, 0 ms, from 2026-02-13 18:00:00.000 UTC"
    assert ran.err == (
        f"{file}:1: body: expected one JSON object, "
        "got text that is not JSON (Expecting value: line 1 column 1 (char 0)) (JSON)\n"
        f"{file}:2: body.resourceSpans[0].scopeSpans[0].spans[1].traceId: "
        "expected 32 hex digits, not all zero, got text '5B8E'; the span is left out (DEC-2)\n"
        f"{file}:3: body: expected an object, got a list (PROTO)\n"
    )


def test_a_repair_alone_is_a_failure(commands: Commands) -> None:
    """Though everything is drawn: another reader would have refused it."""
    good, repaired = (
        commands("show", stdin=body(span(1))),
        commands("show", stdin=body(span(1, kind="SPAN_KIND_CLIENT"))),
    )

    assert repaired.out == good.out
    assert (good.code, repaired.code) == (0, 1)
    assert repaired.err == (
        "<stdin>:1: body.resourceSpans[0].scopeSpans[0].spans[0].kind: "
        "expected the number of an enum's member, got text 'SPAN_KIND_CLIENT'; read as 3 (DEC-3)\n"
    )


def test_repairs_of_one_line_are_named_up_to_twenty(commands: Commands) -> None:
    """The others are counted."""
    ran = commands("show", stdin=body(*(span(number, traceId="x") for number in range(1, 24))))

    assert ran.code == 1
    assert ran.err == (
        "".join(
            f"<stdin>:1: body.resourceSpans[0].scopeSpans[0].spans[{index}].traceId: "
            "expected 32 hex digits, not all zero, got text 'x'; the span is left out (DEC-2)\n"
            for index in range(20)
        )
        + "<stdin>:1: and 3 more findings\n<stdin>: no spans found; is this a records file? run `otlpjson encode` first\n"
    )


@pytest.mark.slow
def test_findings_that_were_not_kept_may_be_repairs(commands: Commands) -> None:
    """A body with more than ten thousand members that nobody knows has not been looked through."""
    ran = commands("show", stdin=body(span(1, **{f"member{number}": 1 for number in range(10_002)})))

    assert (ran.code, ran.err) == (1, "<stdin>:1: and 2 more findings\n")


@pytest.mark.parametrize("text", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
def test_nothing_in_the_file_is_said(commands: Commands, text: bytes) -> None:
    """It is no success: a pipe may have broken before."""
    assert commands("show", stdin=text) == Ran(1, b"", "<stdin>: no bodies found\n")


def test_a_body_without_spans_is_read_but_has_nothing_to_draw(commands: Commands) -> None:
    """Which is said, with what a file of records, the likely mistake, needs."""
    words = "<stdin>: no spans found; is this a records file? run `otlpjson encode` first\n"

    assert commands("show", stdin=b'{"resourceSpans":[]}') == Ran(0, b"", words)
    assert commands("show", stdin=GUIDE_LINE) == Ran(0, b"", words)


def test_a_file_that_is_not_there_is_a_matter_of_usage(commands: Commands) -> None:
    """As for every command."""
    assert commands("show", "nowhere.json").code == 2


@pytest.mark.process
@pytest.mark.slow
def test_any_encoding_of_the_output_will_do() -> None:
    """In ASCII bars, lines and arrows are ASCII; characters of names are escaped, and columns stay."""
    spans = body(span(1, ms=100), span(2, 1, 50, 50, name="é"), span(3, 1, 50, endTimeUnixNano="0"))
    ran = process(*MODULE, "show", stdin=spans, environ={"PYTHONIOENCODING": "ascii"})

    assert (
        ran.out.decode().split("\n\n")[1]
        == (
            r"""
          0                                                   100.0 ms   duration
span 1    ============================================================   100.0 ms
+ \xe9                                  ==============================    50.0 ms
` span 3                                ------------------------------  not ended
"""[1:]
        )
    )


@pytest.mark.process
@pytest.mark.slow
def test_a_terminal_gets_colours_and_its_own_width(tmp_path: Path) -> None:
    """Half as wide, and nothing wraps."""
    file = tmp_path / "body.json"
    file.write_bytes(body(span(1, ms=100), span(2, 1, 50, 50, status={"code": 2, "message": "no"})))
    with Terminal(*MODULE, "show", os.fspath(file), environ={"COLUMNS": "50", "TERM": "xterm"}) as terminal:
        code = terminal.ended()

    assert code == 0
    assert terminal.shown.replace(b"\r\n", b"\n").decode() == (
        f"""\
\x1b[1mtrace {TRACE}\x1b[0m
shop, 2 spans, 100.0 ms, from 2026-02-13 18:00:00…
\x1b[31m1 error\x1b[0m

\x1b[2m          0              100.0 ms  duration\x1b[0m
\x1b[1;36mspan 1\x1b[0m    \x1b[94m━━━━━━━━━━━━━━━━━━━━━━━\x1b[0m  100.0 ms
\x1b[2m└ \x1b[0m\x1b[1;36mspan 2\x1b[0m  \x1b[31m           ╺━━━━━━━━━━━\x1b[0m   50.0 ms  \x1b[31merror\x1b[0m
\x1b[2m      \x1b[0m\x1b[31mno\x1b[0m
"""
    )


@needs_captures
@pytest.mark.captures
@pytest.mark.parametrize(
    ("name", "spans"),
    [
        ("tempo/every-type.trace-v1.json", 1),
        ("tempo/every-type.trace-v2.json", 1),
        ("tempo/streamed-tool-call.trace-v2.json", 3),
        ("jaeger/every-type.trace-v3.json", 1),
        ("collector/every-type.file.json", 1),
    ],
)
def test_answers_of_trace_stores_are_drawn(commands: Commands, name: str, spans: int) -> None:
    """Without a complaint."""
    ran = commands("show", CAPTURES / name)

    assert (ran.code, ran.err) == (0, "")
    assert f", {spans} span" in ran.out.decode().splitlines()[1]
