# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
OTLP traces as values and as OTLP/JSON: no I/O, no clock, no randomness.

This folder needs ``attrs`` alone and can be copied by itself into another project.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .attributes import Attributes, AttributeValue
from .encoder import encode, encode_entry
from .entry import Entry
from .errors import ConfigError, InvalidDocument, InvalidValue, OtlpJsonError
from .first_use import on_first_use
from .ids import span_id_of, trace_id_of
from .model import (
    Event,
    InstrumentationScope,
    Link,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
    SpanKind,
    Status,
    StatusCode,
    TracesData,
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

__version__ = "0.1.0"

# A program that only sends need not wait for what reads.
_ON_FIRST_USE: Final = MappingProxyType(
    {
        "Decoded": ".decoder",
        "Finding": ".findings",
        "Severity": ".findings",
        "decode": ".decoder",
        "decode_lenient": ".decoder",
        "entries_of": ".entry_scanner",
    }
)

if TYPE_CHECKING:
    from .decoder import Decoded as Decoded
    from .decoder import decode as decode
    from .decoder import decode_lenient as decode_lenient
    from .entry_scanner import entries_of as entries_of
    from .findings import Finding as Finding
    from .findings import Severity as Severity
else:
    # Hidden from type checkers, which would take any name to exist.
    __getattr__, __dir__ = on_first_use(globals(), _ON_FIRST_USE)
