# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which members of an object are read: known ones, never null, the last of several."""

from __future__ import annotations

from typing import Any, Final

import pytest

from otlpjson import InvalidDocument
from otlpjson.finding import Findings, Path, Severity
from otlpjson.members import items_of, members_of

from .readings import Fault, case_id, lenient, strict

KNOWN: Final = frozenset({"traceId", "startTimeUnixNano", "name"})
UNKNOWN: Final = ("DEC-7", "a member of OTLP", "an unknown one", "ignored")
NULL: Final = ("ENC-8", "no null", "null", "the same as absent")
TWICE: Final = ("JSON", "each member once", "the member twice", "the last one counts")

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
        "body.name: expected each member once, got the member twice; the last one counts (JSON)",
        "body.x: expected each member once, got the member twice; the last one counts (JSON)",
        "body.x: expected a member of OTLP, got an unknown one; ignored (DEC-7)",
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
