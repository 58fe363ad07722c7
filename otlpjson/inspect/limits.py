# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Findings about the limits of OpenTelemetry, Tempo and Grafana Cloud that a body exceeds.

Sources: OpenTelemetry specification, "Configurable Parameters" and "Span Limits"; Grafana Tempo,
``max_attribute_bytes``; Grafana Cloud, "Usage limits"; the message size of Grafana's gateway as
reported in grafana/tempo issue 3831; contrib's ``otlpjsonfile`` receiver, ``max_log_size``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..core.attributes import Attributes, AttributeValue
from ..core.bodies import MAX_BODY_BYTES, MAX_MESSAGE_BYTES
from ..core.decoder import Message
from ..core.encoder import encode
from ..core.findings import Findings, Key, Path
from ..core.model import Event, Link, ResourceSpans, ScopeSpans, Span, TracesData
from ..core.problem import Mismatch

__all__ = ["TRACE_BYTES", "check_message", "check_size", "check_traces"]

_MAX_ITEMS: Final = 128
_VALUE_BYTES: Final = 2048
_MAX_DEPTH: Final = 30
_LINE_BYTES: Final = 1024 * 1024
TRACE_BYTES: Final = 3_000_000
"""The size of one trace that Grafana Cloud keeps."""


def check_size(body: bytes, findings: Findings) -> None:
    """Warns of a body that is too large for Grafana Cloud, or for a line of a file."""
    size = len(body)
    if size > MAX_MESSAGE_BYTES:
        findings.warn(
            "SND-3",
            None,
            Mismatch(f"at most {MAX_MESSAGE_BYTES} bytes, which Grafana's gateway accepts", f"{size} bytes"),
        )
    elif size > MAX_BODY_BYTES:
        findings.warn(
            "SND-3",
            None,
            Mismatch(f"at most {MAX_BODY_BYTES} bytes, Grafana Cloud's default burst", f"{size} bytes"),
        )
    if size > _LINE_BYTES and b"\n" not in body:
        expected = f"a line of at most {_LINE_BYTES} bytes, which the Collector's file receiver reads"
        findings.warn("FIL-2", None, Mismatch(expected, f"{size} bytes"))


def check_traces(spans: Iterable[Span], findings: Findings) -> None:
    """Warns of traces that are larger than Grafana Cloud keeps, as far as this body shows."""
    traces: dict[str, list[Span]] = {}
    for span in spans:
        traces.setdefault(span.trace_id, []).append(span)
    for trace_id, members in traces.items():
        group = ResourceSpans(scope_spans=[ScopeSpans(spans=members)])
        size = len(encode(TracesData(resource_spans=[group])))
        if size > TRACE_BYTES:
            expected = f"at most {TRACE_BYTES} bytes of one trace, which Grafana Cloud keeps"
            findings.warn("GC-5", None, Mismatch(expected, f"about {size} bytes of trace {trace_id}"))


def check_message(message: Message, path: Path, findings: Findings) -> None:
    """Warns of too many attributes, events and links, and of values that are too long or nested too deep."""
    if isinstance(message, Span):
        _check_count(len(message.events), (path, "events"), findings)
        _check_count(len(message.links), (path, "links"), findings)
    if isinstance(message, (Span, Event, Link)):
        _check_count(len(message.attributes), (path, "attributes"), findings)
    for key, value in message.attributes.items():
        place = ((path, "attributes"), Key(key))
        _check_bytes("a key", key, place, findings)
        if isinstance(value, str):
            _check_bytes("a text", value, place, findings)
        elif isinstance(value, (tuple, Attributes)) and _depth(value) > _MAX_DEPTH:
            expected = f"at most {_MAX_DEPTH} nested lists and maps, which every reader accepts"
            findings.warn("ENC-9", place, Mismatch(expected, f"{_depth(value)}"))


def _check_count(count: int, path: Path, findings: Findings) -> None:
    if count > _MAX_ITEMS:
        findings.warn(
            "VAL-6", path, Mismatch(f"at most {_MAX_ITEMS}, OpenTelemetry's default limit", f"{count}")
        )


def _check_bytes(what: str, text: str, path: Path, findings: Findings) -> None:
    # A character has at most four bytes.
    if len(text) * 4 > _VALUE_BYTES and len(text.encode()) > _VALUE_BYTES:
        expected = f"{what} of at most {_VALUE_BYTES} bytes, which Tempo keeps"
        findings.warn("GC-2", path, Mismatch(expected, f"{len(text.encode())} bytes"))


def _depth(value: AttributeValue) -> int:
    """How deep lists and maps are nested, this one included."""
    if isinstance(value, (tuple, Attributes)):
        inner = value.values() if isinstance(value, Attributes) else value
        return 1 + max(map(_depth, inner), default=0)
    return 0
