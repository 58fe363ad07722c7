# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Golden files: what is stored for a body, under which name, and what to say where a body is another.

By bytes, ``<case>.json`` holds exactly the bytes, so that ``cmp``, ``curl`` and ``otlpjson post``
can use it; beside a body on one line stands ``<case>.indented.json``, the same tokens for people
to review. By meaning, bytes do not count, so ``<case>.json`` itself is the indented form.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from typing import Final, Literal

from ..core.encoder import encode
from ..core.errors import InvalidDocument, InvalidValue
from ..core.findings import Severity
from ..core.model import TracesData
from ..core.words import describe, printable
from ..inspect.answers import Reading, read
from ..inspect.differ import diff
from .indented import indented
from .line_diff import first_differing_byte, line_diff

__all__ = ["COMPANION", "MAIN", "Compare", "body_of", "contents", "disagreement", "out_of_step", "stem_of"]

Compare = Literal["bytes", "meaning"]
"""What counts: every byte, or what a reader understands."""

MAIN: Final = ".json"
COMPANION: Final = ".indented.json"
"""What follows a case's name: for the file that is compared, and for the one that people read."""

_SIDES: Final = ("the golden file", "this test")
_MAX_DIFFERENCES: Final = 20
_MAX_LINE: Final = 300
_MAX_STEM: Final = 100
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_PARAMETERS: Final = re.compile(r"\[(.*)\]$", re.DOTALL)


def body_of(given: bytes | str | TracesData) -> bytes:
    """
    The body that is compared: bytes as they are, traces encoded.

    Raises:
        InvalidValue: It is something else.
    """
    if isinstance(given, TracesData):
        return encode(given)
    if isinstance(given, str):
        return given.encode("utf-8", "surrogatepass")
    if not isinstance(given, bytes):
        raise InvalidValue("golden_otlp", "TracesData, or the bytes of a body", describe(given))
    return given


def stem_of(test: str, name: str | None = None) -> str:
    """
    The name of a case's files without what follows it, fit for every file system.

    ``TestPay::test_refund[eur]`` and ``"second"`` give ``TestPay.test_refund-eur.second``. Where
    other characters had to be replaced, or it would be too long, eight digits of a SHA-256 make it
    distinct again.

    Args:
        test: The test's id without its file.

        name: Which of several bodies of one test it is.
    """
    whole = _PARAMETERS.sub(r"-\1", test).replace("::", ".") + (f".{name}" if name is not None else "")
    safe = _UNSAFE.sub("-", whole)
    if safe == whole and len(safe) <= _MAX_STEM:
        return safe
    mark = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe[: _MAX_STEM - 9]}-{mark}"


def contents(body: bytes, compare: Compare) -> dict[str, bytes]:
    """
    What is stored for a body: for each ending of a file's name, its content.

    Raises:
        InvalidDocument: It is compared by meaning, and has none.
    """
    for_people = indented(body)
    if compare == "meaning":
        read(io.BytesIO(body))
        return {MAIN: for_people}
    if for_people.count(b"\n") > body.count(b"\n") + 1 and _is_readable(body):
        return {MAIN: body, COMPANION: for_people}
    return {MAIN: body}


def disagreement(held: bytes, body: bytes, compare: Compare) -> str:
    """
    In what a body differs from a golden file, first by meaning, then by bytes; empty where in nothing.

    Args:
        held: The bytes of the golden file.

        body: The bytes that the test gave.
    """
    if held == body:
        return ""
    lines = _by_meaning(held, body)
    if compare == "meaning":
        return "\n".join(lines)
    meaning = lines or ["by meaning: no difference"]
    return "\n".join([*meaning, *first_differing_byte(held, body, _SIDES), *line_diff(held, body, _SIDES)])


def out_of_step(held: bytes, companion: bytes) -> bool:
    """Whether the form for people is another body's than the golden file's; line ends do not count."""
    return indented(held) != companion.replace(b"\r\n", b"\n")


def _is_readable(body: bytes) -> bool:
    try:
        read(io.BytesIO(body))
    except InvalidDocument:
        return False
    return True


def _by_meaning(held: bytes, body: bytes) -> list[str]:
    sides: list[Reading] = []
    for name, content in zip(_SIDES, (held, body)):
        try:
            sides.append(read(io.BytesIO(content)))
        except InvalidDocument as error:
            return [f"by meaning: {name} cannot be read: {error}"]
    left, right = sides
    found = [str(difference) for difference in diff(left.traces, right.traces, names=_SIDES)]
    found += _other_repairs(left, right)
    if not found:
        return []
    more = [f"  and {len(found) - _MAX_DIFFERENCES} more"] if len(found) > _MAX_DIFFERENCES else []
    head = f"by meaning, {len(found)} difference{'s' if len(found) > 1 else ''}:"
    return [head, *(f"  {text}" for text in found[:_MAX_DIFFERENCES]), *more]


def _other_repairs(left: Reading, right: Reading) -> list[str]:
    """What had to be repaired on one side alone: a lenient reading leaves out what it cannot read."""
    here, there = (
        Counter(
            f"{finding.message}; {finding.repair} ({finding.rule})"
            for _, finding in side.findings
            if finding.severity is Severity.ERROR
        )
        for side in (left, right)
    )
    sides = zip(_SIDES, ((here - there).elements(), (there - here).elements()))
    return [
        f"invalid only in {name}: {printable(text, _MAX_LINE)}" for name, texts in sides for text in texts
    ]
