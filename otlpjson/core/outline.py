# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A span without its attributes, of values that were checked before."""

from __future__ import annotations

from typing import ClassVar

import attrs

from .model import Event, Link, Status

__all__ = ["Outline"]


@attrs.define(kw_only=True)
class Outline:
    """
    The members of a span beside its attributes; nothing is checked or converted.

    Attributes:
        trace_id, span_id, name, start_ns, end_ns, parent_span_id, kind, status, events: As ``Span`` has them.
    """

    trace_id: str
    span_id: str
    name: str
    start_ns: int
    end_ns: int
    parent_span_id: str | None
    kind: int
    status: Status
    events: tuple[Event, ...] = ()
    trace_state: ClassVar[str] = ""
    flags: ClassVar[int] = 0
    dropped_events_count: ClassVar[int] = 0
    links: ClassVar[tuple[Link, ...]] = ()
    dropped_links_count: ClassVar[int] = 0
