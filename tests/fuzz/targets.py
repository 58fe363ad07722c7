# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the fuzzer calls with any bytes: each reader, and what must hold of whatever it reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Callable, Final

from otlpjson import InvalidDocument, TracesData, decode, encode
from otlpjson.openrouter import read_lines, read_record, resource_spans

from ..laws import check_body

__all__ = ["TARGETS"]


def decoder(data: bytes) -> None:
    """Bytes as a body: refused or read, and all readers agree."""
    check_body(data)


def record(data: bytes) -> None:
    """Bytes as a file of records, and as one record: refused, or mapped to spans that come back equal."""
    for line in read_lines(data.splitlines(keepends=True)):
        assert (line.generation is None) != (line.error is None)
    with suppress(ValueError, RecursionError):  # not of the reader: the bytes are no JSON
        _map(json.loads(data))


def stream(data: bytes) -> None:
    """Bytes as the stream of a response, in each API: read, or refused in a sentence."""
    record = {
        "request": {"model": "a/b", "messages": []},
        "response_stream": data,
        "started_at": "2026-02-13T18:00:00Z",
        "ended_at": "2026-02-13T18:00:01Z",
    }
    for api in ("chat", "messages", "responses"):
        with suppress(InvalidDocument):
            read_record({**record, "api": api})
    _map(record)


def _map(value: Any) -> None:
    try:
        generation = read_record(value)
    except InvalidDocument:
        return
    for privacy_mode in (False, True):
        traces = TracesData(resource_spans=resource_spans(generation, privacy_mode=privacy_mode))
        assert decode(encode(traces)) == traces


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = MappingProxyType(
    {"decoder": decoder, "record": record, "stream": stream}
)
