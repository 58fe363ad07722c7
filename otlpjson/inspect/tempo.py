# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Answers of Tempo's query API to the model.

They are not OTLP/JSON: ids are base64, kinds and status codes are names. The newer form is
``{"trace": {"resourceSpans": …}}``, the older ``{"batches": …}``. A stored trace has lost its
flags and schema URLs, and its long texts are cut at 2,048 bytes.

Source: Grafana Tempo, HTTP API, "Query" and "Query V2", as Tempo 3.1 answers them.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Callable

from ..core import json_text
from ..core.decoder import CODES, KINDS, Reader
from ..core.findings import Findings, Path
from ..core.model import TracesData

__all__ = ["decode_tempo", "is_tempo", "read_tempo"]


def decode_tempo(answer: bytes, *, max_bytes: int = json_text.MAX_BYTES) -> TracesData:
    """
    The trace in an answer of ``GET /api/v2/traces/<id>`` or ``GET /api/traces/<id>``, read strictly.

    Args:
        answer: JSON in UTF-8.

        max_bytes: A larger answer is refused unread. Default: 64 MiB.

    Raises:
        InvalidDocument: The first error, with its place.
    """
    findings = Findings(strict=True)
    return read_tempo(json_text.parse(answer, findings, max_bytes), Reader(findings))


def is_tempo(raw: Any) -> bool:
    """Whether a document of ``json_text.parse`` has a member that only Tempo's answers have."""
    return isinstance(raw, dict) and ("trace" in raw or "batches" in raw)


def read_tempo(raw: Any, reader: Reader) -> TracesData:
    """The same for a document of ``json_text.parse``, strictly or leniently as the reader is."""
    path: Path = None
    if isinstance(raw, dict) and "trace" in raw:
        raw, path = raw["trace"], (None, "trace")
    elif isinstance(raw, dict) and "batches" in raw:
        raw = {"resourceSpans": raw["batches"]}
    return reader.traces(_with_items(raw, "resourceSpans", _group), path)


def _group(raw: Any) -> Any:
    return _with_items(raw, "scopeSpans", lambda scope_spans: _with_items(scope_spans, "spans", _span))


def _span(raw: Any) -> Any:
    if type(raw) is not dict:
        return raw
    span = _with_items(_with_hex_ids(raw), "links", _with_hex_ids)
    span = _with_number(span, "kind", KINDS)
    status = span.get("status")
    return {**span, "status": _with_number(status, "code", CODES)} if type(status) is dict else span


def _with_items(raw: Any, name: str, convert: Callable[[Any], Any]) -> Any:
    """An object with the items of one list converted; anything else unchanged, for the reader to refuse."""
    items = raw.get(name) if type(raw) is dict else None
    return {**raw, name: [convert(item) for item in items]} if type(items) is list else raw


def _with_hex_ids(raw: Any) -> Any:
    if type(raw) is not dict:
        return raw
    sizes = {"traceId": 16, "spanId": 8, "parentSpanId": 8}
    return {name: _hex(value, sizes[name]) if name in sizes else value for name, value in raw.items()}


def _hex(raw: Any, size: int) -> Any:
    """An id in hex digits; a text that is not base64 of its size is unchanged."""
    # The length of padded base64, which an id in hex digits never has.
    if type(raw) is not str or len(raw) != (size + 2) // 3 * 4:
        return raw
    try:
        octets = base64.b64decode(raw, validate=True)
    except ValueError:
        return raw
    return octets.hex() if len(octets) == size else raw


def _with_number(raw: dict[str, Any], name: str, numbers: Mapping[str, int]) -> dict[str, Any]:
    value = raw.get(name)
    return {**raw, name: numbers[value]} if type(value) is str and value in numbers else raw
