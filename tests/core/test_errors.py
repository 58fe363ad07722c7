# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The error tree and the sentences of its members."""

from __future__ import annotations

import pickle
import re

import pytest

from otlpjson import ConfigError, InvalidDocument, InvalidValue, OtlpJsonError
from otlpjson.core import errors
from otlpjson.core.problem import Mismatch, Problem


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


def test_a_document_error_may_have_no_expectation() -> None:
    """Then the problem itself is what was found, also after pickling; a rule stands at the end."""
    error = InvalidDocument.because("body", "JSON is nested too deeply", "DEC-11")
    twin = pickle.loads(pickle.dumps(error))

    assert str(error) == str(twin) == "body: JSON is nested too deeply (DEC-11)"
    assert (twin.path, twin.expected, twin.found) == ("body", "", "JSON is nested too deeply")
    assert twin.problem == Problem("body", "JSON is nested too deeply")


def test_a_document_error_can_be_made_from_a_mismatch() -> None:
    error = InvalidDocument.because("body", Mismatch("a list", "nothing"))

    assert str(error) == "body: expected a list, got nothing"
    assert (error.expected, error.found, error.rule) == ("a list", "nothing", "")


def test_a_configuration_is_reported_completely() -> None:
    """All keys at fault at once, one a line, also after pickling."""
    error = ConfigError({"base_url": "expected a URL, got nothing", "api_key": "expected a key, got nothing"})

    assert str(error) == "base_url: expected a URL, got nothing\napi_key: expected a key, got nothing"
    assert pickle.loads(pickle.dumps(error)).problems == error.problems
    assert list(error.problems) == ["base_url", "api_key"]
