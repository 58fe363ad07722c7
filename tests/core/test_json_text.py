# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""JSON text read so that nothing is hidden: repeated members, odd numbers, marks, bad bytes, depth."""

from __future__ import annotations

from typing import Any, Final

import pytest

from otlpjson import InvalidDocument
from otlpjson.core.findings import Finding, Findings, Path, Severity
from otlpjson.core.json_text import (
    MAX_BYTES,
    Number,
    Repeated,
    Token,
    items_of,
    members_of,
    parse,
    shown,
)
from otlpjson.core.problem import Mismatch, Problem

from ..readings import Fault, case_id, lenient, strict

# What is read as what; nothing is found.
READ: Final[list[tuple[bytes, Any]]] = [
    (b"{}", {}),
    (b' \t\r\n{"a" : [ ] }\n', {"a": []}),
    (b"[1,-1,0]", [1, -1, 0]),
    (b"18446744073709551615", 2**64 - 1),
    (b"-9223372036854775808", -(2**63)),
    (b"123456789012345678901", Number("123456789012345678901")),
    (b"-0", Number("-0")),
    (b"0.50", Number("0.50")),
    (b"1E+3", Number("1E+3")),
    (b"[NaN,Infinity,-Infinity]", [Token("NaN"), Token("Infinity"), Token("-Infinity")]),
    (b"[true,false,null]", [True, False, None]),
    ('"é\\ud83d\\ude00"'.encode(), "é😀"),
    (b'"\\ud800"', "\ud800"),
    (b'{"a":1,"b":2,"a":3}', Repeated({"b": 2, "a": 3}, ("a",))),
    (b'{"a":1,"b":2,"b":3,"a":4,"c":5}', Repeated({"b": 3, "a": 4, "c": 5}, ("a", "b"))),
    (b'{"":1}', {"": 1}),
]

# What is refused strictly: body, expected, found, how it is repaired, and as what it is read then.
REPAIRED: Final[list[tuple[bytes, str, str, str, Any]]] = [
    (b"\xef\xbb\xbf{}", "", "byte order mark", "ignored", {}),
    (
        b"{}\n{}",
        *("", "more text after the JSON value, at character 2", "only the first value is read"),
        {},
    ),
    (b"{}x", "", "more text after the JSON value, at character 2", "only the first value is read", {}),
    (b"{}\x0b", "", "more text after the JSON value, at character 2", "only the first value is read", {}),
    (
        b'{"a":"\xff"}',
        *("UTF-8 text", "byte 0xff at offset 6", "read with U+FFFD in its place"),
        {"a": "\N{REPLACEMENT CHARACTER}"},
    ),
    (
        b'"\xed\xa0\x80"',
        *("UTF-8 text", "byte 0xed at offset 1", "read with U+FFFD in its place"),
        "\N{REPLACEMENT CHARACTER}" * 3,
    ),
]

# What nobody can read: body and the whole error.
REFUSED: Final[list[tuple[bytes, str]]] = [
    (b"", "body: expected one JSON object, got nothing (JSON)"),
    (b" \n", "body: expected one JSON object, got nothing (JSON)"),
    (
        b'{"a":1',
        "body: expected one JSON object, got text that is not JSON"
        " (Expecting ',' delimiter: line 1 column 7 (char 6)) (JSON)",
    ),
    (
        b'"\n"',
        "body: expected one JSON object, got text that is not JSON"
        " (Invalid control character at: line 1 column 2 (char 1)) (JSON)",
    ),
    (
        b"nul",
        "body: expected one JSON object, got text that is not JSON"
        " (Expecting value: line 1 column 1 (char 0)) (JSON)",
    ),
    (
        b"01",
        "body: more text after the JSON value, at character 1 (JSON)",
    ),
    (
        b"[" * 100_000,
        "body: JSON is nested too deeply (DEC-11)",
    ),
    (
        b'{"a":' * 100_000,
        "body: JSON is nested too deeply (DEC-11)",
    ),
]

SHOWN: Final[list[tuple[Any, str]]] = [
    ("5b8e", "text '5b8e'"),
    ("it's", 'text "it\'s"'),
    ("\x1b[31m\n", r"text '\x1b[31m\n'"),
    ("x" * 58, "text '" + "x" * 58 + "'"),
    ("x" * 59, "text '" + "x" * 59 + "…"),
    ("x" * 1000, "text '" + "x" * 59 + "…"),
    (Number("1.50"), "number 1.50"),
    (Number("1" * 60), "number " + "1" * 60),
    (Number("1" * 61), "number " + "1" * 60 + "…"),
    (7, "number 7"),
    (Token("NaN"), "NaN, which is not JSON"),
    (True, "true"),
    (False, "false"),
    (None, "null"),
    ([1], "a list"),
    ({}, "an object"),
    (Repeated({}, ()), "an object"),
]


@pytest.mark.parametrize(("body", "value"), READ, ids=case_id)
def test_json_is_read_and_nothing_is_rounded(body: bytes, value: Any) -> None:
    """DEC-4: whole numbers are exact; a number that could lose something stays its text."""
    for findings in (Findings(), Findings(strict=True)):
        assert repr(parse(body, findings)) == repr(value)
        assert findings.kept == []


@pytest.mark.parametrize(("body", "expected", "found", "repair", "value"), REPAIRED, ids=case_id)
def test_what_a_lenient_reader_can_do_without(
    body: bytes, expected: str, found: str, repair: str, value: Any
) -> None:
    """A byte order mark, a second value, bad bytes: an error, and what was made of it."""
    findings = Findings()
    reason = Mismatch(expected, found) if expected else found
    finding = Finding(severity=Severity.ERROR, rule="JSON", problem=Problem("body", reason), repair=repair)

    assert parse(body, findings) == value
    assert findings.kept == [finding]
    with pytest.raises(InvalidDocument) as caught:
        parse(body, Findings(strict=True))
    assert str(caught.value) == f"body: {reason} (JSON)"


@pytest.mark.parametrize(("body", "text"), REFUSED, ids=case_id)
def test_what_is_no_json_is_refused(body: bytes, text: str) -> None:
    """DEC-11: empty, cut, broken, or deeper than the reader goes."""
    with pytest.raises(InvalidDocument) as caught:
        parse(body, Findings(strict=True))

    assert str(caught.value) == text


@pytest.mark.parametrize("body", [b"", b'{"a":1', b"nul", b"[" * 100_000], ids=case_id)
def test_a_lenient_reader_refuses_what_is_no_json_too(body: bytes) -> None:
    """There is nothing to make of it."""
    with pytest.raises(InvalidDocument) as strictly:
        parse(body, Findings(strict=True))
    with pytest.raises(InvalidDocument) as leniently:
        parse(body, Findings())

    assert str(leniently.value) == str(strictly.value)


def test_a_body_may_have_a_limit() -> None:
    """SND-3: exactly that many bytes are read, one more is refused before anything is."""
    assert parse(b"[1]", Findings(), 3) == [1]
    with pytest.raises(InvalidDocument) as caught:
        parse(b"[12]", Findings(), 3)
    assert str(caught.value) == "body: expected at most 3 bytes, got 4 (SND-3)"


def test_the_limit_is_what_the_specification_recommends() -> None:
    """64 MiB, spaces included."""
    with pytest.raises(InvalidDocument) as caught:
        parse(b" " * (MAX_BYTES + 1), Findings())

    assert MAX_BYTES == 64 * 1024 * 1024
    assert str(caught.value) == "body: expected at most 67108864 bytes, got 67108865 (SND-3)"


@pytest.mark.parametrize(("value", "text"), SHOWN, ids=case_id)
def test_a_value_is_shown_in_json_words(value: Any, text: str) -> None:
    """At most 60 characters, and never a control character."""
    assert shown(value) == text


KNOWN: Final = frozenset({"traceId", "startTimeUnixNano", "name"})

UNKNOWN: Final = ("DEC-7", "", "unknown field", "ignored")

NULL: Final = ("ENC-8", "", "null", "treated as absent")

TWICE: Final = ("JSON", "", "duplicate member", "the last one counts")

# What every reader takes: the JSON text, the members, and a warning.
ODD: Final[list[Fault]] = [
    Fault('{"name":"a","x":[{}]}', {"name": "a"}, *UNKNOWN, "body.x"),
    Fault('{"Name":"a"}', {}, *UNKNOWN, "body.Name"),
    Fault('{"":"a"}', {}, *UNKNOWN, "body."),
    Fault('{"trace_Id":"a"}', {}, *UNKNOWN, "body.trace_Id"),
    Fault('{"_name":"a"}', {}, *UNKNOWN, "body._name"),
    Fault('{"trace_id":"a","traceId":"b"}', {"traceId": "b"}, *UNKNOWN, "body.trace_id"),
    Fault('{"name":null}', {}, *NULL, "body.name"),
    Fault('{"x":null}', {}, *NULL, "body.x"),
    Fault(f'{{"{"_a" * 50}":1}}', {}, *UNKNOWN, f"body.{'_a' * 30}…"),
]

# What a strict reader refuses.
WRONG: Final[list[Fault]] = [
    Fault('{"name":1,"name":2}', {"name": 2}, *TWICE, "body.name"),
    Fault('{"name":1,"traceId":"b","name":null}', {"traceId": "b"}, *TWICE, "body.name"),
    Fault("null", None, "DEC-10", "an object", "null", "left out"),
    Fault("[]", None, "PROTO", "an object", "a list", "left out"),
    Fault('"a"', None, "PROTO", "an object", "text 'a'", "left out"),
    Fault("1.5", None, "PROTO", "an object", "number 1.5", "left out"),
]


def members(raw: Any, path: Path, findings: Findings) -> dict[str, Any] | None:
    """The members of a small message."""
    return members_of(raw, KNOWN, path, findings)


@pytest.mark.parametrize(
    ("json", "pairs"),
    [
        ("{}", []),
        ('{"traceId":"a"}', [("traceId", "a")]),
        ('{"name":"","traceId":false}', [("name", ""), ("traceId", False)]),
    ],
    ids=case_id,
)
def test_known_members_are_read_as_they_are(json: str, pairs: list[tuple[str, Any]]) -> None:
    """Their order counts where two exclude each other."""
    for reading in (lenient, strict):
        read, findings = reading(members, json)

        assert [*read.items()] == pairs
        assert findings == []


@pytest.mark.parametrize("fault", ODD, ids=case_id)
def test_unknown_members_and_null_are_passed_over_with_a_warning(fault: Fault) -> None:
    """DEC-7, DEC-10, ENC-8: at no reader's cost, and not in silence."""
    for reading in (lenient, strict):
        read, findings = reading(members, fault.json)

        assert read == fault.value
        assert findings[0] == fault.finding(Severity.WARNING)
        assert len(findings) == 1


@pytest.mark.parametrize("fault", WRONG, ids=case_id)
def test_a_strict_reader_refuses_what_is_no_object_or_has_a_member_twice(fault: Fault) -> None:
    """DEC-10; ProtoJSON lets the last one win, which hides what was lost."""
    with pytest.raises(InvalidDocument) as caught:
        strict(members, fault.json)

    assert str(caught.value) == fault.refusal


@pytest.mark.parametrize("fault", WRONG, ids=case_id)
def test_a_lenient_reader_takes_the_last_one(fault: Fault) -> None:
    """And has nothing where there is no object."""
    read, findings = lenient(members, fault.json)

    assert read == fault.value
    assert findings[0] == fault.finding()


def test_every_repeated_member_is_told() -> None:
    """In the order in which they come, before the unknown ones."""
    read, findings = lenient(members, '{"name":1,"x":1,"traceId":1,"x":2,"name":2,"name":3}')

    assert [*read.items()] == [("traceId", 1), ("name", 3)]
    assert [str(finding) for finding in findings] == [
        "body.name: duplicate member; the last one counts (JSON)",
        "body.x: duplicate member; the last one counts (JSON)",
        "body.x: unknown field; ignored (DEC-7)",
    ]


def test_snake_case_is_read_leniently_alone() -> None:
    """DEC-6: the two readings differ, and both tell of it."""
    json = '{"trace_id":"a","start_time_unix_nano":"5"}'
    strictly, warnings = strict(members, json)
    leniently, findings = lenient(members, json)

    assert strictly == {}
    assert [str(warning) for warning in warnings] == [
        "body.trace_id: expected the name traceId, got snake_case; ignored (DEC-6)",
        "body.start_time_unix_nano: expected the name startTimeUnixNano, got snake_case; ignored (DEC-6)",
    ]
    assert leniently == {"traceId": "a", "startTimeUnixNano": "5"}
    assert [str(finding) for finding in findings] == [
        "body.trace_id: expected the name traceId, got snake_case; read as traceId (DEC-6)",
        "body.start_time_unix_nano: expected the name startTimeUnixNano, got snake_case;"
        " read as startTimeUnixNano (DEC-6)",
    ]
    assert {finding.severity for finding in (*findings, *warnings)} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("json", "found"), [("{}", "an object"), ("1", "number 1"), ('"a"', "text 'a'")], ids=case_id
)
def test_what_is_no_list_has_no_items(json: str, found: str) -> None:
    """A map of attributes, for example, is not read as a list of them."""
    fault = Fault(json, [], "PROTO", "a list", found, "left out")
    items, findings = lenient(items_of, json)

    assert items == []
    assert findings == [fault.finding()]
    with pytest.raises(InvalidDocument) as caught:
        strict(items_of, json)
    assert str(caught.value) == fault.refusal


def test_the_items_of_a_list_are_read_as_they_are() -> None:
    """Null among them included."""
    for reading in (lenient, strict):
        assert reading(items_of, "[1,null,[]]") == ([1, None, []], [])
