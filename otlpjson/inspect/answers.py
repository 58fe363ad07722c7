# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The traces in a file of one or more documents, read leniently as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from ..core import json_text
from ..core.decoder import Decoded, Reader
from ..core.errors import InvalidDocument
from ..core.findings import Finding, Findings
from ..core.lines import documents
from ..core.model import ResourceSpans, TracesData
from .tempo import is_tempo, read_tempo

__all__ = ["Reading", "decode_answer", "decode_lines", "read"]


@attrs.frozen(kw_only=True)
class Reading:
    """
    What a file gave.

    Attributes:
        traces: The groups of all its documents, in order.

        findings: What was found, each with the number of the line where its document begins, from 1.

        omitted: How many more findings there were.
    """

    traces: TracesData
    findings: tuple[tuple[int, Finding], ...] = ()
    omitted: int = 0

    @property
    def span_count(self) -> int:
        """How many spans there are."""
        return sum(group.span_count for group in self.traces.resource_spans)


def read(lines: Iterable[bytes]) -> Reading:
    """
    All traces in a file of bodies of any writer, or of answers of trace stores.

    Args:
        lines: The lines of the file: one document per line, or indented documents.

    Raises:
        InvalidDocument:
            A document is not a JSON object or is cut off, with its line in the path; or the file
            has no documents.
    """
    groups: list[ResourceSpans] = []
    findings: list[tuple[int, Finding]] = []
    omitted = count = 0
    for number, outcome in decode_lines(lines):
        count += 1
        if isinstance(outcome, InvalidDocument):
            path = f"line {number}: {outcome.path}"
            raise InvalidDocument(path, outcome.expected, outcome.found, outcome.rule) from None
        groups.extend(outcome.traces.resource_spans)
        findings.extend((number, finding) for finding in outcome.findings)
        omitted += outcome.omitted
    if count == 0:
        raise InvalidDocument("body", "one JSON object or more", "an empty file")
    return Reading(traces=TracesData(resource_spans=tuple(groups)), findings=tuple(findings), omitted=omitted)


def decode_lines(lines: Iterable[bytes], first: int = 1) -> Iterator[tuple[int, Decoded | InvalidDocument]]:
    """
    The documents of a file one by one, each with the number of its first line.

    A document that cannot be read gives its error, and the next one is read.

    Args:
        lines: Those of the file, or of a part of it.

        first: The number of the first of them.
    """
    for number, document in documents(lines):
        try:
            outcome: Decoded | InvalidDocument = decode_answer(document)
        except InvalidDocument as error:
            outcome = error
        yield first - 1 + number, outcome


def decode_answer(document: bytes, *, max_bytes: int = json_text.MAX_BYTES) -> Decoded:
    """
    The traces in an OTLP/JSON body, an answer of Tempo, or an answer of Jaeger's API v3.

    Jaeger answers with OTLP/JSON under ``result``, its attributes sorted by key; some spans get an
    attribute ``@jaeger@warnings``, which stays.

    Raises:
        InvalidDocument: No JSON object, cut off, or more than ``max_bytes``.
    """
    findings = Findings()
    reader = Reader(findings)
    raw = json_text.parse(document, findings, max_bytes)
    if is_tempo(raw):
        traces = read_tempo(raw, reader)
    elif isinstance(raw, dict) and "result" in raw:
        traces = reader.traces(raw["result"], (None, "result"))
    else:
        traces = reader.traces(raw)
    return Decoded(traces=traces, findings=tuple(findings.kept), omitted=findings.omitted)
