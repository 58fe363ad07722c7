# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Bodies that something happened to: bytes changed, pieces moved, one JSON value in the place of another."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import strategies as st

from otlpjson import encode

from . import strategies

__all__ = ["damaged_bytes", "damaged_documents"]

# Pieces that mean something to a reader of OTLP/JSON, so that damage is not only noise.
_PIECES: Final = st.sampled_from(
    [
        *(b"", b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\ud800", b"\xff", b"\xef\xbb\xbf"),
        *(b"null", b"true", b"NaN", b"-Infinity", b"1e999", b"-0", b"1.0", b"18446744073709551616"),
        *(b'"traceId"', b'"trace_id"', b'"spanId":""', b'"intValue":5,', b'"doubleValue":null', b"{}{}"),
    ]
)
_NAMES: Final = st.sampled_from(
    [
        *("traceId", "trace_id", "parentSpanId", "kind", "flags", "name", "status", "code", "message"),
        *("startTimeUnixNano", "end_time_unix_nano", "attributes", "events", "links", "key", "value"),
        *("values", "stringValue", "intValue", "doubleValue", "bytesValue", "arrayValue", "kvlistValue"),
        *("boolValue", "int_value", "droppedLinksCount", "traceState", "", "x"),
    ]
)
_VALUES: Final = st.one_of(
    strategies.json_values,
    st.sampled_from(
        [
            *("", "0", "-1", "1e2", "1.0", "5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174", "NaN"),
            *("-_-_", "SPAN_KIND_SERVER", "a=1", "18446744073709551616", "0" * 32, "inf", "AA", "AA=="),
            *(2**63, 2**64, -1, 42, 1.0, 1e300, float("nan"), True, {}, [], [None], {"values": []}),
        ]
    ),
)


@st.composite
def damaged_bytes(draw: st.DrawFn) -> bytes:
    """An encoded body in which a few slices were replaced by other bytes."""
    body = encode(draw(strategies.traces), integers_as_numbers=draw(st.booleans()))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 12)))
        body = body[:start] + draw(_PIECES | st.binary(max_size=3)) + body[end:]
    return body


@st.composite
def damaged_documents(draw: st.DrawFn) -> bytes:
    """An encoded body in which a few values were replaced, members renamed, or both."""
    document = json.loads(encode(draw(strategies.traces)))
    for _ in range(draw(st.integers(1, 3))):
        document = _damaged(draw, document)
    return json.dumps(document).encode()


def _damaged(draw: st.DrawFn, node: Any) -> Any:
    """The node with something else in one place, which is more often a deep one."""
    if isinstance(node, dict) and node and draw(st.integers(0, 9)):
        name = draw(st.sampled_from(sorted(node)))
        if draw(st.integers(0, 9)):
            return {**node, name: _damaged(draw, node[name])}
        new = draw(_NAMES)
        return {(new if other == name else other): value for other, value in node.items()}
    if isinstance(node, list) and node and draw(st.integers(0, 9)):
        index = draw(st.integers(0, len(node) - 1))
        return [*node[:index], _damaged(draw, node[index]), *node[index + 1 :]]
    return draw(_VALUES)
