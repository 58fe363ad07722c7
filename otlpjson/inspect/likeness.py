# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What a document without readable spans looks like: another store's answer, another signal, another shape.

A strict reader ignores members that it does not know, so it accepts such a document and reads
nothing from it. That is worth an error, because spans were meant to be there.

Source: HTTP APIs of Grafana Tempo and Jaeger; OTLP specification, the three signals; releases of
opentelemetry-proto before 0.15 for ``instrumentationLibrarySpans``; OpenTelemetry's logging
exporter for Java for groups without their wrapper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

__all__ = ["likeness"]

_SNAKE_CASE: Final = "its names are in snake_case, and OTLP/JSON has camelCase"
_LIBRARY: Final = "instrumentationLibrarySpans is the name that scopeSpans had before OTLP 0.15"
# Members of the document, in the order in which they are looked for.
_SHAPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "resource_spans": _SNAKE_CASE,
        "trace": "this is an answer of Tempo; use show or diff",
        "batches": "this is an answer of Tempo; use show or diff",
        "traces": "this is an answer of a search of Tempo, which has no spans",
        "resourceLogs": "this is a body of logs",
        "resource_logs": "this is a body of logs",
        "resourceMetrics": "this is a body of metrics",
        "resource_metrics": "this is a body of metrics",
        "resourceProfiles": "this is a body of profiles",
        "scopeSpans": 'this is one group; the body is {"resourceSpans": [group]}',
        "scope_spans": _SNAKE_CASE,
        "instrumentationLibrarySpans": _LIBRARY,
        "spans": "this is a list of spans without resource and scope",
        "spanId": "this is one span without resource and scope",
        "span_id": _SNAKE_CASE,
    }
)


def likeness(document: Any) -> str | None:
    """
    What a document of ``json_text.parse`` is instead of a traces body; ``None`` if it may be one.

    An empty object, or one with an empty list of groups, is a body without spans.
    """
    if not isinstance(document, Mapping):
        return None
    if "resourceSpans" in document:
        return _of_groups(document["resourceSpans"])
    if _has_groups(document.get("result")):
        return "this is an answer of Jaeger; use show or diff"
    if _is_jaegers_older(document.get("data")):
        return "this is an answer of Jaeger's API for its own page, which has another form"
    return next((shape for name, shape in _SHAPES.items() if name in document), None)


def _of_groups(groups: Any) -> str | None:
    """The same for the groups of a body, of which none has spans under the names that OTLP/JSON has."""
    names = {name for group in _items(groups) for name in group}
    if "scopeSpans" in names:
        return None
    if "instrumentationLibrarySpans" in names:
        return _LIBRARY
    if {"scope_spans", "instrumentation_library_spans"} & names:
        return _SNAKE_CASE
    return "its groups are spans without resource and scope" if "spanId" in names else None


def _has_groups(value: Any) -> bool:
    return isinstance(value, Mapping) and "resourceSpans" in value


def _is_jaegers_older(value: Any) -> bool:
    return any("processes" in item or "traceID" in item for item in _items(value))


def _items(value: Any) -> Iterator[Mapping[Any, Any]]:
    yield from (item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else ()
