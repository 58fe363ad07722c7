# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A body of any writer, or the answer of a trace store: whichever it is, read leniently."""

from __future__ import annotations

from . import json_text
from .decode import Decoded, Reader
from .finding import Findings
from .tempo import is_tempo, read_tempo

__all__ = ["decode_answer"]


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
