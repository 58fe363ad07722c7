# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
OTLP traces as JSON, built from plain values and encoded by hand.

The names of ``otlpjson.core`` can be imported from here and need ``attrs`` alone. So can
``Broadcast``, which records OpenRouter requests and sends them in the background, and
``BroadcastDestination``, which says where to; using one of these two loads ``requests``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .core import (
    Attributes,
    AttributeValue,
    ConfigError,
    Decoded,
    Entry,
    Event,
    Finding,
    InstrumentationScope,
    InvalidDocument,
    InvalidValue,
    Link,
    OtlpJsonError,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Severity,
    Span,
    SpanKind,
    Status,
    StatusCode,
    TracesData,
    decode,
    decode_lenient,
    encode,
    encode_entry,
    entries_of,
    span_id_of,
    trace_id_of,
)
from .core import (
    __version__ as __version__,
)

__all__ = [
    "AttributeValue",
    "Attributes",
    "ConfigError",
    "Decoded",
    "Entry",
    "Event",
    "Finding",
    "InstrumentationScope",
    "InvalidDocument",
    "InvalidValue",
    "Link",
    "OtlpJsonError",
    "Resource",
    "ResourceSpans",
    "ScopeSpans",
    "Severity",
    "Span",
    "SpanKind",
    "Status",
    "StatusCode",
    "TracesData",
    "decode",
    "decode_lenient",
    "encode",
    "encode_entry",
    "entries_of",
    "span_id_of",
    "trace_id_of",
]

_ON_FIRST_USE: Final = frozenset({"Broadcast", "BroadcastDestination", "instrument", "uninstrument"})

if TYPE_CHECKING:
    from .broadcast import Broadcast as Broadcast
    from .broadcast import BroadcastDestination as BroadcastDestination
    from .broadcast import instrument as instrument
    from .broadcast import uninstrument as uninstrument
else:
    # Hidden from type checkers, which would take any name to exist.
    def __getattr__(name: str) -> object:
        if name not in _ON_FIRST_USE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        # Loaded here and not at the top: the core must work where requests is not installed.
        from . import broadcast

        return getattr(broadcast, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_ON_FIRST_USE})
