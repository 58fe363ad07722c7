# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""OpenRouter's form, held by deliveries that were written by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson import TracesData, encode
from otlpjson.openrouter import read_record, resource_spans

from ..cases.deliveries import DELIVERIES

CASES = [(name, form) for name, delivery in DELIVERIES.items() for form in delivery.records]


def delivered(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups of a record in OpenRouter's form."""
    groups = resource_spans(read_record(record), hierarchy="observed")
    body = encode(TracesData(resource_spans=groups), integers_as_numbers=True)
    return list(json.loads(body)["resourceSpans"])


def plain(value: dict[str, Any], expected: Any) -> Any:
    """An AnyValue as in an expected delivery: JSON text parsed where an object or a list is expected."""
    ((kind, inner),) = value.items()
    if isinstance(expected, (dict, list)):
        assert kind == "stringValue"
        return ordered(json.loads(inner))
    assert (
        kind == {str: "stringValue", bool: "boolValue", int: "intValue", float: "doubleValue"}[type(expected)]
    )
    return inner


def ordered(value: Any) -> Any:
    """Objects as lists of pairs, so that their order counts."""
    if isinstance(value, dict):
        return [(name, ordered(inner)) for name, inner in value.items()]
    return [ordered(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("name", "form"), CASES)
def test_a_record_gives_the_delivery(name: str, form: str) -> None:
    """Spans, members, attributes, and the members of JSON texts: the same and in the same order."""
    delivery = DELIVERIES[name]
    groups = delivered(delivery.records[form])

    assert [scoped["scope"] for group in groups for scoped in group["scopeSpans"]] == [
        {"name": "openrouter"}
    ] * len(groups)
    generation_id = delivery.spans[0]["attributes"]["gen_ai.response.id"]
    resource = [
        ("service.name", "openrouter"),
        ("openrouter.trace.id", generation_id),
        ("service.version", "1.0.0"),
    ]
    assert [
        [(pair["key"], pair["value"]["stringValue"]) for pair in group["resource"]["attributes"]]
        for group in groups
    ] == [resource] * len(groups)
    spans = [span for group in groups for scoped in group["scopeSpans"] for span in scoped["spans"]]
    assert len(spans) == len(groups) == len(delivery.spans)
    for span, expected in zip(spans, delivery.spans):
        assert [*span] == [*expected]
        wanted = expected["attributes"]
        assert [pair["key"] for pair in span["attributes"]] == [*wanted]
        for pair in span["attributes"]:
            assert (pair["key"], plain(pair["value"], wanted[pair["key"]])) == (
                pair["key"],
                ordered(wanted[pair["key"]]),
            )
        assert {k: v for k, v in span.items() if k != "attributes"} == {
            k: v for k, v in expected.items() if k != "attributes"
        }
