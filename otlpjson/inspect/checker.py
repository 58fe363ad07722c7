# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
All findings in a body: errors, warnings and notes, each with its place and rule.

An error is anything that a strict reader refuses, and a parent cycle. A warning is something
that receivers accept but ignore, lose or cut, or refuse for its size. A note may be intended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

import attrs

from ..core import json_text
from ..core.decoder import Reader
from ..core.errors import InvalidDocument
from ..core.findings import Finding, Findings
from ..core.lines import documents
from ..core.model import Span
from .likeness import likeness
from .limits import TRACE_BYTES, check_message, check_size, check_traces
from .tree import check_tree

__all__ = ["Checked", "check", "check_lines"]

_MARK: Final = json_text.BYTE_ORDER_MARK.encode("utf-8")


@attrs.frozen(kw_only=True)
class Checked:
    """
    The findings in one body.

    Attributes:
        findings: In the order of the body, then those about spans as trees; at most 10,000.

        omitted: How many more findings there were.

        passed: Whether there was no error.
    """

    findings: tuple[Finding, ...]
    omitted: int
    passed: bool


def check(body: bytes, *, max_bytes: int = json_text.MAX_BYTES) -> Checked:
    """
    All findings in one OTLP/JSON traces body; a document that is no body at all is an error among them.

    Args:
        body: JSON in UTF-8.

        max_bytes: A larger body is not read, which is an error too. Default: 64 MiB.
    """
    findings = Findings()
    try:
        _check(body, findings, max_bytes)
    except InvalidDocument as error:
        findings.refuse(error)
    return Checked(findings=tuple(findings.kept), omitted=findings.omitted, passed=not findings.failed)


def check_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, Checked]]:
    """
    The findings in each document of a file, with the number of the document's first line, from 1.

    Args:
        lines: The lines of a JSON Lines file or of indented documents.
    """
    rest = iter(lines)
    first = next(rest, b"")
    # Splitting into documents drops the mark, but a receiver would refuse it.
    mark = _MARK if first.startswith(_MARK) else b""
    for number, document in documents(chain([first], rest)):
        yield number, check(mark + document)
        mark = b""


def _check(body: bytes, findings: Findings, max_bytes: int) -> None:
    check_size(body, findings)
    raw = json_text.parse(body, findings, max_bytes)
    looks_like = likeness(raw)
    if looks_like is not None:
        findings.error("PROTO", None, f"no span is read from this body: {looks_like}", "")
        return
    reader = Reader(findings)
    reader.traces(raw)
    for path, message in reader.places:
        check_message(message, path, findings)
    spans = [(path, message) for path, message in reader.places if isinstance(message, Span)]
    if not spans and not reader.left_out_spans:
        findings.note("VAL-9", None, "no spans")
    check_tree(spans, findings)
    if len(body) > TRACE_BYTES:
        check_traces((span for _, span in spans), findings)
