# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The value that describes one request."""

from __future__ import annotations

import pytest

from otlpjson.openrouter import Failure, Generation

from .notes import note


@pytest.mark.parametrize(
    ("kind", "code", "message"),
    [
        ("rate_limit_exceeded", "429", "rate_limit_exceeded (429)"),
        ("timeout", None, "timeout"),
        (None, "server_error", "error (server_error)"),
        (None, None, "error"),
        ("quotes the prompt", "403", "error (403)"),
        ("x" * 65, "no code\n", "error"),
        ("", "", "error"),
    ],
)
def test_a_failure_without_its_text_keeps_kind_and_code(
    kind: str | None, code: str | None, message: str
) -> None:
    """Only texts that look like a name stay, because others may quote content."""
    failure = Failure(message="secret", kind=kind, code=code).without_text()

    assert failure.message == message
    assert "secret" not in repr(failure)
    assert failure == failure.without_text()


def test_repr_shows_no_content() -> None:
    """Prompt, completion and error message do not get into logs."""
    generation = Generation(
        key="gen-1",
        start_ns=1,
        end_ns=2,
        prompt="canary",
        completion="canary",
        failure=Failure(message="canary", kind="timeout"),
    )

    assert "canary" not in repr(generation)
    assert "gen-1" in repr(generation)


def test_a_note_is_one_sentence() -> None:
    """It has the path, what was expected and what was found."""
    assert str(note("record.response.id", "text", "int 5")) == "record.response.id: expected text, got int 5"


def test_equal_requests_of_one_instant_are_numbered() -> None:
    """The first keeps its key."""
    generation = Generation(key="gen-0", start_ns=1, end_ns=2)

    assert [generation.numbered(number).key for number in range(3)] == ["gen-0", "gen-0:1", "gen-0:2"]
