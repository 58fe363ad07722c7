# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The times and ids in a body's text: found, put in the order of the tree, and replaced in place.

Every byte that is neither stays as it is, whatever form its writer gave it. So this looks at
the text, and not at the model: a time is known by its number in the text, from 0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from ..core.errors import InvalidDocument
from ..core.json_text import STRING

__all__ = ["Moments", "in_order", "kept", "masked", "moments_of", "replaced"]

_MAX_NS: Final = 2**64 - 1

_SPACE: Final = re.compile(r"[ \t\r\n\ufeff]*")

# The lower_snake_case forms are no OTLP, but there are writers that use them.
_START: Final = ("startTimeUnixNano", "start_time_unix_nano")

_END: Final = ("endTimeUnixNano", "end_time_unix_nano")

_EVENT: Final = ("timeUnixNano", "time_unix_nano")

_TRACE_ID: Final = ("traceId", "trace_id")

_SPAN_ID: Final = ("spanId", "span_id")

_PARENT_ID: Final = ("parentSpanId", "parent_span_id")

_NAMES: Final = "|".join((*_START, *_END, *_EVENT))

# Where the number is in quotation marks, they end with it.
_TIME: Final = re.compile(rf'(?<!\\)("(?:{_NAMES})"\s*:\s*(")?)(-?[0-9][-+.0-9Ee]*)(?(2)(?="))', re.ASCII)

_DIGITS: Final = re.compile(r"[0-9]{1,20}", re.ASCII)


@attrs.frozen
class _Node:
    """
    A span in the text.

    Attributes:
        start, end: The numbers of its times; ``None`` where there is none.

        events: The numbers of its events' times, in their order.
    """

    span_id: str
    parent_id: str
    start: int | None
    end: int | None
    events: tuple[int, ...]


@attrs.frozen
class Moments:
    """
    What is in a text.

    Attributes:
        values: Each time in nanoseconds, by its number in the text; 0 is unknown or no time.

        ids: Each text that stands as an id, in order, as often as it does.

        nodes: The spans, in order.
    """

    values: tuple[int, ...]
    ids: tuple[str, ...]
    nodes: tuple[_Node, ...]

    @property
    def earliest_ns(self) -> int | None:
        """The earliest start that is known."""
        starts = (self.values[node.start] for node in self.nodes if node.start is not None)
        return min((start for start in starts if start), default=None)


def moments_of(text: str) -> Moments:
    """
    The times and ids in one or more JSON documents.

    Raises:
        InvalidDocument: The text is no JSON.
    """
    values: list[int] = []

    def numbered(match: re.Match[str]) -> str:
        values.append(int(match[3]) if _DIGITS.fullmatch(match[3]) else 0)
        return f"{match[1]}{len(values) - 1}"

    # With its number in the place of each time, the place is known after parsing as well.
    marked = _TIME.sub(numbered, text)
    ids: list[str] = []
    nodes: list[_Node] = []
    for document in _documents(marked):
        for members in _objects(document):
            ids += [str(members[name]) for name in (*_TRACE_ID, *_SPAN_ID, *_PARENT_ID) if name in members]
            if _number(members, _START) is not None or _number(members, _END) is not None:
                nodes.append(_node(members))
    return Moments(tuple(values), tuple(ids), tuple(nodes))


def in_order(moments: Moments) -> Iterator[int]:
    """
    The numbers of all times that are known, in the order of the tree.

    A span's start comes first, its end last, between them its events and children by their times;
    of spans without a parent in the text the earlier ones come first. Then come times that no
    span has.
    """
    told = dict.fromkeys(_in_tree(moments))
    told.update(dict.fromkeys(range(len(moments.values))))
    return (number for number in told if moments.values[number])


def _in_tree(moments: Moments) -> Iterator[int]:
    nodes = sorted(moments.nodes, key=lambda node: _started(node, moments))
    children, roots = _families(nodes)
    told: set[int] = set()
    # A span that is its own ancestor hangs on no root, so all are gone through after the roots.
    rest: list[_Node | int] = [*reversed(nodes), *reversed(roots)]
    while rest:
        item = rest.pop()
        if isinstance(item, int):
            yield item
        elif id(item) not in told:
            told.add(id(item))
            rest += _inside(item, children.get(id(item), ()), moments)[::-1]


def _families(nodes: Sequence[_Node]) -> tuple[dict[int, list[_Node]], list[_Node]]:
    """Each span's children, by the parent's ``id()``, and the spans without a parent."""
    parents = {node.span_id: node for node in reversed(nodes)}  # the earliest of several with one id
    children: dict[int, list[_Node]] = {}
    roots = []
    for node in nodes:
        parent = parents.get(node.parent_id)
        if parent is None:
            roots.append(node)
        else:
            children.setdefault(id(parent), []).append(node)
    return children, roots


def _inside(node: _Node, children: Sequence[_Node], moments: Moments) -> list[_Node | int]:
    inside: list[_Node | int] = sorted(
        [*node.events, *children],
        key=lambda item: moments.values[item] if isinstance(item, int) else _started(item, moments),
    )
    first, last = ([] if edge is None else [edge] for edge in (node.start, node.end))
    return [*first, *inside, *last]


def kept(moments: Moments, shift_ns: int) -> dict[int, int]:
    """Every time that is known, moved by so much, but not out of the range that OTLP has."""
    return {
        number: min(max(value + shift_ns, 1), _MAX_NS) for number, value in enumerate(moments.values) if value
    }


def replaced(text: str, new: Mapping[int, int]) -> str:
    """The text with these times by their numbers; the others stay."""
    number = -1

    def of_time(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        return f"{match[1]}{new.get(number, match[3])}"

    return _TIME.sub(of_time, text)


def _documents(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    place = _after_space(text, 0)
    while place < len(text):
        try:
            document, place = decoder.raw_decode(text, place)
        except ValueError as error:
            raise InvalidDocument("body", "JSON", f"text that is not JSON: {error}") from None
        except RecursionError:
            raise InvalidDocument("body", "JSON", "lists and objects too deep in one another") from None
        yield document
        place = _after_space(text, place)


def _after_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return place if match is None else match.end()


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    """All objects, outer ones first, in the order of the text."""
    rest = [document]
    while rest:
        item = rest.pop()
        if isinstance(item, dict):
            yield item
            rest += [*item.values()][::-1]
        elif isinstance(item, list):
            rest += item[::-1]


def _node(members: dict[str, Any]) -> _Node:
    events = members.get("events")
    found = (
        _number(event, _EVENT)
        for event in (events if isinstance(events, list) else ())
        if isinstance(event, dict)
    )
    return _Node(
        span_id=_text(members, _SPAN_ID),
        parent_id=_text(members, _PARENT_ID),
        start=_number(members, _START),
        end=_number(members, _END),
        events=tuple([moment for moment in found if moment is not None]),
    )


def _started(node: _Node, moments: Moments) -> int:
    return 0 if node.start is None else moments.values[node.start]


def _number(members: Mapping[str, Any], names: tuple[str, str]) -> int | None:
    found = str(next((members[name] for name in names if name in members), ""))
    return int(found) if _DIGITS.fullmatch(found) else None


def _text(members: Mapping[str, Any], names: tuple[str, str]) -> str:
    return next((str(members[name]).lower() for name in names if name in members), "")


_ATTRIBUTE: Final = re.compile(
    rf'("key"\s*:\s*({STRING})\s*,\s*"value"\s*:\s*\{{\s*"\w+"\s*:\s*)({STRING}|[-+.0-9A-Za-z]+)'
)


def masked(text: str, attributes: Mapping[str, str | int]) -> str:
    """
    The text with these values for the attributes with these keys, wherever they stand.

    A text stays a text and a bare number a bare one, as their writer had them; lists and maps
    are left alone.
    """
    if not attributes:
        return text

    def of_attribute(match: re.Match[str]) -> str:
        key = json.loads(match[2], strict=False)
        if key not in attributes:
            return match[0]
        value = attributes[key]
        return match[1] + (json.dumps(str(value)) if match[3].startswith('"') else json.dumps(value))

    return _ATTRIBUTE.sub(of_attribute, text)
