# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Compact JSON text of any value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from otlpjson.openrouter.compact import compact, is_deep

from .. import strategies


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": [1, "é"], "a": None}, '{"b":[1,"é"],"a":null}'),
        ({1: True, None: 1.5}, '{"1":true,"null":1.5}'),
        ("", '""'),
        (None, "null"),
        (
            {"n": float("nan"), "p": float("inf"), "m": float("-inf")},
            '{"n":"NaN","p":"Infinity","m":"-Infinity"}',
        ),
        (
            {"o": object(), "b": b"\x00\xff", "s": {2, 1}, "d": {(): 1}},
            '{"o":"<object>","b":"AP8=","s":[1,2],"d":{}}',
        ),
    ],
)
def test_a_value_keeps_its_order_and_loses_its_white_space(value: Any, text: str) -> None:
    """Values that JSON cannot hold are converted like attributes."""
    assert compact(value) == text


def test_values_without_end_are_cut() -> None:
    """These are a list inside itself and one nested too deeply for any reader."""
    own: list[Any] = []
    own.append(own)
    deep: list[Any] = []
    for _ in range(201):
        deep = [deep]
    kept: list[Any] = []
    for _ in range(199):
        kept = [kept]

    assert compact(own) == "[null]"
    assert compact(deep) == "[" * 64 + "null" + "]" * 64
    assert compact(kept) == "[" * 200 + "]" * 200
    assert compact({"a": {"b": deep}}).count("[") == 62


@strategies.examples(200)
@given(strategies.values)
def test_every_value_has_a_text_that_reads_back(value: Any) -> None:
    """The text is always JSON; nothing raises."""
    json.loads(compact(value))


@strategies.examples(200)
@given(strategies.json_values)
def test_json_reads_back_as_it_was(value: Any) -> None:
    """This is so for all values of JSON, which NaN is not."""
    if "NaN" not in repr(value) and "nan" not in repr(value) and "inf" not in repr(value):
        assert json.loads(compact(value)) == value


def test_what_is_in_many_places_is_looked_into_once_per_level() -> None:
    """Each of these lists holds the one before it twice: walked through, they would be a million."""
    value: Any = []
    for _ in range(20):
        value = [value, value]

    assert not is_deep(value)


@pytest.mark.parametrize(("depth", "deep"), [(199, False), (200, True)])
def test_depth_is_counted_to_the_level(depth: int, deep: bool) -> None:
    """However wide the levels are; the empty objects are one more."""
    value: Any = "x"
    for _ in range(depth):
        value = [value, *([{}] * 70)]

    assert is_deep(value) is deep
