# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``check``: a line a finding, a summary, and an exit code for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .. import FIXTURES
from .commands import Commands, Ran

GOOD = b'{"resourceSpans":[{"scopeSpans":[{"spans":[%s]}]}]}' % (
    b'{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"pay",'
    b'"startTimeUnixNano":"1","endTimeUnixNano":"2"}'
)
BAD = GOOD.replace(b"0af7651916cd43dd8448eb211c80319c", b"5b8e\\u001b")
PLACE = "body.resourceSpans[0].scopeSpans[0].spans[0]"


def test_a_good_body_gives_a_summary_alone(commands: Commands) -> None:
    path = FIXTURES / "openrouter" / "guide" / "body.json"

    assert commands("check", path) == Ran(0, b"", "1 body: 0 errors, 0 warnings, 0 notes\n")


def test_each_finding_is_a_line_with_file_line_weight_place_and_rule(
    commands: Commands, tmp_path: Path
) -> None:
    """Foreign text cannot steer the terminal."""
    path = tmp_path / "bodies.jsonl"
    path.write_bytes(GOOD + b"\n" + BAD + b"\n{}\n")

    assert commands("check", path) == Ran(
        1,
        f"{path}:2: error: {PLACE}.traceId: expected 32 hex digits, not all zero, got text '5b8e\\x1b' (DEC-2)\n"
        f"{path}:3: note: body: no spans (VAL-9)\n".encode(),
        "3 bodies: 1 error, 0 warnings, 1 note\n",
    )


def test_programs_get_an_object_for_each_finding(commands: Commands) -> None:
    """The same facts, each under its name."""
    ran = commands("check", "--json", stdin=BAD)

    assert (ran.code, ran.err) == (1, "1 body: 1 error, 0 warnings, 0 notes\n")
    assert json.loads(ran.out) == {
        "file": "<stdin>",
        "line": 1,
        "severity": "error",
        "rule": "DEC-2",
        "path": f"{PLACE}.traceId",
        "expected": "32 hex digits, not all zero",
        "found": "text '5b8e\\x1b'",
    }


def test_a_file_without_bodies_is_an_error(commands: Commands) -> None:
    assert commands("check", stdin=b"\n\n") == Ran(1, b"", "<stdin>: no bodies found\n")


def test_warnings_alone_do_not_fail(commands: Commands) -> None:
    """Errors alone make the exit code 1."""
    ran = commands("check", stdin=GOOD.replace(b'"name"', b'"colour"'))

    assert (ran.code, ran.err) == (0, "1 body: 0 errors, 2 warnings, 0 notes\n")


@pytest.mark.slow
def test_what_is_too_much_is_counted(commands: Commands) -> None:
    """The first ten thousand are listed."""
    many = b'{"resourceSpans":[' + b"7," * 10_001 + b"7]}"
    ran = commands("check", stdin=many)

    assert ran.code == 1
    assert ran.out.splitlines()[-1] == b"<stdin>:1: and 3 more"
    assert len(ran.out.splitlines()) == 10_001
    assert ran.err == "1 body: 10000 errors, 0 warnings, 0 notes\n"
    assert len(commands("check", "--json", stdin=many).out.splitlines()) == 10_000
