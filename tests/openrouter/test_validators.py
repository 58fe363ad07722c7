# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The converters and checks of the model's fields, each by itself."""

from __future__ import annotations

import enum
from typing import Any

import attrs
import pytest

from otlpjson import Attributes, Event, InvalidValue
from otlpjson.core import fields

TRACE_ID = "5b8efff798038103d269b633813fc60c"
SPAN_ID = "eee19b7ec3c1b174"


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


def refused(check: fields.Check, value: Any) -> str | None:
    """What a field with this check says of a value; ``None`` where it accepts it."""
    owner = attrs.make_class("Owner", {"field": attrs.field(validator=check)})
    try:
        owner(value)
    except InvalidValue as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("convert", "value", "becomes"),
    [
        (fields.text, "a\ud800", "a\ufffd"),
        (fields.text, Text("own"), "own"),
        (fields.text, 5, 5),
        (fields.lower, "AB", "ab"),
        (fields.lower, None, None),
        (fields.whole, 7, 7),
        (fields.whole, Colour.RED, 1),
        (fields.whole, Foreign(), 5),
        (fields.whole, True, True),
        (fields.whole, 1.0, 1.0),
        (fields.whole, "1", "1"),
        (fields.as_tuple, [1, 2], (1, 2)),
        (fields.as_tuple, iter("ab"), ("a", "b")),
        (fields.as_tuple, 5, 5),
        (fields.as_attributes, {"a": 1}, Attributes({"a": 1})),
        (fields.as_attributes, [("a", 1)], [("a", 1)]),
    ],
)
def test_a_converter_passes_on_what_it_cannot_convert(convert: Any, value: Any, becomes: Any) -> None:
    """The rest gets its strict form, of the strict type."""
    assert convert(value) == becomes
    assert type(convert(value)) is type(becomes)


def test_attributes_are_not_converted_again() -> None:
    """What they dropped before would be counted twice."""
    given = Attributes({"": 1})

    assert fields.as_attributes(given) is given


def test_a_number_becomes_the_member_that_an_enum_knows() -> None:
    """Others stay, and a bool is no number."""
    assert fields.member_or_number(Colour, 1) is Colour.RED
    assert fields.member_or_number(Colour, 2) == 2
    assert fields.member_or_number(Colour, True) is True


@pytest.mark.parametrize(
    ("check", "good", "bad", "expected"),
    [
        (fields.TEXT, ["", "a"], [5, None, Text("a")], "text"),
        (fields.TRACE_ID, [TRACE_ID], ["0" * 32, SPAN_ID, None], "32 hex digits, not all zero"),
        (fields.SPAN_ID, [SPAN_ID], ["0" * 16, TRACE_ID, None], "16 hex digits, not all zero"),
        (
            fields.INT32,
            [-(2**31), 2**31 - 1],
            [2**31, -(2**31) - 1, 1.0, True],
            "a whole number within int32",
        ),
        (fields.UINT32, [0, 2**32 - 1], [-1, 2**32, False, "1"], "a whole number from 0 to 2**32 - 1"),
        (fields.NANOSECONDS, [0, 2**64 - 1], [-1, 2**64, 1.5], "nanoseconds since 1970, 0 to 2**64 - 1"),
        (fields.ATTRIBUTES, [Attributes()], [{}, None], "a mapping (of pairs: dict(pairs))"),
        (fields.instance_of(Event), [Event(name="e")], [None, "e"], "an Event"),
        (fields.instance_of(Colour), [Colour.RED], [1], "a Colour"),
        (fields.tuple_of(Event), [(), (Event(name="e"),)], [[], None], "a list of Event"),
    ],
)
def test_a_check_accepts_or_names_the_field(
    check: fields.Check, good: list[Any], bad: list[Any], expected: str
) -> None:
    """In the one sentence that every error speaks in."""
    assert [refused(check, value) for value in good] == [None] * len(good)
    for value in bad:
        assert (refused(check, value) or "").startswith(f"Owner.field: expected {expected}, got ")


def test_the_first_wrong_item_of_a_tuple_is_named() -> None:
    """By its index."""
    told = refused(fields.tuple_of(Event), (Event(name="e"), 5, None))

    assert told == "Owner.field[1]: expected an Event, got int 5"
