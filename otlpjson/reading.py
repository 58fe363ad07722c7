# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The traces in a file of one or more documents, read leniently as one."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from .answer import decode_answer
from .errors import InvalidDocument
from .finding import Finding
from .lines import documents
from .model import ResourceSpans, TracesData

__all__ = ["Reading", "read"]


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
    Bodies of any writer and answers of trace stores, one a line or over several lines each.

    Raises:
        InvalidDocument: One is no JSON object or is cut off, or there is none; the path has its line.
    """
    groups: list[ResourceSpans] = []
    findings: list[tuple[int, Finding]] = []
    omitted = count = 0
    for number, document in documents(lines):
        count += 1
        try:
            decoded = decode_answer(document)
        except InvalidDocument as error:
            path = f"line {number}: {error.path}"
            raise InvalidDocument(path, error.expected, error.found, error.rule) from None
        groups.extend(decoded.traces.resource_spans)
        findings.extend((number, finding) for finding in decoded.findings)
        omitted += decoded.omitted
    if count == 0:
        raise InvalidDocument("body", "one JSON object or more", "an empty file")
    return Reading(traces=TracesData(resource_spans=tuple(groups)), findings=tuple(findings), omitted=omitted)
