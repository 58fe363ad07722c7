# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the interop tests judge with: reader, losses, generator and table, without any server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson import InvalidDocument, decode, decode_lenient
from otlpjson.inspect.checker import check
from otlpjson.openrouter import read_record, resource_spans

from . import FIXTURES
from .interop.collector_table import DOCUMENT, checked, read, row
from .interop.generations import cases, plain_record
from .interop.go_json import spans
from .interop.losses import as_jaeger_gave, as_jaeger_gives
from .interop.settings import free_ports
from .interop.wrong_bodies import RIGHT_BODY, WRONG_BODIES

pytestmark = pytest.mark.slow

NOW_NS = 1771005600000000000


def test_the_reader_knows_every_member() -> None:
    """The body with everything together, as plain values: each is where it belongs."""
    (span,) = spans((FIXTURES / "wire" / "everything.json").read_bytes())

    assert span["resource"] == {
        "attributes": (("service.name", ("stringValue", "openrouter")),),
        "dropped": 1,
    }
    assert span["scope"]["attributes"] == (("a", ("intValue", 1)),)
    assert (span["resource schema"], span["scope schema"]) == (
        "https://example.com/resource",
        "https://example.com/scope",
    )
    assert dict(span["attributes"])["map"] == (
        "kvlistValue",
        (("k", ("kvlistValue", (("deep", ("doubleValue", "2.0")),))),),
    )
    assert dict(span["attributes"])["bytes"] == ("bytesValue", b"\x00\xff")
    assert (span["flags"], span["status"], span["dropped links"]) == (257, (2, "timed out"), 7)
    assert [(event["name"], event["dropped"]) for event in span["events"]] == [("exception", 4)]
    assert [(link["trace state"], link["flags"]) for link in span["links"]] == [("k=v", 256)]


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ('{"doubleValue":51.0}', '{"doubleValue":51}', True),
        ('{"doubleValue":-0.0}', '{"doubleValue":-0}', True),
        ('{"doubleValue":-0.0}', '{"doubleValue":0}', False),
        ('{"doubleValue":"NaN"}', '{"doubleValue":"NaN"}', True),
        ('{"intValue":"42"}', '{"intValue":42}', True),
        ('{"intValue":"9007199254740993"}', '{"intValue":"9007199254740992"}', False),
        ('{"intValue":"1"}', '{"doubleValue":1}', False),
        ('{"stringValue":""}', "{}", False),
        ('{"boolValue":true}', '{"intValue":"1"}', False),
        ('{"arrayValue":{}}', '{"arrayValue":{"values":[]}}', True),
        ('{"arrayValue":{}}', '{"kvlistValue":{}}', False),
    ],
)
def test_the_reader_compares_by_type_and_value(ours: str, theirs: str, same: bool) -> None:
    """Not by how a number is written, and never by equality across types."""

    def read_value(text: str) -> Any:
        attributes = '[{"key":"k","value":' + text + "}]"
        return spans(RIGHT_BODY.replace(b'"kind":1', f'"kind":1,"attributes":{attributes}'.encode()))

    assert (read_value(ours) == read_value(theirs)) is same


def test_the_reader_refuses_what_a_server_may_add() -> None:
    """Otherwise it would go unseen."""
    with pytest.raises(AssertionError, match="members that OTLP does not have: \\['color'\\]"):
        spans(WRONG_BODIES["unknown member"])


def test_jaegers_losses_are_exactly_those_listed() -> None:
    """Order of keys, schema URLs, warnings, the service's name, the end of an instant; nothing else."""
    sent = spans((FIXTURES / "encode" / "everything.json").read_bytes())
    (changed,) = as_jaeger_gives([*sent, *sent])
    (span,) = sent
    warned = {**changed, "attributes": (*changed["attributes"], ("@jaeger@warnings", ("stringValue", "!")))}

    assert as_jaeger_gave([warned]) == [changed]
    assert sorted(changed["attributes"]) == sorted(span["attributes"])
    assert {name for name in span if span[name] != changed[name]} == {
        "attributes",
        "resource schema",
        "scope schema",
    }
    (instant,) = as_jaeger_gives(spans((FIXTURES / "encode" / "no_times.json").read_bytes()))
    assert (instant["start"], instant["end"]) == (0, 1)
    assert instant["resource"]["attributes"] == (("service.name", ("stringValue", "missing-service-name")),)


def test_equal_seeds_give_equal_cases_and_others_share_no_trace() -> None:
    """So a failure can be looked at again, and tests do not meet in one trace."""
    assert cases(1, 40, NOW_NS) == cases(1, 40, NOW_NS)
    assert not {case.trace_id for case in cases(1, 80, NOW_NS)} & {
        case.trace_id for case in cases(2, 80, NOW_NS)
    }


def test_the_facts_of_a_case_are_those_of_its_spans() -> None:
    """Trace, error, duration, and whether there is any span; what is skipped is only what was cut off."""
    for case in cases(5, 120, NOW_NS):
        generation = read_record(case.record)
        groups = resource_spans(generation, hierarchy=case.hierarchy)
        found = [span for group in groups for scope in group.scope_spans for span in scope.spans]

        assert bool(found) is case.sent
        assert {span.trace_id for span in found} <= {case.trace_id}
        assert not found or any(span.status.code == 2 for span in found) is case.failed
        assert not found or max(span.end_ns - span.start_ns for span in found) == round(case.seconds * 1e9)
        assert bool(generation.skipped) is (case.record["note"] == "cut off")


def test_a_plain_record_is_read_whole() -> None:
    """One generation, nothing skipped."""
    generation = read_record(plain_record("gen-1", "text"))

    assert (generation.generation_id, generation.skipped) == ("gen-1", ())


def test_the_document_says_what_becomes_of_each_wrong_body() -> None:
    """None is missing, none is made up; in the same order."""
    assert list(read(DOCUMENT.read_text(encoding="utf-8"))) == list(WRONG_BODIES)


@pytest.mark.parametrize("name", WRONG_BODIES)
def test_the_document_says_what_check_finds_in_each_wrong_body(name: str) -> None:
    """A strict reader refuses what has an error, but for circles of spans, which only the whole body shows."""
    body = WRONG_BODIES[name]
    found = check(body).findings
    words = dict.fromkeys(f"{finding.severity.value} {finding.rule}" for finding in found)

    assert ", ".join(words) == checked(DOCUMENT.read_text(encoding="utf-8"))[name]
    if any(word.startswith("error") and word != "error VAL-9" for word in words):
        with pytest.raises(InvalidDocument) as caught:
            decode(body)
        assert f"error {caught.value.rule}" in words
    else:
        assert decode(body) == decode_lenient(body).traces or "warning DEC-6" in words


def test_the_right_body_has_no_finding() -> None:
    assert check(RIGHT_BODY).findings == ()


def test_no_wrong_body_is_the_right_one() -> None:
    """And the right one is right."""
    assert RIGHT_BODY not in WRONG_BODIES.values()
    assert len(set(WRONG_BODIES.values())) == len(WRONG_BODIES)
    assert [span["name"] for span in spans(RIGHT_BODY)] == ["pay"]


def test_a_row_says_how_the_written_span_differs() -> None:
    """Nothing, the right one, members that changed or are missing, or all of several spans."""
    right = '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"pay","kind":1,"status":{}}]}]}]}'
    twice = right.replace("]}]}]}", ',{"name":"pay","kind":1,"status":{}}]}]}]}')
    body = twice.replace(',"status":{}', "").encode()

    assert row(400, [], right, b"") == ("400", "nothing")
    assert row(200, [right], right, b"") == ("200", "the right span")
    assert row(200, [right.replace("1", "3")], right, b"") == ("200", '`"kind":3`')
    assert row(200, [right.replace('"name":"pay",', "")], right, b"") == ("200", "no `name`")
    assert row(200, [right.replace("pay", "p\\xffy")], right, b"") == ("200", '`"name":"p\\xffy"`')
    assert row(200, [twice], right, body) == ("200", "as sent")
    assert row(200, [twice.replace("1", "2")], right, body) == ("200", "2 spans")


def test_ports_are_free_and_differ() -> None:
    """All at once, so that no two servers get the same."""
    assert len(set(free_ports(6))) == 6


def test_the_wrong_bodies_can_be_written_to_files() -> None:
    """Names are printable and short, so that other programs can be run over them."""
    assert all(name.isprintable() and len(name) < 50 for name in WRONG_BODIES)
    assert json.loads(RIGHT_BODY)
