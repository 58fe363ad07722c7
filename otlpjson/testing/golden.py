# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Golden files: their names, their contents, and the differences between one and a body.

Compared by bytes, ``<case>.json`` holds exactly the bytes, so that ``cmp``, ``curl`` and ``otlpjson
post`` can use it; if the body is on one line, ``<case>.indented.json`` beside it holds the same
tokens for review. Compared by meaning, ``<case>.json`` itself is indented.
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
"""What has to be equal: every byte, or what a reader understands."""

MAIN: Final = ".json"
"""The ending of the file that is compared."""

COMPANION: Final = ".indented.json"
"""The ending of the file for review."""

_SIDES: Final = ("the golden file", "this test")
_MAX_DIFFERENCES: Final = 20
_MAX_LINE: Final = 300
# File systems allow 255 bytes; some tools fail on long paths much earlier.
_MAX_STEM: Final = 100
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_PARAMETERS: Final = re.compile(r"\[(.*)\]$", re.DOTALL)


def body_of(given: bytes | str | TracesData) -> bytes:
    """
    The bytes to compare: those of a body, or of encoded traces.

    Raises:
        InvalidValue: ``given`` is neither.
    """
    if isinstance(given, TracesData):
        return encode(given)
    if isinstance(given, str):
        # A lone surrogate is a fault that the golden file should show, not an error here.
        return given.encode("utf-8", "surrogatepass")
    if not isinstance(given, bytes):
        raise InvalidValue("golden_otlp", "TracesData, or the bytes of a body", describe(given))
    return given


def stem_of(test: str, name: str | None = None) -> str:
    """
    The name of a case's files without their endings, valid on every file system.

    ``TestPay::test_refund[eur]`` and ``"second"`` give ``TestPay.test_refund-eur.second``.

    Args:
        test: The test's id without its file.

        name: Distinguishes several bodies of one test.
    """
    whole = _PARAMETERS.sub(r"-\1", test).replace("::", ".") + (f".{name}" if name is not None else "")
    safe = _UNSAFE.sub("-", whole)
    if safe == whole and len(safe) <= _MAX_STEM:
        return safe
    # Two tests may differ only in what was replaced or cut.
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe[: _MAX_STEM - 9]}-{digest}"


def contents(body: bytes, compare: Compare) -> dict[str, bytes]:
    """
    The golden files for a body: the content of each, by the ending of its name.

    Raises:
        InvalidDocument: The body is to be compared by meaning, but cannot be read.
    """
    for_review = indented(body)
    if compare == "meaning":
        read(io.BytesIO(body))
        return {MAIN: for_review}
    # A body that is indented already, or that is not JSON, needs no second file.
    if for_review.count(b"\n") > body.count(b"\n") + 1 and _is_readable(body):
        return {MAIN: body, COMPANION: for_review}
    return {MAIN: body}


def disagreement(golden: bytes, body: bytes, compare: Compare) -> str:
    """
    How a body differs from a golden file, first by meaning, then by bytes; empty if it does not.

    Args:
        golden: The bytes of the golden file.

        body: The bytes that the test gave.
    """
    if golden == body:
        return ""
    lines = _by_meaning(golden, body)
    if compare == "meaning":
        return "\n".join(lines)
    meaning = lines or ["by meaning: no difference"]
    return "\n".join(
        [*meaning, *first_differing_byte(golden, body, _SIDES), *line_diff(golden, body, _SIDES)]
    )


def out_of_step(golden: bytes, companion: bytes) -> bool:
    """Whether the file for review does not match the golden file."""
    # Git may check out the companion with other line ends.
    return indented(golden) != companion.replace(b"\r\n", b"\n")


def _is_readable(body: bytes) -> bool:
    try:
        read(io.BytesIO(body))
    except InvalidDocument:
        return False
    return True


def _by_meaning(golden: bytes, body: bytes) -> list[str]:
    sides: list[Reading] = []
    for name, content in zip(_SIDES, (golden, body)):
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
    """Errors on one side only: they may differ where the traces that could be read do not."""
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
