# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The members of messages, each kind by itself: converted, or refused with its path."""

from __future__ import annotations

import enum
from typing import Any

import pytest

from otlpjson import Attributes, Event, InvalidValue
from otlpjson.core import checked
from otlpjson.core.integers import INT32, NANOSECONDS, UINT32

TRACE_ID = "5b8efff798038103d269b633813fc60c"
SPAN_ID = "eee19b7ec3c1b174"
EVENT = Event(name="e")


class Colour(enum.IntEnum):
    """An enum that does not know every number."""

    RED = 1


class Foreign:
    """Another library's integer."""

    def __index__(self) -> int:
        return 5


class Text(str):
    """A text that says something else about itself."""

    def __str__(self) -> str:
        return "other"


class Special(Event):
    """An event, and more."""


@pytest.mark.parametrize(
    ("check", "value", "becomes"),
    [
        (checked.text, "a", "a"),
        (checked.text, "é", "é"),
        (checked.text, "a\ud800", "a\ufffd"),
        (checked.text, Text("own"), "own"),
        (checked.trace_id, TRACE_ID.upper(), TRACE_ID),
        (checked.span_id, SPAN_ID.upper(), SPAN_ID),
        (lambda path, value: checked.number(path, value, UINT32), 2**32 - 1, 2**32 - 1),
        (lambda path, value: checked.number(path, value, UINT32), Colour.RED, 1),
        (lambda path, value: checked.number(path, value, UINT32), Foreign(), 5),
        (lambda path, value: checked.number(path, value, INT32), -(2**31), -(2**31)),
        (lambda path, value: checked.number(path, value, NANOSECONDS), 2**64 - 1, 2**64 - 1),
        (lambda path, value: checked.member(path, value, Colour), Colour.RED, Colour.RED),
        (lambda path, value: checked.member(path, value, Colour), 1, Colour.RED),
        (lambda path, value: checked.member(path, value, Colour), 2, 2),
        (checked.attributes, {"a": 1}, Attributes({"a": 1})),
        (lambda path, value: checked.instance(path, value, Event), EVENT, EVENT),
        (lambda path, value: checked.items(path, value, Event), iter([EVENT]), (EVENT,)),
        (lambda path, value: checked.items(path, value, Event), [], ()),
    ],
)
def test_a_member_has_its_strict_form(check: Any, value: Any, becomes: Any) -> None:
    """Of the strict type."""
    assert check("Owner.member", value) == becomes
    assert type(check("Owner.member", becomes)) is type(becomes)


def test_what_is_strict_is_not_made_again() -> None:
    """What attributes dropped before would be counted twice."""
    attributes, items = Attributes({"": 1}), (EVENT, Special(name="s"))

    assert checked.attributes("", attributes) is attributes
    assert checked.items("", items, Event) is items
    assert checked.instance("", items[1], Event) is items[1]


@pytest.mark.parametrize(
    ("check", "wrong", "expected"),
    [
        (checked.text, [5, None, b"a"], "text"),
        (checked.trace_id, ["0" * 32, SPAN_ID, None], "32 hex digits, not all zero"),
        (checked.span_id, ["0" * 16, TRACE_ID, None], "16 hex digits, not all zero"),
        (
            lambda path, value: checked.number(path, value, INT32),
            [2**31, -(2**31) - 1, 1.0, True],
            "a whole number within int32",
        ),
        (
            lambda path, value: checked.number(path, value, UINT32),
            [-1, 2**32, False, "1"],
            "a whole number from 0 to 2**32 - 1",
        ),
        (
            lambda path, value: checked.number(path, value, NANOSECONDS),
            [-1, 2**64, 1.5],
            "nanoseconds since 1970, 0 to 2**64 - 1",
        ),
        (
            lambda path, value: checked.member(path, value, Colour),
            [True, 2**31, "1", None],
            "a whole number within int32",
        ),
        (checked.attributes, [[("a", 1)], None, "a"], "a mapping (of pairs: dict(pairs))"),
        (lambda path, value: checked.instance(path, value, Event), [None, "e"], "an Event"),
        (lambda path, value: checked.instance(path, value, Colour), [1], "a Colour"),
        (lambda path, value: checked.items(path, value, Event), [5, None], "a list of Event"),
    ],
)
def test_anything_else_is_refused_with_its_path(check: Any, wrong: list[Any], expected: str) -> None:
    """In the one sentence that every error speaks in."""
    for value in wrong:
        with pytest.raises(InvalidValue) as caught:
            check("Owner.member", value)
        assert str(caught.value).startswith(f"Owner.member: expected {expected}, got ")


def test_the_first_wrong_item_is_named() -> None:
    """By its index."""
    with pytest.raises(InvalidValue) as caught:
        checked.items("Owner.member", (EVENT, 5, None), Event)

    assert str(caught.value) == "Owner.member[1]: expected an Event, got int 5"
