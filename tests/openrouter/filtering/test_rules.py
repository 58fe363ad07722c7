# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Filter rules: each field and operator, groups, and what is refused."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from otlpjson.core.errors import InvalidValue
from otlpjson.openrouter import Generation, Policy, Usage
from otlpjson.openrouter.filtering.fields import FIELDS
from otlpjson.openrouter.filtering.rules import FilterRules, filter_rules

EMPTY = Generation(key="gen-1", start_ns=1, end_ns=2)
FULL = attrs.evolve(
    EMPTY,
    request_model="openai/gpt-4o",
    response_model="openai/gpt-4o-2024-08-06",
    provider_name="Azure",
    session_id="session-1",
    user_id="ann",
    api_key_name="production",
    finish_reason="stop",
    prompt='{"messages":[{"role":"user","content":"Order 4711"}]}',
    completion='{"completion":"Shipped"}',
    usage=Usage(total_cost=0.25, total_tokens=30, input_tokens=20, output_tokens=10),
)


def accepts(generation: Generation, field: str, operator: str, value: Any = None) -> bool:
    """Whether a request passes one rule."""
    rule = {"field": field, "operator": operator, "value": value}
    return filter_rules({"groups": [{"rules": [rule]}]}).accepts(generation)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("model", "openai/gpt-4o-2024-08-06"),
        ("provider", "Azure"),
        ("session_id", "session-1"),
        ("user_id", "ann"),
        ("api_key_name", "production"),
        ("finish_reason", "stop"),
        ("input", FULL.prompt),
        ("output", FULL.completion),
        ("total_cost", 0.25),
        ("total_tokens", 30),
        ("prompt_tokens", 20),
        ("completion_tokens", 10),
    ],
)
def test_each_documented_field_can_be_asked_for(field: str, value: Any) -> None:
    """And each may have no value."""
    assert accepts(FULL, field, "equals", value)
    assert not accepts(FULL, field, "equals", "other")
    assert accepts(FULL, field, "exists")
    assert not accepts(EMPTY, field, "exists")


def test_there_are_twelve_fields() -> None:
    """Those of OpenRouter's API."""
    assert len(FIELDS) == 12


@pytest.mark.parametrize(
    ("operator", "value", "passes", "without"),
    [
        ("equals", "openai/gpt-4o-2024-08-06", True, False),
        ("equals", "OpenAI/gpt-4o-2024-08-06", False, False),
        ("not_equals", "openai/gpt-4o", True, True),
        ("not_equals", "openai/gpt-4o-2024-08-06", False, True),
        ("contains", "gpt", True, False),
        ("contains", "claude", False, False),
        ("not_contains", "claude", True, True),
        ("not_contains", "gpt", False, True),
        ("regex", r"gpt-\d", True, False),
        ("regex", r"^gpt", False, False),
        ("starts_with", "openai/", True, False),
        ("starts_with", "gpt", False, False),
        ("ends_with", "-06", True, False),
        ("ends_with", "-07", False, False),
        ("exists", None, True, False),
        ("not_exists", None, False, True),
        ("gt", 1, False, False),
    ],
)
def test_each_operator_on_texts(operator: str, value: Any, passes: bool, without: bool) -> None:
    """Of a request with a model, and of one without."""
    assert (accepts(FULL, "model", operator, value), accepts(EMPTY, "model", operator, value)) == (
        passes,
        without,
    )


@pytest.mark.parametrize(
    ("operator", "value", "passes"),
    [
        ("gt", 29, True),
        ("gt", 30, False),
        ("gte", 30, True),
        ("gte", "30.0", True),
        ("lt", 31, True),
        ("lt", 30, False),
        ("lte", 30, True),
        ("lte", 29, False),
        ("equals", 30.0, True),
        ("equals", "30", True),
        ("equals", "thirty", False),
        ("not_equals", "30.0", False),
        ("contains", 3, True),
        ("starts_with", "3", True),
        ("regex", "^30$", True),
    ],
)
def test_each_operator_on_numbers(operator: str, value: Any, passes: bool) -> None:
    """Numbers may be written as texts."""
    assert accepts(FULL, "total_tokens", operator, value) is passes


def test_a_number_in_a_text_is_compared_as_a_number() -> None:
    """A user id may be one."""
    assert accepts(attrs.evolve(FULL, user_id="12"), "user_id", "gt", 9)
    assert not accepts(attrs.evolve(FULL, user_id="1e999"), "user_id", "gt", 9)


RULES = [{"field": "model", "operator": "contains", "value": part} for part in ("gpt", "claude")]


@pytest.mark.parametrize(
    ("groups", "passes"),
    [
        ([{"logic": "and", "rules": RULES}], False),
        ([{"rules": RULES}], False),
        ([{"logic": "or", "rules": RULES}], True),
        ([{"logic": "or", "rules": RULES}, {"rules": RULES[:1]}], True),
        ([{"logic": "or", "rules": RULES}, {"rules": RULES[1:]}], False),
    ],
)
def test_a_request_passes_all_groups(groups: Any, passes: bool) -> None:
    """Each of them with all of its rules, or with one."""
    assert filter_rules({"groups": groups}).accepts(FULL) is passes
    assert filter_rules({"groups": groups, "enabled": False}).accepts(FULL)


def test_rules_are_values() -> None:
    """Two that are read from the same text are equal, and rules are read as they are."""
    value = {"enabled": True, "groups": [{"logic": "or", "rules": RULES}]}

    assert filter_rules(value) == filter_rules(value)
    assert filter_rules(filter_rules(value)) == filter_rules(value)
    assert isinstance(filter_rules(value), FilterRules)


CANARY = "canary-4711"


def rule(**members: Any) -> Any:
    """The rules with one rule, in which these members differ."""
    return {"groups": [{"rules": [{"field": "model", "operator": "equals", "value": "x", **members}]}]}


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (CANARY, "filter_rules"),
        ({"groups": [{"rules": RULES}], CANARY: 1}, "filter_rules"),
        ({}, "filter_rules.groups"),
        ({"groups": []}, "filter_rules.groups"),
        ({"groups": [{"rules": RULES}], "enabled": 1}, "filter_rules.enabled"),
        ({"groups": [CANARY]}, "filter_rules.groups[0]"),
        ({"groups": [{"rules": RULES}, {"rules": []}]}, "filter_rules.groups[1].rules"),
        ({"groups": [{"logic": CANARY, "rules": RULES}]}, "filter_rules.groups[0].logic"),
        (rule(field=CANARY), "filter_rules.groups[0].rules[0].field"),
        (rule(operator=CANARY), "filter_rules.groups[0].rules[0].operator"),
        (rule(value=None), "filter_rules.groups[0].rules[0].value"),
        (rule(value=True), "filter_rules.groups[0].rules[0].value"),
        (rule(value=float("nan")), "filter_rules.groups[0].rules[0].value"),
        (rule(operator="gt", value=CANARY), "filter_rules.groups[0].rules[0].value"),
        (rule(operator="regex", value=f"({CANARY}"), "filter_rules.groups[0].rules[0].value"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_place(value: Any, path: str) -> None:
    """And is not shown: it may be anybody's name."""
    with pytest.raises(InvalidValue) as caught:
        filter_rules(value)

    assert caught.value.path == path
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("policy", "name", "refusal"),
    [
        ({}, None, None),
        ({"included_api_keys": []}, "other", None),
        ({"included_api_keys": ["production"]}, "production", None),
        ({"included_api_keys": ["production"]}, "other", "api_key"),
        ({"included_api_keys": ["production"]}, None, "api_key"),
        ({"excluded_api_keys": ["production"]}, "production", "api_key"),
        ({"excluded_api_keys": ["production"]}, None, None),
        ({"included_api_keys": ["a"], "excluded_api_keys": ["a"]}, "a", "api_key"),
        ({"filter_rules": {"groups": [{"rules": RULES[1:]}]}}, "a", "filter_rules"),
        ({"enabled": False, "excluded_api_keys": ["a"]}, "a", "disabled"),
    ],
)
def test_a_policy_says_why(policy: dict[str, Any], name: str | None, refusal: str | None) -> None:
    """Exclusion goes before inclusion, and the predicate is asked last."""

    def predicate(generation: Generation) -> bool:
        return refusal is None or pytest.fail("the predicate was asked")

    generation = attrs.evolve(FULL, api_key_name=name)
    assert Policy(predicate=predicate, **policy).refusal(generation) == refusal
    assert Policy(**policy).of_step() == Policy(enabled=policy.get("enabled", True))


@pytest.mark.parametrize("names", ["production", [1], [""], {"a": 1}])
@pytest.mark.parametrize("field", ["included_api_keys", "excluded_api_keys"])
def test_names_of_keys_are_a_list_of_texts(field: str, names: Any) -> None:
    """The error names the field."""
    with pytest.raises(InvalidValue) as caught:
        Policy(**{field: names})

    assert caught.value.path == field
