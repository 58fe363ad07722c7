# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Times and ids in the text of a body: found, put in order, replaced."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson import InvalidDocument
from otlpjson.inspect.body_text import (
    read_text,
    shifted,
    tree_order,
    with_attributes,
    with_times,
)


def node(name: str, start: Any, end: Any, parent: str = "", events: tuple[int, ...] = ()) -> dict[str, Any]:
    """A span as JSON has it."""
    return {
        "spanId": name,
        "parentSpanId": parent,
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(end),
        "events": [{"timeUnixNano": str(event)} for event in events],
    }


def ordered(*nodes: dict[str, Any]) -> list[int]:
    """The values of all times in the order of the tree."""
    body = read_text(json.dumps(list(nodes)))
    return [body.values[index] for index in tree_order(body)]


def test_ids_are_found_in_the_order_of_the_text() -> None:
    """Of spans and of links, under both forms of their names; each as often as it stands there."""
    text = (
        '{"spans":[{"spanId":"b","traceId":"a","parentSpanId":"","links":[{"trace_id":"A","span_id":"c"}]}]}'
    )

    assert read_text(text).ids == ("a", "b", "", "A", "c")


@pytest.mark.parametrize("form", ["17", '"17"', ' : "17"'])
def test_a_time_is_found_in_each_form(form: str) -> None:
    """As text, as a number, and with white space; and replaced in the same form."""
    text = '{"startTimeUnixNano"' + (form if ":" in form else f":{form}") + ',"end_time_unix_nano":0}'

    assert read_text(text).values == (17, 0)
    assert with_times(read_text(text), {0: 99}) == text.replace("17", "99")
    assert with_times(read_text(text), {}) == text


@pytest.mark.parametrize("value", ['"soon"', "-5", "1.5e18", "null", '"12 "', "9" * 21, "[1]"])
def test_what_is_no_time_stays(value: str) -> None:
    """And is in no order."""
    text = '{"startTimeUnixNano":' + value + ',"endTimeUnixNano":"7"}'
    body = read_text(text)
    new = dict.fromkeys(tree_order(body), 1)

    assert [body.values[index] for index in new] == [7]
    assert with_times(body, new) == text.replace('"7"', '"1"')


def test_a_text_that_looks_like_a_member_is_none() -> None:
    """Its quotation marks are escaped."""
    text = json.dumps({"x": '{"startTimeUnixNano":"17"}', "y": 'a"timeUnixNano":5', 'a"timeUnixNano': 5})

    assert read_text(text).values == ()
    assert with_times(read_text(text), {0: 1}) == text


def test_times_stand_in_the_order_of_the_tree() -> None:
    """Exporters write a span when it ends, so children stand before their parents in the text."""
    assert ordered(
        node("c", 30, 40, "a"),
        node("b", 20, 25, "a", events=(22, 21)),
        node("a", 10, 50, "elsewhere", events=(15, 35)),
        node("z", 5, 6),
    ) == [5, 6, 10, 15, 20, 21, 22, 25, 30, 40, 35, 50]


def test_a_child_is_inside_its_parent_whatever_the_clock_said() -> None:
    """So the order does not hang on how fast a machine was, nor on what its clock can tell apart."""
    assert ordered(node("b", 10, 60, "a"), node("a", 10, 50)) == [10, 10, 60, 50]
    assert ordered(node("a", 20, 50), node("b", 10, 60, "a")) == [20, 10, 60, 50]


def test_unknown_times_are_left_out_of_the_order() -> None:
    """A span without a start counts as the earliest; other times than spans' come last."""
    unfinished = {"spanId": "u", "endTimeUnixNano": "9"}

    assert ordered({"timeUnixNano": "3"}, node("a", 10, 0, "u"), unfinished, node("b", 7, 8)) == [
        10,
        9,
        7,
        8,
        3,
    ]


def test_broken_trees_are_ordered_whole() -> None:
    """A span that is its own ancestor, and one that is there twice: each time once."""
    assert ordered(node("a", 1, 2, "b"), node("b", 3, 4, "a"), node("s", 5, 6, "s")) == [1, 3, 4, 2, 5, 6]
    assert ordered(node("a", 5, 6), node("a", 3, 4), node("c", 7, 8, "a")) == [3, 7, 8, 4, 5, 6]


@pytest.mark.slow
def test_a_deep_tree_needs_no_deep_stack() -> None:
    """Ten thousand generations."""
    spans = [node(str(depth), depth, depth, str(depth - 1)) for depth in range(1, 10_001)]

    assert ordered(*spans) == [*range(1, 10_001), *range(10_000, 0, -1)]


def test_events_in_other_forms_are_left_where_they_are() -> None:
    """What is no list of objects has no times of a span."""
    text = '{"startTimeUnixNano":1,"events":[5,{"x":1}]}{"endTimeUnixNano":2,"events":{"timeUnixNano":3}}'

    assert list(tree_order(read_text(text))) == [0, 1, 2]


def test_shifted_times_are_moved_together() -> None:
    """Never out of the range, and what is unknown stays so."""
    body = read_text(json.dumps([node("a", 100, 0, events=(50,)), node("b", 2**64 - 1, 2**64 - 1)]))

    assert body.earliest_ns == 100
    assert shifted(body, -60) == {0: 40, 2: 1, 3: 2**64 - 61, 4: 2**64 - 61}
    assert shifted(body, 10) == {0: 110, 2: 60, 3: 2**64 - 1, 4: 2**64 - 1}
    assert read_text('{"endTimeUnixNano":5}').earliest_ns is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "nope",
            "body: expected one JSON object, "
            "got text that is not JSON (Expecting value: line 1 column 1 (char 0)) (JSON)",
        ),
        (
            '{}\n{"a"',
            "body: expected one JSON object, "
            "got text that is not JSON (Expecting ':' delimiter: line 2 column 5 (char 7)) (JSON)",
        ),
        ("[" * 100_000, "body: JSON is nested too deeply (DEC-11)"),
    ],
)
def test_what_is_no_json_is_refused(text: str, sentence: str) -> None:
    """Its ids and times cannot be known."""
    with pytest.raises(InvalidDocument) as caught:
        read_text(text)

    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (
            '{"key":"id","value":{"stringValue":"82acc915"}}',
            '{"key":"id","value":{"stringValue":"one"}}',
        ),
        (
            '{ "key" : "id" ,\n "value" : { "stringValue" : "a\\"}\\\\" } }',
            '{ "key" : "id" ,\n "value" : { "stringValue" : "one" } }',
        ),
        ('{"key":"pid","value":{"intValue":"77"}}', '{"key":"pid","value":{"intValue":"1"}}'),
        ('{"key":"pid","value":{"intValue":77}}', '{"key":"pid","value":{"intValue":1}}'),
        ('{"key":"pid","value":{"doubleValue":7.5e-3}}', '{"key":"pid","value":{"doubleValue":1}}'),
        ('{"key":"caf\\u00e9","value":{"boolValue":true}}', '{"key":"caf\\u00e9","value":{"boolValue":0}}'),
    ],
)
def test_a_value_keeps_its_form(text: str, result: str) -> None:
    """A text stays a text and a bare number a bare one; white space stays, and a key may be escaped."""
    assert with_attributes(text, {"id": "one", "pid": 1, "café": 0}) == result


@pytest.mark.parametrize(
    "text",
    [
        '{"key":"other","value":{"stringValue":"82acc915"}}',
        '{"key":"id","value":{}}',
        '{"key":"id","value":{"arrayValue":{"values":[]}}}',
        '{"stringValue":"{\\"key\\":\\"id\\",\\"value\\":{\\"stringValue\\":\\"x\\"}}"}',
    ],
)
def test_all_else_stays(text: str) -> None:
    """Other keys, values that are no scalars, and what only looks like an attribute inside a text."""
    assert with_attributes(text, {"id": "one"}) == text
    assert with_attributes(text, {}) == text
