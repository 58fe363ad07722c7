# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Trace and span ids as lower-case hex text: checked, or derived from a key.

Source: opentelemetry/proto/trace/v1/trace.proto, ``trace_id`` and ``span_id``; the derivation
is the one OpenRouter's Broadcast uses.
"""

from __future__ import annotations

import re
from typing import Final

from .errors import InvalidValue
from .words import describe

__all__ = [
    "hashed_trace_id",
    "is_span_id",
    "is_trace_id",
    "span_id_of",
    "trace_id_of",
]

_TRACE_ID: Final = re.compile(r"[0-9a-fA-F]{32}", re.ASCII)
_SPAN_ID: Final = re.compile(r"[0-9a-fA-F]{16}", re.ASCII)


def is_trace_id(value: object) -> bool:
    """Whether a value is text of 32 hex digits in either case, not all of them zero."""
    return _is_id(value, _TRACE_ID)


def is_span_id(value: object) -> bool:
    """Whether a value is text of 16 hex digits in either case, not all of them zero."""
    return _is_id(value, _SPAN_ID)


def trace_id_of(key: str) -> str:
    """
    The trace id for a trace key; the same key always gives the same id.

    A key that is a trace id itself is kept, in lower case. For any other text, an all-zero one
    included, it is the first 32 hex digits of the text's SHA-256.

        >>> trace_id_of("monitoring_pipeline_001")
        'addc2f052d437fec14c79a7193ea8135'

    Raises:
        InvalidValue: The key is not text.
    """
    return key.lower() if is_trace_id(key) else _sha256(key, "trace_id_of.key")[:32]


def hashed_trace_id(key: str) -> str:
    """
    The first 32 hex digits of the key's SHA-256, also for a key that looks like a trace id.

    Raises:
        InvalidValue: The key is not text.
    """
    return _sha256(key, "hashed_trace_id.key")[:32]


def span_id_of(key: str) -> str:
    """
    The span id for a span's key: the first 16 hex digits of the key's SHA-256.

        >>> span_id_of("gen-1790606294-sdYHTGXUVyDKWCLqX5Op:attempt-0")
        '4340790d902cb4a8'

    Raises:
        InvalidValue: The key is not text.
    """
    return _sha256(key, "span_id_of.key")[:16]


def _is_id(value: object, form: re.Pattern[str]) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None and value.strip("0") != ""


def _sha256(key: object, path: str) -> str:
    if not isinstance(key, str):
        raise InvalidValue(path, "text", describe(key))
    # Loaded here and not at the top: it brings OpenSSL with it.
    import hashlib

    # A lone surrogate has no UTF-8 form; "replace" writes "?" for it, in every run the same.
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
