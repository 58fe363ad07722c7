# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
OTLP traces as values and as OTLP/JSON: no I/O, no clock, no randomness.

This folder needs ``attrs`` alone and can be copied by itself into another project.
"""

from .attributes import Attributes, AttributeValue
from .bodies import Entry, entries_of
from .decoder import Decoded, decode, decode_lenient
from .encoder import encode, encode_entry
from .errors import ConfigError, InvalidDocument, InvalidValue, OtlpJsonError
from .findings import Finding, Severity
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
