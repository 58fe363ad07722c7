# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The differences between two messages of the same kind, field by field.

The paths begin at the message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Callable, Final, TypeVar

from ..core.attributes import Attributes, AttributeValue
from ..core.model import Event, Link, ResourceSpans, ScopeSpans, Span
from ..core.words import key_step, quoted
from .diff_words import Difference, texts_of_two, words, words_of_two

__all__ = ["differences_of_scopes", "differences_of_sources", "differences_of_spans", "meaning"]

_T = TypeVar("_T")


def differences_of_spans(left: Span, right: Span) -> Iterator[Difference]:
    """The differences between two spans, without what surrounds them."""
    # Most spans are equal, and comparing them as wholes is much faster.
    if left == right:
        return
    yield from _fields(left, right, _SPAN)
    yield from (found.below("status.") for found in _fields(left.status, right.status, _STATUS))
    yield from _attributes(left.attributes, right.attributes, "attributes")
    yield from _items(left.events, right.events, "events", _events)
    yield from _fields(left, right, ("dropped_events_count",))
    yield from _items(left.links, right.links, "links", _links)
    yield from _fields(left, right, ("dropped_links_count",))


def differences_of_sources(left: ResourceSpans, right: ResourceSpans) -> Iterator[Difference]:
    """The differences between two resources and their schema URLs."""
    yield from _attributes(left.resource.attributes, right.resource.attributes, "attributes")
    yield from _fields(left, right, ("schema_url",))


def differences_of_scopes(left: ScopeSpans, right: ScopeSpans) -> Iterator[Difference]:
    """The differences between two scopes and the schema URLs of their spans."""
    yield from _fields(left.scope, right.scope, ("name", "version"))
    yield from _attributes(left.scope.attributes, right.scope.attributes, "attributes")
    yield from _fields(left, right, ("schema_url",))


def meaning(value: AttributeValue) -> object:
    """
    A value as something that compares and hashes by meaning: types count, the order of keys does not.

    Doubles are compared by their texts, so NaN equals NaN, and -0.0 differs from 0.0.
    """
    if isinstance(value, Attributes):
        return value.dropped_count, frozenset((key, meaning(item)) for key, item in value.items())
    if isinstance(value, tuple):
        return tuple(map(meaning, value))
    return type(value), repr(value) if isinstance(value, float) else value


_SPAN: Final = ("trace_state", "parent_span_id", "flags", "name", "kind", "start_ns", "end_ns")
_STATUS: Final = ("code", "message")
_LINK: Final = ("trace_id", "span_id", "trace_state", "flags")


def _fields(left: Any, right: Any, names: Sequence[str]) -> Iterator[Difference]:
    for name in names:
        here, there = getattr(left, name), getattr(right, name)
        if here != there:
            yield Difference(name, *_plain(here, there))


def _plain(left: Any, right: Any) -> tuple[str | None, str | None, int | None]:
    """The words for a field. A field holds values of one type, so the type is left out."""
    if isinstance(left, str) and isinstance(right, str):
        return texts_of_two(left, right)
    return _number_or_id(left), _number_or_id(right), None


def _number_or_id(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value and quoted(value)
    return f"{int(value)} ({value.name})" if hasattr(value, "name") else str(value)


def _events(left: Event, right: Event) -> Iterator[Difference]:
    yield from _fields(left, right, ("time_ns", "name"))
    yield from _attributes(left.attributes, right.attributes, "attributes")


def _links(left: Link, right: Link) -> Iterator[Difference]:
    yield from _fields(left, right, _LINK)
    yield from _attributes(left.attributes, right.attributes, "attributes")


def _items(
    left: Sequence[Any], right: Sequence[Any], name: str, compare: Callable[[Any, Any], Iterator[Difference]]
) -> Iterator[Difference]:
    def compare_at(here: Any, there: Any, place: str) -> Iterator[Difference]:
        return (found.below(f"{place}.") for found in compare(here, there))

    yield from _in_order((left, right), name, compare_at, _title)


def _in_order(
    sides: tuple[Sequence[_T], Sequence[_T]],
    path: str,
    compare_at: Callable[[_T, _T, str], Iterator[Difference]],
    title: Callable[[_T], str],
) -> Iterator[Difference]:
    """Two sequences item by item; an item that only the longer one has is named by its title."""
    left, right = sides
    for index, (here, there) in enumerate(zip(left, right)):
        yield from compare_at(here, there, f"{path}[{index}]")
    for index in range(len(right), len(left)):
        yield Difference(f"{path}[{index}]", title(left[index]), None)
    for index in range(len(left), len(right)):
        yield Difference(f"{path}[{index}]", None, title(right[index]))


def _title(item: Event | Link) -> str:
    return quoted(item.name) if isinstance(item, Event) else f"span {item.span_id} of trace {item.trace_id}"


def _attributes(left: Attributes, right: Attributes, path: str) -> Iterator[Difference]:
    for key, value in left.items():
        place = path + key_step(key)
        if key in right:
            yield from _values(value, right[key], place)
        else:
            yield Difference(place, words(value), None)
    for key, value in right.items():
        if key not in left:
            yield Difference(path + key_step(key), None, words(value))
    if left.dropped_count != right.dropped_count:
        yield Difference(f"{path}.dropped_count", str(left.dropped_count), str(right.dropped_count))


def _values(left: AttributeValue, right: AttributeValue, path: str) -> Iterator[Difference]:
    if isinstance(left, Attributes) and isinstance(right, Attributes):
        yield from _attributes(left, right, path)
    elif isinstance(left, tuple) and isinstance(right, tuple):
        yield from _in_order((left, right), path, _values, words)
    elif meaning(left) != meaning(right):
        yield Difference(path, *words_of_two(left, right))
