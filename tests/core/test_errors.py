# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The error tree and the sentences of its members."""

from __future__ import annotations

import pickle
import re
from typing import Any

import pytest

from otlpjson import ConfigError, InvalidDocument, InvalidValue, OtlpJsonError
from otlpjson.core import errors
from otlpjson.core.words import describe


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    """The drawing is the truth, so it must be true."""
    drawn = re.findall(r"\b(OtlpJsonError|Invalid\w+|\w+Error)\b", errors.__doc__ or "")
    classes = [
        item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, Exception)
    ]

    assert sorted(drawn) == sorted(item.__name__ for item in classes)
    assert all(issubclass(item, OtlpJsonError) for item in classes)
    assert all(issubclass(item, ValueError) for item in classes if item is not OtlpJsonError)


@pytest.mark.parametrize("kind", [InvalidValue, InvalidDocument])
def test_an_error_says_where_what_was_expected_and_what_was_found(kind: type[InvalidValue]) -> None:
    """The same three facts for a reader and for a program, also after pickling."""
    error = kind("Span.name", "text", "int 5")
    twin = pickle.loads(pickle.dumps(error))

    assert str(error) == str(twin) == "Span.name: expected text, got int 5"
    assert (twin.path, twin.expected, twin.found) == ("Span.name", "text", "int 5")


def test_a_configuration_is_reported_completely() -> None:
    """All keys at fault at once, one a line, also after pickling."""
    error = ConfigError({"base_url": "expected a URL, got nothing", "api_key": "expected a key, got nothing"})

    assert str(error) == "base_url: expected a URL, got nothing\napi_key: expected a key, got nothing"
    assert pickle.loads(pickle.dumps(error)).problems == error.problems
    assert list(error.problems) == ["base_url", "api_key"]


class Hostile:
    """An object whose text must not be asked for."""

    def __repr__(self) -> str:
        raise AssertionError("its repr was asked for")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        ("5b8e", "str '5b8e'"),
        ("é\n", "str '\\xe9\\n'"),
        (b"\xff", "bytes b'\\xff'"),
        (True, "bool True"),
        (-7, "int -7"),
        (1.5, "float 1.5"),
        (10**100, "int of 333 bits"),
        ([1], "list"),
        (Hostile(), "Hostile"),
        ("x" * 100, "str '" + "x" * 59 + "…"),
        (2**200, f"int {2**200}"[:64] + "…"),
    ],
)
def test_a_value_is_described_shortly_and_without_its_own_code(value: Any, text: str) -> None:
    """Type and at most 60 characters of plain values; of anything else the class alone."""
    assert describe(value) == text
