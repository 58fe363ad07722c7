# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The request's ``trace`` object, read: OpenRouter's five keys, and custom metadata flattened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from .compact import compact
from .document import Document
from .generation import MetadataValue, TraceOptions

__all__ = ["trace_options"]

_OPTIONS: Final = ("trace_id", "trace_name", "span_name", "generation_name", "parent_span_id")
# Deeper objects become JSON text: flattening them is recursive, and the caller may nest without limit.
_MAX_DEPTH: Final = 64


def trace_options(trace: Document) -> TraceOptions:
    """
    The options of a request.

    An empty text counts as missing. Where two keys are the same after flattening, the later
    value is used, and the earlier one is noted.
    """
    given: dict[str, Any] = {name: trace.word(name) or None for name in _OPTIONS}
    metadata: dict[str, MetadataValue] = {}
    for key, value in trace.members.items():
        if key in _OPTIONS:
            continue
        for flat_key, flat_value in _flat(_text(key), value, 1):
            if flat_key in metadata:
                trace.note(flat_key, "duplicate key after flattening; the last value is used")
            metadata[flat_key] = flat_value
    return TraceOptions(**given, metadata=tuple(metadata.items()))


def _flat(key: str, value: Any, depth: int) -> Iterator[tuple[str, MetadataValue]]:
    """Keys and values of an object, flattened; lists and empty objects as JSON text, the rest unchanged."""
    if isinstance(value, dict) and value and depth < _MAX_DEPTH:
        for name, item in value.items():
            yield from _flat(f"{key}.{_text(name)}", item, depth + 1)
    else:
        yield key, value if value is None or isinstance(value, (str, bool, int, float)) else compact(value)


def _text(key: Any) -> str:
    return key if isinstance(key, str) else compact(key)
