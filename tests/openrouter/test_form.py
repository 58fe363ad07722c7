# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The form in which a generation is sent."""

from __future__ import annotations

import pytest

from otlpjson import InvalidValue
from otlpjson.openrouter import Form


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("hierarchy", "document", "Form.hierarchy: expected documented or observed, got str 'document'"),
        ("hierarchy", None, "Form.hierarchy: expected documented or observed, got nothing"),
        ("privacy_mode", 1, "Form.privacy_mode: expected true or false, got int 1"),
        ("integers", "numbers", "Form.integers: expected text or number, got str 'numbers'"),
        ("truncation", 200, "Form.truncation: expected a Truncation, got int 200"),
        ("max_entry_bytes", True, "Form.max_entry_bytes: expected a whole number, 0 or more, got bool True"),
        ("max_entry_bytes", -1, "Form.max_entry_bytes: expected a whole number, 0 or more, got int -1"),
    ],
)
def test_a_form_that_cannot_be_written_is_refused(field: str, value: object, sentence: str) -> None:
    """It is refused when it is created, not at the first record."""
    with pytest.raises(InvalidValue) as caught:
        Form(**{field: value})  # type: ignore[arg-type]  # the test is about wrong types

    assert str(caught.value) == sentence


def test_integers_are_text_unless_numbers_are_asked_for() -> None:
    """OTLP/JSON requires text."""
    assert [Form().integers_as_numbers, Form(integers="number").integers_as_numbers] == [False, True]
