# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The times, ids and attribute values in a body's text: found, put in tree order, and replaced in place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from ..core.integers import NANOSECONDS
from ..core.json_text import BYTE_ORDER_MARK, STRING, not_json, too_deep

__all__ = ["BodyText", "read_text", "shifted", "tree_order", "with_attributes", "with_times"]


# A byte order mark may be in front of each document, if files were joined.
_SPACE: Final = re.compile(rf"[ \t\r\n{BYTE_ORDER_MARK}]*")

# The lower_snake_case forms are not OTLP, but there are writers that use them.
_START: Final = ("startTimeUnixNano", "start_time_unix_nano")
_END: Final = ("endTimeUnixNano", "end_time_unix_nano")
_EVENT: Final = ("timeUnixNano", "time_unix_nano")
_TRACE_ID: Final = ("traceId", "trace_id")
_SPAN_ID: Final = ("spanId", "span_id")
_PARENT_ID: Final = ("parentSpanId", "parent_span_id")
_NAMES: Final = "|".join((*_START, *_END, *_EVENT))

# A number in quotation marks has to fill them; a backslash in front means the inside of another string.
_TIME: Final = re.compile(rf'(?<!\\)"(?:{_NAMES})"\s*:\s*(")?(-?[0-9][-+.0-9Ee]*)(?(1)(?="))', re.ASCII)
_DIGITS: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_ATTRIBUTE: Final = re.compile(
    rf'("key"\s*:\s*({STRING})\s*,\s*"value"\s*:\s*\{{\s*"\w+"\s*:\s*)({STRING}|[-+.0-9A-Za-z]+)'
)


@attrs.frozen
class _Node:
    """
    A span in the text.

    Attributes:
        start, end: The indexes of its times in ``BodyText.values``, or ``None``.

        events: The indexes of its events' times, in the order of the text.
    """

    span_id: str
    parent_id: str
    start: int | None
    end: int | None
    events: tuple[int, ...]


@attrs.frozen
class BodyText:
    """
    A body's text, with the times and ids in it.

    Attributes:
        text: One or more JSON documents.

        places: Where the digits of each time begin and end in the text.

        values: Each time in nanoseconds since 1970; 0 if it is unknown or not a valid time.

        ids: Every id of a span, parent or link, in the order of the text, with repetitions.

        nodes: The spans, in the order of the text.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    values: tuple[int, ...]
    ids: tuple[str, ...]
    nodes: tuple[_Node, ...]

    @property
    def earliest_ns(self) -> int | None:
        """The earliest start time that is known."""
        starts = (self.values[node.start] for node in self.nodes if node.start is not None)
        return min((start for start in starts if start), default=None)


def read_text(text: str) -> BodyText:
    """
    The times and ids in one or more JSON documents.

    Raises:
        InvalidDocument: The text is not JSON.
    """
    matches = [*_TIME.finditer(text)]
    places = tuple(match.span(2) for match in matches)
    # Parsed JSON does not know where in the text a value stood. So the text is parsed with the
    # index of each time in the place of its digits: every index leads to a place.
    indexed = _spliced(text, places, map(str, range(len(places))))
    ids: list[str] = []
    nodes: list[_Node] = []
    for document in _documents(indexed):
        for members in _objects(document):
            ids += [str(members[name]) for name in (*_TRACE_ID, *_SPAN_ID, *_PARENT_ID) if name in members]
            if _index(members, _START) is not None or _index(members, _END) is not None:
                nodes.append(_node(members))
    return BodyText(
        text=text,
        places=places,
        values=tuple(int(match[2]) if _DIGITS.fullmatch(match[2]) else 0 for match in matches),
        ids=tuple(ids),
        nodes=tuple(nodes),
    )


def tree_order(body: BodyText) -> Iterator[int]:
    """
    The indexes of all known times, in the order of the tree of spans.

    A span's start comes first and its end last; in between are its events and children by their
    times. Roots are ordered by start time. Times that belong to no span come last.
    """
    ordered = dict.fromkeys(_in_tree(body))
    ordered.update(dict.fromkeys(range(len(body.values))))
    return (index for index in ordered if body.values[index])


def shifted(body: BodyText, shift_ns: int) -> dict[int, int]:
    """Every known time by its index, moved by ``shift_ns`` within the range of OTLP, 1 to 2**64 - 1."""
    return {
        index: min(max(value + shift_ns, 1), NANOSECONDS.high)
        for index, value in enumerate(body.values)
        if value
    }


def with_times(body: BodyText, new: Mapping[int, int]) -> str:
    """The text with new times, given by their indexes; every other character is unchanged."""
    texts = (str(new.get(index, body.text[slice(*place)])) for index, place in enumerate(body.places))
    return _spliced(body.text, body.places, texts)


def with_attributes(text: str, attributes: Mapping[str, str | int]) -> str:
    """
    The text with new values for the attributes with these keys, wherever they are.

    A value in quotation marks stays in them, and one without stays without, as the writer of the
    body had it. Lists and maps are unchanged.
    """
    if not attributes:
        return text

    def replacement(match: re.Match[str]) -> str:
        key = json.loads(match[2], strict=False)
        if key not in attributes:
            return match[0]
        value = attributes[key]
        return match[1] + (json.dumps(str(value)) if match[3].startswith('"') else json.dumps(value))

    return _ATTRIBUTE.sub(replacement, text)


def _spliced(text: str, places: Sequence[tuple[int, int]], new: Iterator[str]) -> str:
    """The text with a new one in each place."""
    pieces = []
    done = 0
    for (start, end), piece in zip(places, new):
        pieces += [text[done:start], piece]
        done = end
    return "".join([*pieces, text[done:]])


def _documents(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    position = _after_space(text, 0)
    while position < len(text):
        try:
            document, position = decoder.raw_decode(text, position)
        except ValueError as error:
            raise not_json(error) from None
        except RecursionError:
            raise too_deep() from None
        yield document
        position = _after_space(text, position)


def _after_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return position if match is None else match.end()


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    """All objects in the order of the text, outer ones first."""
    # A stack instead of recursion, which deep documents would exceed.
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
        _index(event, _EVENT)
        for event in (events if isinstance(events, list) else ())
        if isinstance(event, dict)
    )
    return _Node(
        span_id=_text(members, _SPAN_ID),
        parent_id=_text(members, _PARENT_ID),
        start=_index(members, _START),
        end=_index(members, _END),
        events=tuple([index for index in found if index is not None]),
    )


def _index(members: Mapping[str, Any], names: tuple[str, str]) -> int | None:
    """The index in the place of a time."""
    found = str(next((members[name] for name in names if name in members), ""))
    return int(found) if _DIGITS.fullmatch(found) else None


def _text(members: Mapping[str, Any], names: tuple[str, str]) -> str:
    return next((str(members[name]).lower() for name in names if name in members), "")


def _in_tree(body: BodyText) -> Iterator[int]:
    nodes = sorted(body.nodes, key=lambda node: _start_ns(node, body))
    children, roots = _families(nodes)
    visited: set[int] = set()
    # Spans in a parent cycle are below no root, so all spans are visited after the roots.
    rest: list[_Node | int] = [*reversed(nodes), *reversed(roots)]
    while rest:
        item = rest.pop()
        if isinstance(item, int):
            yield item
        elif id(item) not in visited:
            visited.add(id(item))
            rest += _inside(item, children.get(id(item), ()), body)[::-1]


def _families(nodes: Sequence[_Node]) -> tuple[dict[int, list[_Node]], list[_Node]]:
    """Each span's children, by the parent's ``id()``, and the spans without a parent."""
    # Of several spans with the same id, the earliest gets the children: the last one written here.
    parents = {node.span_id: node for node in reversed(nodes)}
    children: dict[int, list[_Node]] = {}
    roots = []
    for node in nodes:
        parent = parents.get(node.parent_id)
        if parent is None:
            roots.append(node)
        else:
            children.setdefault(id(parent), []).append(node)
    return children, roots


def _inside(node: _Node, children: Sequence[_Node], body: BodyText) -> list[_Node | int]:
    inside: list[_Node | int] = sorted(
        [*node.events, *children],
        key=lambda item: body.values[item] if isinstance(item, int) else _start_ns(item, body),
    )
    first, last = ([] if edge is None else [edge] for edge in (node.start, node.end))
    return [*first, *inside, *last]


def _start_ns(node: _Node, body: BodyText) -> int:
    return 0 if node.start is None else body.values[node.start]
