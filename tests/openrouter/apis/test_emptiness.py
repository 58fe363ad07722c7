# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Values that stand for nothing."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter.apis.emptiness import is_empty


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, True),
        ("", True),
        (b"", True),
        (0, True),
        (0.0, True),
        (False, True),
        ({}, True),
        ([], True),
        ((), True),
        ({"id": "", "expires_at": 0, "function": {"name": None, "arguments": ""}, "parts": [{}, []]}, True),
        (" ", False),
        (1, False),
        (True, False),
        ({"a": {"b": [None, "x"]}}, False),
        ([0, 1], False),
        (object(), False),
    ],
)
def test_empty_values_stand_for_nothing(value: Any, expected: bool) -> None:
    """So do objects and lists that hold nothing else."""
    assert is_empty(value) is expected


def test_a_value_that_contains_itself_is_something() -> None:
    """Looking into it ends."""
    own: list[Any] = []
    own.append(own)

    assert is_empty(own) is False
