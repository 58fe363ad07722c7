# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Two messages of the same kind compared field by field.

Each function says in what two messages differ, with paths that begin at the message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Callable, Final, TypeVar

import attrs

from ..core.attributes import Attributes, AttributeValue
from ..core.model import Event, Link, ResourceSpans, ScopeSpans, Span
from .diff_words import place_of_key, quoted, words, words_of_two

__all__ = ["Found", "differences_of_scopes", "differences_of_sources", "differences_of_spans", "meaning"]

_T = TypeVar("_T")


@attrs.frozen
class Found:
    """
    A difference without the names of the sides.

    Attributes: as those of ``Difference`` that bear the same names.
    """

    path: str
    left: str | None
    right: str | None
    position: int | None = None

    def below(self, path: str) -> Found:
        """The same difference, seen from further outside."""
        return attrs.evolve(self, path=path + self.path)


def differences_of_spans(left: Span, right: Span) -> Iterator[Found]:
    """Everything but what surrounds the spans."""
    # Equal values are equal in meaning too, and comparing them so is much faster.
    if left == right:
        return
    yield from _fields(left, right, _SPAN)
    yield from (found.below("status.") for found in _fields(left.status, right.status, _STATUS))
    yield from _attributes(left.attributes, right.attributes, "attributes")
    yield from _items(left.events, right.events, "events", _events)
    yield from _fields(left, right, ("dropped_events_count",))
    yield from _items(left.links, right.links, "links", _links)
    yield from _fields(left, right, ("dropped_links_count",))


def differences_of_sources(left: ResourceSpans, right: ResourceSpans) -> Iterator[Found]:
    """Resources and their schema URLs."""
    yield from _attributes(left.resource.attributes, right.resource.attributes, "attributes")
    yield from _fields(left, right, ("schema_url",))


def differences_of_scopes(left: ScopeSpans, right: ScopeSpans) -> Iterator[Found]:
    """Scopes and the schema URLs of their spans."""
    yield from _fields(left.scope, right.scope, ("name", "version"))
    yield from _attributes(left.scope.attributes, right.scope.attributes, "attributes")
    yield from _fields(left, right, ("schema_url",))


def meaning(value: AttributeValue) -> object:
    """
    Something that compares and hashes as a value means: types count, the order of keys does not.

    Doubles are told apart as their texts are: NaN is itself, and -0.0 is not 0.0.
    """
    if isinstance(value, Attributes):
        return value.dropped_count, frozenset((key, meaning(item)) for key, item in value.items())
    if isinstance(value, tuple):
        return tuple(map(meaning, value))
    return type(value), repr(value) if isinstance(value, float) else value


_SPAN: Final = ("trace_state", "parent_span_id", "flags", "name", "kind", "start_ns", "end_ns")
_STATUS: Final = ("code", "message")
_LINK: Final = ("trace_id", "span_id", "trace_state", "flags")


def _fields(left: Any, right: Any, names: Sequence[str]) -> Iterator[Found]:
    for name in names:
        here, there = getattr(left, name), getattr(right, name)
        if here != there:
            yield Found(name, *_plain(here, there))


def _plain(left: Any, right: Any) -> tuple[str | None, str | None, int | None]:
    """The words for a field, which can hold values of one type alone; the type is not told."""
    if isinstance(left, str) and isinstance(right, str):
        *texts, position = words_of_two(left, right)
        here, there = (text[len("str ") :] for text in texts)
        return here, there, position
    return _number_or_id(left), _number_or_id(right), None


def _number_or_id(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value and quoted(value)
    return f"{int(value)} ({value.name})" if hasattr(value, "name") else str(value)


def _events(left: Event, right: Event) -> Iterator[Found]:
    yield from _fields(left, right, ("time_ns", "name"))
    yield from _attributes(left.attributes, right.attributes, "attributes")


def _links(left: Link, right: Link) -> Iterator[Found]:
    yield from _fields(left, right, _LINK)
    yield from _attributes(left.attributes, right.attributes, "attributes")


def _items(
    left: Sequence[Any], right: Sequence[Any], name: str, compare: Callable[[Any, Any], Iterator[Found]]
) -> Iterator[Found]:
    def compare_at(here: Any, there: Any, place: str) -> Iterator[Found]:
        return (found.below(f"{place}.") for found in compare(here, there))

    yield from _in_order((left, right), name, compare_at, _title)


def _in_order(
    sides: tuple[Sequence[_T], Sequence[_T]],
    path: str,
    compare_at: Callable[[_T, _T, str], Iterator[Found]],
    title: Callable[[_T], str],
) -> Iterator[Found]:
    """Two sequences item by item; what only the longer one has is named by its title."""
    left, right = sides
    for index, (here, there) in enumerate(zip(left, right)):
        yield from compare_at(here, there, f"{path}[{index}]")
    for index in range(len(right), len(left)):
        yield Found(f"{path}[{index}]", title(left[index]), None)
    for index in range(len(left), len(right)):
        yield Found(f"{path}[{index}]", None, title(right[index]))


def _title(item: Event | Link) -> str:
    return quoted(item.name) if isinstance(item, Event) else f"span {item.span_id} of trace {item.trace_id}"


def _attributes(left: Attributes, right: Attributes, path: str) -> Iterator[Found]:
    for key, value in left.items():
        place = path + place_of_key(key)
        if key in right:
            yield from _values(value, right[key], place)
        else:
            yield Found(place, words(value), None)
    for key, value in right.items():
        if key not in left:
            yield Found(path + place_of_key(key), None, words(value))
    if left.dropped_count != right.dropped_count:
        yield Found(f"{path}.dropped_count", str(left.dropped_count), str(right.dropped_count))


def _values(left: AttributeValue, right: AttributeValue, path: str) -> Iterator[Found]:
    if isinstance(left, Attributes) and isinstance(right, Attributes):
        yield from _attributes(left, right, path)
    elif isinstance(left, tuple) and isinstance(right, tuple):
        yield from _in_order((left, right), path, _values, words)
    elif meaning(left) != meaning(right):
        yield Found(path, *words_of_two(left, right))
