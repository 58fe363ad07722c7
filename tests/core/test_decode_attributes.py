# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Attributes of OTLP/JSON: every kind of value, what is refused among them, and what is counted as dropped."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

import pytest

from otlpjson import Attributes, InvalidDocument
from otlpjson.core.decode_attributes import read_attributes
from otlpjson.core.findings import Findings, Path, Severity

from ..readings import Fault, case_id, lenient, same, strict

VALUE: Final = "body.attributes[0].value"
NOT_WHOLE: Final = ("PROTO", "a whole number, bare or as decimal text")
NOT_DOUBLE: Final = ("DEC-9", 'a number, "NaN", "Infinity" or "-Infinity"')
TOO_DEEP: Final = ("ENC-9", "", "nested deeper than 64 lists and maps", "left out")
NO_KEY: Final = ("VAL-5", "", "empty key", "left out")
NULL: Final = ("ENC-8", "", "null", "treated as absent")
UNKNOWN: Final = ("DEC-7", "", "unknown field", "ignored")


def with_value(any_value: str) -> str:
    """The members of a message with one attribute."""
    return f'{{"attributes":[{{"key":"a","value":{any_value}}}]}}'


def nested(containers: int, innermost: str = "{}") -> str:
    """A value inside so many lists."""
    return '{"arrayValue":{"values":[' * containers + innermost + "]}}" * containers


def nested_maps(containers: int, innermost: str = "{}") -> str:
    """A value inside so many maps."""
    opening = '{"kvlistValue":{"values":[{"key":"k","value":'
    return opening * containers + innermost + "}]}}" * containers


def maps(count: int, innermost: Any) -> Any:
    """So many dicts in one another."""
    for _ in range(count):
        innermost = {"k": innermost}
    return innermost


def lists(count: int, innermost: Any) -> Any:
    """So many tuples in one another."""
    for _ in range(count):
        innermost = (innermost,)
    return innermost


# Every kind at its default and at its extremes; nothing is found.
RIGHT: Final[list[tuple[str, Any]]] = [
    ("{}", None),
    ('{"stringValue":""}', ""),
    ('{"stringValue":"\\u0000\\ud83d\\ude00"}', "\0😀"),
    ('{"boolValue":false}', False),
    ('{"boolValue":true}', True),
    ('{"intValue":"0"}', 0),
    ('{"intValue":0}', 0),
    ('{"intValue":"-9223372036854775808"}', -(2**63)),
    ('{"intValue":9223372036854775807}', 2**63 - 1),
    ('{"doubleValue":0.0}', 0.0),
    ('{"doubleValue":-0.0}', -0.0),
    ('{"doubleValue":-0}', -0.0),
    ('{"doubleValue":1}', 1.0),
    ('{"doubleValue":5e-324}', 5e-324),
    ('{"doubleValue":1.7976931348623157e+308}', sys.float_info.max),
    ('{"doubleValue":"NaN"}', float("nan")),
    ('{"doubleValue":"Infinity"}', float("inf")),
    ('{"doubleValue":"-Infinity"}', float("-inf")),
    ('{"bytesValue":""}', b""),
    ('{"bytesValue":"AAH/"}', b"\0\1\xff"),
    ('{"arrayValue":{}}', ()),
    ('{"arrayValue":{"values":[]}}', ()),
    ('{"arrayValue":{"values":[{},{"stringValue":""},{"intValue":1},{"arrayValue":{}}]}}', (None, "", 1, ())),
    ('{"kvlistValue":{}}', {}),
    ('{"kvlistValue":{"values":[]}}', {}),
    ('{"kvlistValue":{"values":[{"key":"k","value":{"kvlistValue":{}}}]}}', {"k": {}}),
    (nested(63, '{"arrayValue":{}}'), lists(63, ())),
    (nested(63, '{"kvlistValue":{"values":[{"key":"k","value":{"intValue":1}}]}}'), lists(63, {"k": 1})),
    (nested(64, '{"intValue":1}'), lists(64, 1)),
    (nested_maps(64, '{"intValue":1}'), maps(64, 1)),
    (nested_maps(32, nested(32, '{"intValue":1}')), maps(32, lists(32, 1))),
]

# What a strict reader refuses, and what a lenient one makes of the whole value.
WRONG: Final[list[Fault]] = [
    Fault('{"stringValue":5}', None, "PROTO", "text", "number 5", "left out", f"{VALUE}.stringValue"),
    Fault(
        '{"stringValue":"a\\ud800"}',
        "a\N{REPLACEMENT CHARACTER}",
        *("ENC-5", "", "lone surrogate"),
        "read as U+FFFD",
        f"{VALUE}.stringValue",
    ),
    Fault('{"boolValue":1}', None, "PROTO", "true or false", "number 1", "left out", f"{VALUE}.boolValue"),
    Fault('{"intValue":"x"}', None, *NOT_WHOLE, "text 'x'", "left out", f"{VALUE}.intValue"),
    Fault(
        '{"intValue":9223372036854775808}',
        "9223372036854775808",
        *("ENC-11", "a whole number within int64", "number 9223372036854775808"),
        "read as text",
        f"{VALUE}.intValue",
    ),
    # As many digits as the largest int64.
    Fault(
        '{"intValue":"9999999999999999999"}',
        "9999999999999999999",
        *("ENC-11", "a whole number within int64", "text '9999999999999999999'"),
        "read as text",
        f"{VALUE}.intValue",
    ),
    Fault(
        '{"doubleValue":NaN}',
        float("nan"),
        *NOT_DOUBLE,
        "NaN, which is not JSON",
        "read as NaN",
        f"{VALUE}.doubleValue",
    ),
    Fault('{"doubleValue":true}', None, *NOT_DOUBLE, "true", "left out", f"{VALUE}.doubleValue"),
    Fault(
        '{"doubleValue":"inf"}',
        float("inf"),
        *NOT_DOUBLE,
        "text 'inf'",
        "read as inf",
        f"{VALUE}.doubleValue",
    ),
    Fault('{"doubleValue":null}', None, *NOT_DOUBLE, "null", "left out", f"{VALUE}.doubleValue"),
    Fault('{"doubleValue":null,"intValue":"1"}', 1, *NOT_DOUBLE, "null", "left out", f"{VALUE}.doubleValue"),
    Fault('{"bytesValue":"?"}', None, "DEC-8", "base64", "text '?'", "left out", f"{VALUE}.bytesValue"),
    Fault(
        '{"stringValue":"a","intValue":"1"}',
        1,
        *("DEC-1", "one value", "stringValue and intValue", "the last one counts"),
        VALUE,
    ),
    Fault(
        '{"intValue":"1","arrayValue":{},"stringValue":"a"}',
        "a",
        *("DEC-1", "one value", "intValue and arrayValue and stringValue", "the last one counts"),
        VALUE,
    ),
    Fault(
        '{"stringValue":"a","stringValue":"b"}',
        "b",
        *("JSON", "", "duplicate member", "the last one counts"),
        f"{VALUE}.stringValue",
    ),
    Fault('"text"', None, "PROTO", "an object", "text 'text'", "left out", VALUE),
    Fault("5", None, "PROTO", "an object", "number 5", "left out", VALUE),
    Fault("1.5", None, "PROTO", "an object", "number 1.5", "left out", VALUE),
    Fault("[]", None, "PROTO", "an object", "a list", "left out", VALUE),
    Fault('{"arrayValue":[]}', None, "PROTO", "an object", "a list", "left out", f"{VALUE}.arrayValue"),
    Fault('{"kvlistValue":"x"}', None, "PROTO", "an object", "text 'x'", "left out", f"{VALUE}.kvlistValue"),
    Fault(
        '{"arrayValue":{"values":{}}}',
        (),
        *("PROTO", "a list", "an object", "left out"),
        f"{VALUE}.arrayValue.values",
    ),
    Fault(
        '{"kvlistValue":{"values":7}}',
        {},
        *("PROTO", "a list", "number 7", "left out"),
        f"{VALUE}.kvlistValue.values",
    ),
    Fault(
        '{"arrayValue":{"values":[{"intValue":1},null,{"intValue":2}]}}',
        (1, None, 2),
        *("DEC-10", "", "null in a list", "read as an empty value"),
        f"{VALUE}.arrayValue.values[1]",
    ),
    Fault(
        nested(65),
        lists(64, None),
        *TOO_DEEP,
        VALUE + ".arrayValue.values[0]" * 64 + ".arrayValue",
    ),
    Fault(
        nested_maps(65),
        maps(64, None),
        *TOO_DEEP,
        VALUE + ".kvlistValue.values[0].value" * 64 + ".kvlistValue",
    ),
    Fault(
        nested(64, '{"kvlistValue":{}}'),
        lists(64, None),
        *TOO_DEEP,
        VALUE + ".arrayValue.values[0]" * 64 + ".kvlistValue",
    ),
]

# What every reader takes with a warning.
ODD: Final[list[Fault]] = [
    Fault('{"intValue":null}', None, *NULL, f"{VALUE}.intValue"),
    Fault('{"stringValue":null}', None, *NULL, f"{VALUE}.stringValue"),
    Fault('{"arrayValue":null}', None, *NULL, f"{VALUE}.arrayValue"),
    Fault('{"stringValue":null,"boolValue":false}', False, *NULL, f"{VALUE}.stringValue"),
    Fault('{"arrayValue":{"values":null}}', (), *NULL, f"{VALUE}.arrayValue.values"),
    Fault('{"kvlistValue":{"values":null}}', {}, *NULL, f"{VALUE}.kvlistValue.values"),
    Fault('{"stringValueOfMine":1}', None, *UNKNOWN, f"{VALUE}.stringValueOfMine"),
    Fault('{"intValue":"1","x":[{}]}', 1, *UNKNOWN, f"{VALUE}.x"),
    Fault('{"arrayValue":{"values":[{}],"x":{}}}', (None,), *UNKNOWN, f"{VALUE}.arrayValue.x"),
    Fault('{"kvlistValue":{"x":1}}', {}, *UNKNOWN, f"{VALUE}.kvlistValue.x"),
    Fault(
        '{"kvlistValue":{"values":[{"key":"k","value":{"boolValue":true,"x":null}}]}}',
        {"k": True},
        *NULL,
        f"{VALUE}.kvlistValue.values[0].value.x",
    ),
    Fault(
        '{"kvlistValue":{"values":[{"key":"k","value":{},"keyOfMine":1}]}}',
        {"k": None},
        *UNKNOWN,
        f"{VALUE}.kvlistValue.values[0].keyOfMine",
    ),
    Fault(
        '{"kvlistValue":{"values":[{"key":"k"}]}}',
        {"k": None},
        *("ENC-2", "", "missing value", "read as an empty value"),
        f"{VALUE}.kvlistValue.values[0].value",
    ),
    Fault(
        '{"bytesValue":"-_-_"}',
        b"\xfb\xff\xbf",
        *("ENC-6", "padded standard base64", "a URL-safe or unpadded form, which the Collector refuses", ""),
        f"{VALUE}.bytesValue",
    ),
]

# What is wrong with pairs: the list, what a lenient reader keeps and counts, and the finding.
PAIR: Final = "body.attributes[0]"
A: Final = '{"key":"a","value":{"intValue":1}}'
WRONG_PAIRS: Final[list[tuple[Fault, int]]] = [
    (Fault('[{"key":"","value":{}}]', {}, *NO_KEY, f"{PAIR}.key"), 1),
    # Values of the usual forms, which are read in a shorter way.
    (Fault('[{"key":"","value":{"stringValue":"x"}}]', {}, *NO_KEY, f"{PAIR}.key"), 1),
    *(
        (
            Fault(
                f'[{{"key":"a","value":{value}}},{{"key":"a","value":{value}}}]',
                {"a": found},
                *("VAL-5", "", "duplicate key text 'a'", "the last one counts"),
                "body.attributes[1].key",
            ),
            1,
        )
        for value, found in (
            ('{"stringValue":"x"}', "x"),
            ('{"stringValue":"ü"}', "ü"),
            ('{"intValue":"7"}', 7),
            ('{"boolValue":true}', True),
        )
    ),
    (Fault('[{"value":{"intValue":1}}]', {}, *NO_KEY, f"{PAIR}.key"), 1),
    (Fault("[{}]", {}, *NO_KEY, f"{PAIR}.key"), 1),
    (Fault('[{"key":5,"value":{}}]', {}, "PROTO", "text", "number 5", "left out", f"{PAIR}.key"), 1),
    (
        Fault(
            f'[{A},{{"key":"b","value":{{}}}},{{"key":"a","value":{{"intValue":2}}}}]',
            {"a": 2, "b": None},
            *("VAL-5", "", "duplicate key text 'a'", "the last one counts"),
            "body.attributes[2].key",
        ),
        1,
    ),
    (
        Fault(
            '[{"key":"k\\ud800","value":{"intValue":1}}]',
            {"k\N{REPLACEMENT CHARACTER}": 1},
            *("ENC-5", "", "lone surrogate"),
            "read as U+FFFD",
            f"{PAIR}.key",
        ),
        0,
    ),
    (Fault(f"[null,{A}]", {"a": 1}, "DEC-10", "an object", "null", "left out", PAIR), 1),
    (Fault(f'["a",{A}]', {"a": 1}, "PROTO", "an object", "text 'a'", "left out", PAIR), 1),
    (Fault('{"a":1}', {}, "PROTO", "a list", "an object", "left out", "body.attributes"), 0),
    (
        Fault(
            f'[{{"key":"m","value":{{"kvlistValue":{{"values":[{A},{A}]}}}}}}]',
            {"m": {"a": 1}},
            *("VAL-5", "", "duplicate key text 'a'", "the last one counts"),
            f"{PAIR}.value.kvlistValue.values[1].key",
        ),
        1,
    ),
]


def attributes(raw: Any, path: Path, findings: Findings) -> Attributes:
    """The attributes among a message's members."""
    return read_attributes(raw, path, findings)


@pytest.mark.parametrize(("any_value", "value"), RIGHT, ids=case_id)
def test_every_kind_of_value_is_read_without_a_finding(any_value: str, value: Any) -> None:
    """7.3: at its default and at its extremes, and nested up to the limit (ENC-9)."""
    for reading in (lenient, strict):
        read, findings = reading(attributes, with_value(any_value))

        assert read == Attributes({"a": value})
        assert findings == []


@pytest.mark.parametrize("fault", WRONG, ids=case_id)
def test_a_strict_reader_refuses_a_wrong_value(fault: Fault) -> None:
    """DEC-1, DEC-8, DEC-9, DEC-10, ENC-9, ENC-11: with its place inside the value."""
    with pytest.raises(InvalidDocument) as caught:
        strict(attributes, with_value(fault.json))

    assert str(caught.value) == fault.refusal


@pytest.mark.parametrize("fault", WRONG, ids=case_id)
def test_a_lenient_reader_repairs_a_wrong_value(fault: Fault) -> None:
    """The attribute stays, with an empty value where nothing can be read."""
    read, findings = lenient(attributes, with_value(fault.json))

    assert read == Attributes({"a": fault.value})
    assert findings == [fault.finding()]


@pytest.mark.parametrize("fault", ODD, ids=case_id)
def test_null_and_unknown_members_in_a_value_are_warnings(fault: Fault) -> None:
    """DEC-7, DEC-10: at every level of a value."""
    for reading in (lenient, strict):
        read, findings = reading(attributes, with_value(fault.json))

        assert read == Attributes({"a": fault.value})
        assert findings == [fault.finding(Severity.WARNING)]


@pytest.mark.parametrize(("fault", "dropped"), WRONG_PAIRS, ids=case_id)
def test_a_wrong_pair_is_refused_or_counted_as_dropped(fault: Fault, dropped: int) -> None:
    """VAL-5: keys are there, not empty and unique; what is lost is counted, nested maps included."""
    members = f'{{"attributes":{fault.json},"droppedAttributesCount":7}}'
    read, findings = lenient(attributes, members)

    assert read == Attributes(fault.value, dropped_count=7 + dropped)
    assert findings == [fault.finding()]
    with pytest.raises(InvalidDocument) as caught:
        strict(attributes, members)
    assert str(caught.value) == fault.refusal


@pytest.mark.parametrize("value", ["null", None])
def test_an_attribute_without_a_value_has_an_empty_one(value: str | None) -> None:
    """ENC-2: the collector takes a missing value, null and {} for the same."""
    pair = '{"key":"a"}' if value is None else '{"key":"a","value":null}'
    for reading in (lenient, strict):
        read, findings = reading(attributes, f'{{"attributes":[{pair}]}}')

        assert same(read["a"], None)
        assert [str(finding) for finding in findings] == [
            *(["body.attributes[0].value: null; treated as absent (ENC-8)"] if value else []),
            "body.attributes[0].value: missing value; read as an empty value (ENC-2)",
        ]


def test_indexes_of_profiles_are_dropped_with_a_note() -> None:
    """DEC-7: common.proto, KeyValue and AnyValue; they have no meaning in a trace."""
    for reading in (lenient, strict):
        read, findings = reading(
            attributes,
            '{"attributes":[{"key":"a","keyStrindex":1,"value":{"intValue":1}},'
            '{"key":"b","value":{"stringValueStrindex":2}},'
            '{"key":"c","value":{"string_value_strindex":2,"stringValue":"c"}}]}',
        )

        assert read == Attributes({"a": 1, "b": None, "c": "c"})
        assert [(finding.severity, str(finding)) for finding in findings] == [
            (
                Severity.NOTE,
                f"body.attributes{place}: an index into the string table of profiles; dropped (DEC-7)",
            )
            for place in (
                "[0].keyStrindex",
                "[1].value.stringValueStrindex",
                "[2].value.string_value_strindex",
            )
        ]


@pytest.mark.parametrize(
    ("count", "dropped"), [("0", 0), ("7", 7), ('"7"', 7), ("4294967295", 2**32 - 1), ("null", 0)]
)
def test_the_dropped_count_is_read_without_attributes(count: str, dropped: int) -> None:
    """ENC-1: an empty list is left out, a count is not."""
    members = {} if count == "null" else json.loads(f'{{"droppedAttributesCount":{count}}}')
    findings = Findings(strict=True)

    assert read_attributes(members, None, findings) == Attributes(dropped_count=dropped)
    assert findings.kept == []


def test_a_dropped_count_stays_within_its_range() -> None:
    """What was lost here is added, up to what a uint32 holds."""
    members = '{"attributes":[{},{}],"droppedAttributesCount":4294967294}'

    assert lenient(attributes, members)[0] == Attributes(dropped_count=2**32 - 1)


def test_a_bad_dropped_count_is_an_error() -> None:
    """The attributes are read all the same."""
    members = f'{{"attributes":[{A}],"droppedAttributesCount":-1}}'
    fault = Fault(
        members,
        None,
        *("PROTO", "a whole number from 0 to 2**32 - 1", "number -1", "left out"),
        "body.droppedAttributesCount",
    )
    read, findings = lenient(attributes, members)

    assert read == Attributes({"a": 1})
    assert findings == [fault.finding()]
    with pytest.raises(InvalidDocument) as caught:
        strict(attributes, members)
    assert str(caught.value) == fault.refusal


@pytest.mark.parametrize(
    ("any_value", "value"),
    [
        ('{"string_value":"x"}', "x"),
        ('{"kvlist_value":{"values":[{"key":"k","value":{"int_value":"1"}}]}}', {"k": 1}),
    ],
    ids=case_id,
)
def test_snake_case_is_read_inside_values_leniently(any_value: str, value: Any) -> None:
    """DEC-6: for a strict reader the value is empty."""
    assert lenient(attributes, with_value(any_value))[0] == Attributes({"a": value})
    assert strict(attributes, with_value(any_value))[0] == Attributes({"a": None})


def test_the_last_written_of_two_values_counts_also_where_one_is_there_twice() -> None:
    """DEC-1: as the collector has it."""
    read, findings = lenient(attributes, with_value('{"stringValue":"a","intValue":1,"stringValue":"b"}'))

    assert read == Attributes({"a": "b"})
    assert [finding.rule for finding in findings] == ["JSON", "DEC-1"]


def test_null_for_a_double_that_is_there_twice_is_absent() -> None:
    """DEC-10: the repetition is the error."""
    read, findings = lenient(attributes, with_value('{"doubleValue":1,"doubleValue":null}'))

    assert read == Attributes({"a": None})
    assert [finding.rule for finding in findings] == ["JSON", "ENC-8"]


def test_an_odd_value_is_read_like_any_other() -> None:
    """With the place of what is wrong in it, after what is odd about it."""
    _, findings = lenient(attributes, with_value('{"intValue":"x","y":1}'))

    assert [str(finding) for finding in findings] == [
        f"{VALUE}.y: unknown field; ignored (DEC-7)",
        f"{VALUE}.intValue: expected a whole number, bare or as decimal text, got text 'x'; left out (PROTO)",
    ]


def test_every_pair_that_is_lost_is_counted() -> None:
    """Empty keys, keys given twice, and what the writer had dropped."""
    pairs = f'[{{}},{{"key":"","value":{{}}}},{A},{A},{A}]'
    read, findings = lenient(attributes, f'{{"attributes":{pairs},"droppedAttributesCount":10}}')

    assert read == Attributes({"a": 1}, dropped_count=14)
    assert [finding.path for finding in findings] == [
        *("body.attributes[0].key", "body.attributes[1].key"),
        *("body.attributes[3].key", "body.attributes[4].key"),
    ]


def pairs(key: str, value: dict[str, Any]) -> dict[str, Any]:
    """A hundred attributes with keys that begin like this, and this value."""
    return {"attributes": [{"key": f"{key}{index}", "value": value} for index in range(100)]}


def test_what_nearly_all_attributes_are_is_read_in_a_short_way() -> None:
    """A plain text takes a third of the calls that another key does; a value alone fewer than one beside null."""
    text, flag = {"stringValue": "x"}, {"boolValue": True}

    assert python_calls(pairs("k", text)) * 3 < python_calls(pairs("é", text))
    assert python_calls(pairs("k", flag)) < python_calls(pairs("k", {**flag, "intValue": None}))


def python_calls(members: dict[str, Any]) -> int:
    """How many functions of Python are called to read these attributes."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        read_attributes(members, None, Findings(strict=True))
    finally:
        sys.setprofile(before)
    return count
