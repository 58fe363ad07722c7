# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The validators of settings, each by itself."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from otlpjson import InvalidValue
from otlpjson.openrouter import validators
from otlpjson.openrouter.form import Form


def refused(check: validators.Check, value: Any) -> str | None:
    """What a field with this validator says of a value; ``None`` where it accepts it."""
    owner = attrs.make_class("Owner", {"field": attrs.field(validator=check)})
    try:
        owner(value)
    except InvalidValue as error:
        return str(error)
    return None


class Text(str):
    """A text of a class of its own."""


@pytest.mark.parametrize(
    ("check", "good", "bad", "expected"),
    [
        (validators.TEXT, ["", "a"], [5, None, Text("a")], "text"),
        (validators.BOOLEAN, [True, False], [0, 1, "true", None], "true or false"),
        (validators.COUNT, [0, 10**20], [-1, True, 1.0, "1"], "a whole number, 0 or more"),
        (validators.one_of(("a", "b")), ["a", "b"], ["c", Text("a"), None, []], "a or b"),
        (validators.instance_of(Form), [Form()], [None, "Form"], "a Form"),
    ],
)
def test_a_validator_accepts_or_names_the_field(
    check: validators.Check, good: list[Any], bad: list[Any], expected: str
) -> None:
    """In the one sentence that every error speaks in."""
    assert [refused(check, value) for value in good] == [None] * len(good)
    for value in bad:
        assert (refused(check, value) or "").startswith(f"Owner.field: expected {expected}, got ")
