# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What becomes of a value, row by row; the golden files show the bytes."""

from __future__ import annotations

import datetime
import enum
import itertools
import pathlib
import uuid
from collections import OrderedDict, UserDict, defaultdict, namedtuple
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from otlpjson import Attributes, InvalidValue
from otlpjson.core.python_scalars import clean_text


class Text(str):
    """A text with a will of its own."""

    def __str__(self) -> str:
        raise AssertionError("code of the value ran")

    encode = __repr__ = __format__ = __str__  # type: ignore[assignment]  # hostile on purpose


class Number(int):
    """A number with a will of its own."""

    def __int__(self) -> int:
        raise AssertionError("code of the value ran")

    __index__ = __repr__ = __str__ = __lt__ = __le__ = __int__  # type: ignore[assignment]  # hostile on purpose


class Row(list):  # type: ignore[type-arg]  # hostile on purpose
    """A list with a will of its own."""

    def __iter__(self) -> Any:
        raise AssertionError("code of the value ran")

    __len__ = __getitem__ = copy = __iter__  # type: ignore[assignment]  # hostile on purpose


class Table(dict):  # type: ignore[type-arg]  # hostile on purpose
    """A dict with a will of its own."""

    def items(self) -> Any:
        raise AssertionError("code of the value ran")

    __iter__ = __getitem__ = keys = items  # type: ignore[assignment]  # hostile on purpose


def refuse(self: Any) -> Any:
    """A property that must not be asked for."""
    raise AssertionError("code of the value ran")


# An object that says it is a text, and one whose class will not tell its name.
Liar = type("Liar", (), {"__class__": property(lambda self: str), "__str__": refuse})
Meta = type("Meta", (type,), {"__name__": property(refuse)})
Secretive = Meta("Secretive", (), {})


class Way(enum.Flag):
    """Members that can be combined."""

    IN = 1
    OUT = 2


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "becomes", "replaced"),
    [
        ("text", "text", 0),
        (Text("sub"), "sub", 0),
        (Number(7), 7, 0),
        (True, True, 0),
        (1.5, 1.5, 0),
        (type("F", (float,), {})(2.5), 2.5, 0),
        (type("B", (bytes,), {})(b"b"), b"b", 0),
        (bytearray(b"b"), b"b", 0),
        (None, None, 0),
        (Row([1, 2]), (1, 2), 0),
        (Point(1, 2), (1, 2), 0),
        (Table(a=1), Attributes({"a": 1}), 0),
        (OrderedDict(a=1), Attributes({"a": 1}), 0),
        (defaultdict(int, a=1), Attributes({"a": 1}), 0),
        (MappingProxyType({"a": 1}), Attributes({"a": 1}), 0),
        (UserDict(a=1), "<UserDict>", 1),
        (memoryview(b"b"), "<memoryview>", 1),
        (Liar(), "<Liar>", 1),
        (Secretive(), "<Secretive>", 1),
        (2**63 - 1, 2**63 - 1, 0),
        (2**63, "9223372036854775808", 1),
        (Number(-(2**63) - 1), "-9223372036854775809", 1),
        ("a\ud800b\udfff", "a\ufffdb\ufffd", 1),
        (Decimal("NaN"), "NaN", 0),
        (Way.IN, "IN", 0),
        ({3, "3", 3.5}, (3.5, 3, "3"), 0),
        ([[["\ud800"], 2**64]], ((("\ufffd",), "18446744073709551616"),), 2),
    ],
    ids=map(str, itertools.count()),  # pytest would ask the hostile ones for a text
)
def test_a_value_becomes_its_strict_form(value: Any, becomes: Any, replaced: int) -> None:
    """The table at the top of the module; no code of the value runs."""
    attributes = Attributes({"key": value})

    assert attributes["key"] == becomes
    assert type(attributes["key"]) is type(becomes)
    assert (attributes.replaced_count, attributes.dropped_count) == (replaced, 0)


# A time zone that cannot say its offset.
BadZone = type("BadZone", (datetime.tzinfo,), {"utcoffset": lambda self, moment: 1 / 0})


@pytest.mark.parametrize(
    ("value", "becomes"),
    [
        (datetime.datetime(2020, 1, 1, tzinfo=BadZone()), "<datetime>"),
        (datetime.time(1, tzinfo=BadZone()), "<time>"),
        (object.__new__(uuid.UUID), "<UUID>"),
        (object.__new__(pathlib.PurePosixPath), "<PurePosixPath>"),
        (object.__new__(Way), "<Way>"),
    ],
    ids=map(str, itertools.count()),  # pytest would ask the broken ones for a text
)
def test_a_value_whose_text_cannot_be_had_is_replaced(value: Any, becomes: str) -> None:
    """As any foreign object is, whatever its conversion raises."""
    attributes = Attributes({"a": value, "b": [value], "c": 1})

    assert dict(attributes) == {"a": becomes, "b": (becomes,), "c": 1}
    assert (attributes.replaced_count, attributes.dropped_count) == (2, 0)


def test_a_combination_of_flags_has_a_text_or_a_number_by_python_version() -> None:
    """From Python 3.11 it has a name; before, its number is what it is."""
    assert Attributes({"way": Way.IN | Way.OUT})["way"] in ("IN|OUT", 3)


@pytest.mark.parametrize(
    ("key", "becomes"),
    [
        ("text", "text"),
        (Text("sub"), "sub"),
        (1, "1"),
        (Number(7), "7"),
        (10**5000, "1" + "0" * 5000),
        (1.5, "1.5"),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (True, "true"),
        (False, "false"),
        (None, "null"),
        ("k\ud800", "k\ufffd"),
    ],
    ids=map(str, itertools.count()),
)
def test_a_key_becomes_what_json_would_write(key: Any, becomes: str) -> None:
    """A key that is no text but has one."""
    assert list(Attributes({key: 0})) == [becomes]


@pytest.mark.parametrize("key", [(), b"b", object, Decimal(1), ""])
def test_what_cannot_be_a_key_is_dropped_and_counted(key: Any) -> None:
    """VAL-5: keys are not empty and are texts."""
    attributes = Attributes({key: 0, "kept": 1})

    assert dict(attributes) == {"kept": 1}
    assert attributes.dropped_count == 1


def test_the_last_of_equal_keys_wins_in_the_place_of_the_first() -> None:
    """VAL-5: setting a key again overwrites it; the loss is counted."""
    attributes = Attributes({1: "first", "b": 0, "1": "last"})

    assert list(attributes.items()) == [("1", "last"), ("b", 0)]
    assert attributes.dropped_count == 1


def test_what_nested_maps_lose_is_counted_outside() -> None:
    """OTLP has a count for the outermost attributes alone."""
    inner = Attributes({"": 0, "x": object()}, dropped_count=3)
    attributes = Attributes({"a": {"b": {"": 1}}, "c": inner}, dropped_count=10)

    assert attributes.dropped_count == 15
    assert attributes.replaced_count == 1
    nested = attributes["c"]
    assert isinstance(nested, Attributes)
    assert (nested.dropped_count, nested.replaced_count) == (0, 0)


def test_the_extremes_of_int64_stay_numbers_beside_any_value() -> None:
    """Also where another value has to be converted."""
    given = {"low": -(2**63), "high": 2**63 - 1, "list": [-(2**63), 2**63 - 1]}

    assert dict(Attributes(given)) == {**given, "list": (-(2**63), 2**63 - 1)}


def test_the_dropped_count_stays_within_uint32() -> None:
    """The wire has no more room."""
    assert Attributes({"": 0}, dropped_count=2**32 - 1).dropped_count == 2**32 - 1


@pytest.mark.parametrize("depth", [63, 64, 65, 66])
def test_containers_deeper_than_64_are_empty(depth: int) -> None:
    """ENC-9: 64 in one another are kept, and the one inside them is not."""
    value: Any = {"leaf": 1}
    for _ in range(depth - 1):
        value = [value]
    attributes = Attributes({"deep": value})
    levels, inner = 0, attributes["deep"]
    while isinstance(inner, tuple):
        levels, inner = levels + 1, inner[0]

    assert levels == min(depth - 1, 64)
    assert inner == (None if depth > 64 else {"leaf": 1})
    assert attributes.replaced_count == (1 if depth > 64 else 0)


def test_a_map_inside_itself_is_empty_there() -> None:
    """A cycle ends where it closes."""
    own: dict[str, Any] = {"a": 1}
    own["own"] = own
    attributes = Attributes({"map": own})

    assert attributes == {"map": {"a": 1, "own": None}}
    assert attributes.replaced_count == 1


def test_attributes_are_a_mapping_that_cannot_change() -> None:
    """Look-ups work as with any mapping; nothing can be set, and the source is not shared."""
    source = {"a": [1]}
    attributes = Attributes(source)
    source["b"] = source["a"] = [2]

    assert dict(attributes) == {"a": (1,)}
    assert attributes.get("b") is None
    assert "a" in attributes and len(attributes) == 1
    with pytest.raises(TypeError):
        attributes["a"] = 2  # type: ignore[index]  # the point of the test
    with pytest.raises(AttributeError):
        attributes.dropped_count = 2  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize(
    ("one", "other"),
    [({"a": 1}, {"a": True}), ({"a": 1}, {"a": 1.0}), ({"a": 0.0}, {"a": -0.0}), ({"a": "b"}, {"a": b"b"})],
)
def test_values_of_another_type_are_not_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Python's 1 == True would make two different bodies equal."""
    assert Attributes(one) != Attributes(other)
    assert Attributes(one) == Attributes(one) == one
    assert hash(Attributes(one)) == hash(Attributes(dict(one)))


def test_order_and_dropped_count_are_part_of_equality_and_nan_equals_itself() -> None:
    """Equal are two that give the same bytes."""
    assert Attributes({"a": 1, "b": 2}) != Attributes({"b": 2, "a": 1})
    assert Attributes({}, dropped_count=1) != Attributes({})
    assert Attributes({"n": float("nan")}) == Attributes({"n": float("nan")})
    assert Attributes({}) != []


def test_repr_shows_keys_and_counts_but_no_values() -> None:
    """Values may be prompts."""
    assert repr(Attributes({"a": "secret"}, dropped_count=2)) == "<Attributes: 1 (a), 2 dropped>"
    assert repr(Attributes(dict.fromkeys("abcdef", 0))) == "<Attributes: 6 (a, b, c, d, …), 0 dropped>"


@pytest.mark.parametrize(
    ("mapping", "found"),
    [([("a", 1)], "list"), ("ab", "str 'ab'"), (None, "nothing"), (5, "int 5"), ({"a"}, "set")],
)
def test_only_a_mapping_is_taken(mapping: Any, found: str) -> None:
    """The sentence says how pairs become one."""
    with pytest.raises(InvalidValue) as caught:
        Attributes(mapping)

    assert str(caught.value) == f"Attributes: expected a mapping (of pairs: dict(pairs)), got {found}"


@pytest.mark.parametrize(
    ("count", "found"),
    [
        (-1, "int -1"),
        (2**32, "int 4294967296"),
        (True, "bool True"),
        (1.0, "float 1.0"),
        ("1", "str '1'"),
        (None, "nothing"),
    ],
)
def test_only_uint32_is_a_dropped_count(count: Any, found: str) -> None:
    """A count is a whole number that fits the wire."""
    with pytest.raises(InvalidValue) as caught:
        Attributes({}, dropped_count=count)

    assert (
        str(caught.value)
        == f"Attributes.dropped_count: expected a whole number from 0 to 2**32 - 1, got {found}"
    )


@pytest.mark.parametrize(
    ("text", "cleaned"), [("a", "a"), ("é😀", "é😀"), ("\ud83d\ude00", "\ufffd\ufffd"), ("", "")]
)
def test_clean_text_replaces_each_lone_surrogate(text: str, cleaned: str) -> None:
    """ENC-5: two halves that were never joined are two lone ones."""
    assert clean_text(text) == cleaned


def test_hashes_tell_attributes_apart() -> None:
    """Equal ones have equal hashes; of others it would be a miracle."""
    assert hash(Attributes({"a": 1})) == hash(Attributes({"a": 1}))
    assert len({hash(Attributes({"a": number})) for number in range(100)}) > 90


@pytest.mark.parametrize(
    ("count", "keys"), [(3, "k0, k1, k2"), (4, "k0, k1, k2, k3"), (5, "k0, k1, k2, k3, …")]
)
def test_repr_shows_up_to_four_keys(count: int, keys: str) -> None:
    """And that there are more."""
    attributes = Attributes({f"k{number}": 1 for number in range(count)})

    assert repr(attributes) == f"<Attributes: {count} ({keys}), 0 dropped>"


@pytest.mark.parametrize(
    ("value", "becomes"),
    [
        ({9, 10}, (10, 9)),
        ({"b'", "a"}, ("a", "b'")),
        ({2.5, "x", 10, None, b"y"}, (None, b"y", 2.5, 10, "x")),
        ({(1, frozenset({2}))}, ((1, (2,)),)),
    ],
)
def test_a_set_is_sorted_by_type_and_text(value: Any, becomes: Any) -> None:
    """So that bytes are the same in every run; what is in it may be nested."""
    assert Attributes({"s": value})["s"] == becomes


def test_flags_of_which_none_is_set_are_their_number() -> None:
    """They have no name."""
    assert Attributes({"f": Way(0)}) == Attributes({"f": 0})


def test_replaced_values_of_all_maps_are_counted() -> None:
    """Of a mapping that is Attributes already, too."""
    inner = Attributes({"b": object(), "c": object()})

    assert Attributes({"a": object(), "m": inner, "n": inner}).replaced_count == 5


class Broken(Mapping[str, Any]):
    """A mapping whose own code fails."""

    def __getitem__(self, key: str) -> Any:
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        yield "a"

    def __len__(self) -> int:
        return 1


def test_a_mapping_whose_own_code_fails_is_refused() -> None:
    """With its class, and without its error, which may hold content."""
    with pytest.raises(InvalidValue) as caught:
        Attributes(Broken())

    assert str(caught.value) == "Attributes: expected a mapping, got Broken, whose items cannot be read"
    assert caught.value.__cause__ is None


def test_a_nested_mapping_whose_own_code_fails_is_replaced() -> None:
    """Like any other object without an OTLP value; what comes after it is kept."""
    attributes = Attributes({"a": MappingProxyType(Broken()), "b": 1})

    assert attributes == {"a": "<mappingproxy>", "b": 1}
    assert attributes.replaced_count == 1
