# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Where OpenRouter's documentation and its deliveries differ, each decision has a test.

The decisions are in the docstrings of ``table``, ``hierarchy`` and ``sample``.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from otlpjson import Span, TracesData, encode
from otlpjson.openrouter import connection_test, read_record, resource_spans
from otlpjson.openrouter.spans.table import (
    ATTEMPT_ROWS,
    CHILD_ROWS,
    GENERATION_ROWS,
    PARENT_ROWS,
)

from .. import FIXTURES

RECORD = json.loads((FIXTURES / "openrouter" / "everything" / "record.json").read_bytes())


def spans(hierarchy: Any = "documented", **trace: Any) -> list[Span]:
    """All spans of the record with these trace options."""
    record = {**RECORD, "request": {**RECORD["request"], "trace": trace}}
    groups = resource_spans(read_record(record), hierarchy=hierarchy)
    return [span for group in groups for scope_spans in group.scope_spans for span in scope_spans.spans]


def names(hierarchy: Any, **trace: Any) -> list[str]:
    """The names of the spans above the provider attempts."""
    return [span.name for span in spans(hierarchy, **trace) if span.kind != 2]


def test_span_name_makes_an_intermediate_span_in_the_documented_hierarchy_only() -> None:
    """The guide documents one; a real request with it had none."""
    assert names("documented", span_name="S") == ["S", "LLM Generation"]
    assert names("observed", span_name="S") == ["LLM Generation"]


def test_trace_name_names_the_documented_root_and_is_an_attribute_in_both() -> None:
    """The guide uses it as the name of the root; captures have it in ``trace.name``."""
    assert names("documented", trace_name="T") == ["T", "LLM Generation"]
    assert names("observed", trace_name="T") == ["LLM Generation"]
    assert spans("observed", trace_name="T")[0].attributes["trace.name"] == "T"


def test_the_default_name_is_the_captured_one() -> None:
    """According to the overview it is the name of the model."""
    assert names("observed") == names("documented") == ["LLM Generation"]
    assert spans()[0].attributes["trace.name"] == "OpenRouter Request"


@pytest.mark.parametrize(("as_numbers", "form"), [(False, b'"intValue":"1000"'), (True, b'"intValue":1000')])
def test_an_integer_is_text_as_in_otlp_or_a_number_as_captured(as_numbers: bool, form: bytes) -> None:
    """One page shows text, captures have numbers; receivers accept both."""
    body = encode(
        TracesData(resource_spans=resource_spans(read_record(RECORD))), integers_as_numbers=as_numbers
    )

    assert form in body


def test_usage_is_named_as_in_the_guide_and_the_captures() -> None:
    """The webhook page has other names."""
    usage = {row.key for row in GENERATION_ROWS if row.key.endswith("_tokens")}

    assert usage == {f"gen_ai.usage.{kind}_tokens" for kind in ("input", "output", "total")}


def test_the_connection_test_is_a_span_not_an_empty_body() -> None:
    """The webhook page documents an empty body; the captured span tests more of a destination."""
    assert len(connection_test(1).scope_spans[0].spans) == 1


def test_model_parameters_are_not_sent() -> None:
    """The field matrix marks them as sent; only the sample trace has them."""
    assert [row.key for row in GENERATION_ROWS if row.key.startswith("gen_ai.request.")] == [
        "gen_ai.request.model"
    ]


def test_children_have_a_parent() -> None:
    """The field matrix marks the parent as not sent; every captured child has one."""
    main, *children = spans("observed")

    assert len(children) == 3
    assert {child.parent_span_id for child in children} == {main.span_id}


def test_trace_input_and_output_are_not_sent() -> None:
    """The field matrix lists them; no captured generation has them."""
    attributes = spans()[0].attributes

    assert {"trace.input", "trace.output"} & set(attributes) == set()
    assert attributes["span.input"] == attributes["gen_ai.prompt"]
    assert attributes["span.output"] == attributes["gen_ai.completion"]


def test_custom_metadata_keeps_its_types() -> None:
    """Depending on the destination, sources have texts or native types."""
    attributes = spans(n=1, x=0.5, b=True, t="1", o={"k": 2}, a=[1])[0].attributes
    custom = {
        key[15:]: value
        for key, value in attributes.items()
        if re.fullmatch(r"trace\.metadata\.[a-z](\.k)?", key)
    }

    assert {key: (type(value).__name__, value) for key, value in custom.items()} == {
        "n": ("int", 1),
        "x": ("float", 0.5),
        "b": ("bool", True),
        "t": ("str", "1"),
        "o.k": ("int", 2),
        "a": ("str", "[1]"),
    }


def test_the_metadata_user_id_is_the_requests_user() -> None:
    """One source has the same text; in another its publisher replaced the value."""
    attributes = spans()[0].attributes

    assert attributes["trace.metadata.openrouter.user_id"] == attributes["user.id"] == "user_12345"


def test_nothing_of_the_webhook_pages_example_is_sent() -> None:
    """Its span is named ``chat``, has neither scope nor kind, and its ids are invalid."""
    (group, *_) = resource_spans(read_record(RECORD), hierarchy="observed")
    span = group.scope_spans[0].spans[0]

    assert (group.scope_spans[0].scope.name, span.name, int(span.kind)) == ("openrouter", "LLM Generation", 3)
    assert re.fullmatch("[0-9a-f]{32}", span.trace_id)


def test_what_is_unknown_is_not_made_up() -> None:
    """There is no ``moderation`` span, no organization, no opt-in metadata."""
    keys = [row.key for row in (*GENERATION_ROWS, *ATTEMPT_ROWS, *CHILD_ROWS)]

    assert {span.name for span in spans()} == {
        "LLM Generation",
        "provider attempt 1: Google AI Studio",
        "provider attempt 2: Google",
        "generation",
    }
    assert [key for key in keys if "organization" in key or "openrouter_generation" in key] == []


def test_every_row_is_in_a_golden_file() -> None:
    """Each attribute of each table is in the body of a record."""
    bodies = [path.read_text() for path in FIXTURES.glob("openrouter/*/body.json")]
    rows = (*GENERATION_ROWS, *PARENT_ROWS, *ATTEMPT_ROWS, *CHILD_ROWS)
    # The key of a row of the caller's own metadata is the beginning of many.
    sought = {f'"key": "{row.key}' + ('"' if row.key[-1] != "." else "") for row in rows}

    assert {key for key in sought if not any(key in body for body in bodies)} == set()
