# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
OTLP traces as JSON, built from plain values and encoded by hand.

The names of ``otlpjson.core`` can be imported from here and need ``attrs`` alone. So can
``Broadcast``, which records OpenRouter requests and sends them in the background, and
``BroadcastDestination``, which says where to. A ``Broadcast`` needs ``requests``, which is loaded
with the first request.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .core import (
    Attributes,
    AttributeValue,
    ConfigError,
    Entry,
    Event,
    InstrumentationScope,
    InvalidDocument,
    InvalidValue,
    Link,
    OtlpJsonError,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
    SpanKind,
    Status,
    StatusCode,
    TracesData,
    encode,
    encode_entry,
    span_id_of,
    trace_id_of,
)
from .core import (
    __version__ as __version__,
)
from .core.first_use import on_first_use

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

# The core must work where requests is not installed, and a program that only sends need not wait for
# what reads.
_ON_FIRST_USE: Final = MappingProxyType(
    {
        "Broadcast": ".broadcast",
        "BroadcastDestination": ".broadcast",
        "Decoded": ".core",
        "Finding": ".core",
        "Severity": ".core",
        "decode": ".core",
        "decode_lenient": ".core",
        "entries_of": ".core",
        "instrument": ".broadcast",
        "uninstrument": ".broadcast",
    }
)

if TYPE_CHECKING:
    from .broadcast import Broadcast as Broadcast
    from .broadcast import BroadcastDestination as BroadcastDestination
    from .broadcast import instrument as instrument
    from .broadcast import uninstrument as uninstrument
    from .core import Decoded as Decoded
    from .core import Finding as Finding
    from .core import Severity as Severity
    from .core import decode as decode
    from .core import decode_lenient as decode_lenient
    from .core import entries_of as entries_of
else:
    # Hidden from type checkers, which would take any name to exist.
    __getattr__, __dir__ = on_first_use(globals(), _ON_FIRST_USE)
