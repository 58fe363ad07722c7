# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Everything there is to say of a body at once: errors, warnings and notes, each with place and rule.

An error is what a strict reader refuses, and a span that is its own ancestor. A warning is what
receivers take but ignore, lose, cut or refuse for its size. A note is what may well be meant.
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
from .limits import TRACE_BYTES, check_message, check_size, check_traces
from .tree import check_tree

__all__ = ["Checked", "check", "check_lines"]

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@attrs.frozen(kw_only=True)
class Checked:
    """
    What there is to say of one body.

    Attributes:
        findings: In the order of the body, then those about spans as a whole; at most 10,000.

        omitted: How many more there were.

        passed: Whether there was no error.
    """

    findings: tuple[Finding, ...]
    omitted: int
    passed: bool


def check(body: bytes, *, max_bytes: int = json_text.MAX_BYTES) -> Checked:
    """All findings in one OTLP/JSON traces body; what is no body at all is a finding as well."""
    findings = Findings()
    try:
        _check(body, findings, max_bytes)
    except InvalidDocument as error:
        findings.refuse(error)
    return Checked(findings=tuple(findings.kept), omitted=findings.omitted, passed=not findings.failed)


def check_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, Checked]]:
    """The same of each document of a file, JSON Lines or indented, with the number of its line from 1."""
    rest = iter(lines)
    first = next(rest, b"")
    # Readers of lines pass over the mark; receivers do not.
    mark = _BYTE_ORDER_MARK if first.startswith(_BYTE_ORDER_MARK) else b""
    for number, document in documents(chain([first], rest)):
        yield number, check(mark + document)
        mark = b""


def _check(body: bytes, findings: Findings, max_bytes: int) -> None:
    check_size(body, findings)
    raw = json_text.parse(body, findings, max_bytes)
    reader = Reader(findings)
    reader.traces(raw)
    for path, message in reader.places:
        check_message(message, path, findings)
    spans = [(path, message) for path, message in reader.places if isinstance(message, Span)]
    if not spans and not reader.left_out_spans:
        findings.note("VAL-9", None, "a span", "none")
    check_tree(spans, findings)
    if len(body) > TRACE_BYTES:
        check_traces((span for _, span in spans), findings)
