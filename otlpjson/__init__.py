# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
OTLP traces as JSON, built from plain values and encoded by hand.

This package's own names are the core: no I/O, no clock, no randomness, and ``attrs`` as its
only dependency. ``otlpjson.openrouter`` turns an OpenRouter request and response into spans,
``otlpjson.delivery`` brings them to Grafana Cloud.
"""

from .attributes import Attributes, AttributeValue
from .bodies import Entry
from .cut import entries_of
from .decode import decode, decode_lenient
from .encode import encode, encode_entry
from .errors import ConfigError, InvalidDocument, InvalidValue, OtlpJsonError
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
    "Entry",
    "Event",
    "InstrumentationScope",
    "InvalidDocument",
    "InvalidValue",
    "Link",
    "OtlpJsonError",
    "Resource",
    "ResourceSpans",
    "ScopeSpans",
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
