# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The details of a span or resource: ids, attributes, events and links, each value with its type."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ...core.attributes import Attributes
from ...core.model import Link, Resource, Span
from ...core.words import plural
from ...inspect.value_text import kind_text, typed_text
from .figures import duration_text

__all__ = ["Detail", "resource_details", "span_details"]


@attrs.frozen(kw_only=True)
class Detail:
    """
    One line.

    Attributes:
        level: How far it is indented, from 0.

        key: An attribute's key or, on a line about something else, the whole text.

        kind: An attribute's type; empty on a line about something else.

        value: An attribute's value as text.
    """

    level: int
    key: str
    kind: str = ""
    value: str = ""


def resource_details(resource: Resource) -> Iterator[Detail]:
    """The attributes of a resource under a heading; no lines for an empty resource."""
    if resource != Resource():
        yield Detail(level=0, key="resource")
        yield from _attributes(resource.attributes, 1)


def span_details(span: Span, earliest_ns: int) -> Iterator[Detail]:
    """
    What a span has besides its name, times, status and usage, which its own line shows.

    Args:
        earliest_ns: The start of the trace; times of events are shown relative to it.
    """
    yield Detail(
        level=0, key=", ".join([f"span {span.span_id}", f"kind {kind_text(span.kind)}", *_context(span)])
    )
    yield from _attributes(span.attributes, 0)
    for event in span.events:
        at = f" at {_offset(event.time_ns - earliest_ns)}" if event.time_ns else ""
        yield Detail(level=0, key=f"event {event.name}{at}")
        yield from _attributes(event.attributes, 1)
    yield from _dropped(span.dropped_events_count, "event", 0)
    for link in span.links:
        words = [f"link to span {link.span_id} of trace {link.trace_id}", *_context(link)]
        yield Detail(level=0, key=", ".join(words))
        yield from _attributes(link.attributes, 1)
    yield from _dropped(span.dropped_links_count, "link", 0)


def _attributes(attributes: Attributes, level: int) -> Iterator[Detail]:
    for key, value in attributes.items():
        kind, text = typed_text(value)
        yield Detail(level=level, key=key, kind=kind, value=text)
    yield from _dropped(attributes.dropped_count, "attribute", level)


def _dropped(count: int, noun: str, level: int) -> Iterator[Detail]:
    if count:
        yield Detail(level=level, key=f"{plural(count, noun)} dropped")


def _context(message: Span | Link) -> Iterator[str]:
    if message.trace_state:
        yield f"trace state {message.trace_state}"
    if message.flags:
        yield f"flags {message.flags}"


def _offset(offset_ns: int) -> str:
    return f"-{duration_text(-offset_ns)}" if offset_ns < 0 else duration_text(offset_ns)
