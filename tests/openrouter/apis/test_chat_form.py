# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the three APIs have in common: errors, providers, calls and parts in chat form."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter import Failure, Usage
from otlpjson.openrouter.apis.chat_form import ChatForm, failure_of, provider_of, text_or_parts, tool_call
from otlpjson.openrouter.document import Document

PROVIDER_ERROR = {
    "code": 429,
    "message": "Provider returned error",
    "metadata": {"raw": "slow down", "provider_name": "OpenAI", "is_byok": False},
}


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        ({}, None),
        ({"error": None}, None),
        # /chat/completions and /responses, refused before routing.
        (
            {"error": {"message": "x is not a valid model ID", "code": 400}, "user_id": "user_1"},
            Failure(message="x is not a valid model ID", code="400", before_routing=True),
        ),
        (
            {"error": {"code": "invalid_prompt", "message": "Missing"}, "metadata": None},
            Failure(message="Missing", code="invalid_prompt", before_routing=True),
        ),
        # Refused by a provider, as its name or its message shows.
        ({"error": PROVIDER_ERROR}, Failure(message="Provider returned error", code="429")),
        (
            {
                "error": {
                    "code": 403,
                    "message": "Flagged",
                    "metadata": {"reasons": ["x"], "provider_name": "OpenAI"},
                }
            },
            Failure(message="Flagged", code="403"),
        ),
        ({"error": {"code": 500, "metadata": {"raw": "<html>"}}}, Failure(message="error", code="500")),
        (
            {"error": {"code": 503, "metadata": {"previous_errors": [{"provider": "A", "code": 429}]}}},
            Failure(message="error", code="503"),
        ),
        ({"error": {"metadata": {"provider_code": "busy"}}}, Failure(message="error")),
        ({"error": {"metadata": {"provider_error_code": "busy"}}}, Failure(message="error")),
        # Kinds and codes that only a provider can cause.
        *(
            (
                {"error": {"code": code, "message": "Provider returned error"}},
                Failure(message="Provider returned error", code=str(code)),
            )
            for code in (502, "502", 524, 529)
        ),
        *(
            (
                {"error": {"code": 503, "metadata": {"error_type": kind}}},
                Failure(message="error", kind=kind, code="503"),
            )
            for kind in ("provider_overloaded", "provider_unavailable", "timeout")
        ),
        ({"error": {"code": 503}}, Failure(message="error", code="503", before_routing=True)),
        # An answer, even an empty one, or an id.
        ({"error": {"code": 500}, "choices": []}, Failure(message="error", code="500")),
        ({"error": {"code": "x"}, "output": []}, Failure(message="error", code="x")),
        ({"error": {"type": "api_error"}, "content": []}, Failure(message="error", kind="api_error")),
        ({"id": "gen-1", "error": {"code": 500}}, Failure(message="error", code="500")),
        # /messages: the id is null where it was refused before routing.
        (
            {
                "type": "error",
                "error": {
                    "type": "invalid_request_error",
                    "message": "No model",
                    "error_type": "invalid_request",
                },
                "request_id": None,
            },
            Failure(message="No model", kind="invalid_request", before_routing=True),
        ),
        (
            {
                "type": "error",
                "error": {"type": "overloaded_error", "message": "Busy"},
                "request_id": "gen-1",
            },
            Failure(message="Busy", kind="overloaded_error"),
        ),
        # The stable name, wherever it is.
        (
            {"error": {"error_type": "a", "type": "d", "metadata": {"error_type": "b"}}, "error_type": "c"},
            Failure(message="error", kind="a", before_routing=True),
        ),
        (
            {"error": {"type": "d", "metadata": {"error_type": "b"}}, "error_type": "c"},
            Failure(message="error", kind="b", before_routing=True),
        ),
        (
            {"error": {"type": "d"}, "error_type": "c"},
            Failure(message="error", kind="c", before_routing=True),
        ),
        # Other forms.
        ({"error": "plain words"}, Failure(message="plain words")),
        ({"error": ""}, Failure(message="error")),
        ({"error": {}}, Failure(message="error", before_routing=True)),
        ({"error": {"message": 5, "code": 1.5}}, Failure(message="error", before_routing=True)),
    ],
)
def test_an_error_is_read_in_every_form(body: dict[str, Any], failure: Failure | None) -> None:
    """So is whether a provider was asked."""
    assert failure_of(Document("record.response", body, [])) == failure


def test_the_caller_may_know_that_a_provider_was_asked() -> None:
    """An error of a choice has no id of its own."""
    choice = Document("record.response.choices[0]", {"error": {"code": 500}}, [])

    assert failure_of(choice, routed=True) == Failure(message="error", code="500")


@pytest.mark.parametrize("error", [False, True, 0, 500, ["odd"]])
def test_an_error_is_an_object_or_text(error: Any) -> None:
    """Anything else is noted and not read as an error."""
    body = Document("record.response", {"error": error}, [])

    assert failure_of(body) is None
    assert [note.path for note in body.skipped] == ["record.response.error"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({}, None),
        ({"provider": "Amazon Bedrock"}, "Amazon Bedrock"),
        ({"openrouter_metadata": {"endpoints": {"available": []}}}, None),
        (
            {
                "openrouter_metadata": {
                    "endpoints": {
                        "available": [
                            {"provider": "Azure", "selected": False},
                            {"provider": "OpenAI", "selected": True},
                        ]
                    }
                }
            },
            "OpenAI",
        ),
        (
            {
                "provider": "A",
                "openrouter_metadata": {"endpoints": {"available": [{"provider": "B", "selected": True}]}},
            },
            "A",
        ),
        ({"openrouter_metadata": {"endpoints": {"available": [{"provider": "B", "selected": 1}]}}}, None),
    ],
)
def test_the_provider_is_in_the_body_or_in_openrouters_metadata(
    body: dict[str, Any], name: str | None
) -> None:
    """A response of /responses has no member for it, so it depends on the metadata."""
    assert provider_of(Document("record.response", body, [])) == name


@pytest.mark.parametrize("wrong", [5, "", None, ["gen-1"]])
def test_an_id_that_is_not_text_is_no_id(wrong: Any) -> None:
    """It is noted where the id is read, not again where the error is."""
    body = Document("record.response", {"id": wrong, "request_id": wrong, "error": {}}, [])

    assert failure_of(body) == Failure(message="error", before_routing=True)
    assert body.skipped == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [("{", "{"), ("", ""), ({}, "{}"), ({"a": [1, None]}, '{"a":[1,null]}'), (5, "5")],
)
def test_a_call_has_its_arguments_as_text(arguments: Any, expected: str) -> None:
    """Text stays unchanged, even if it is no JSON: it may have been cut off."""
    assert tool_call(1, "c1", "look", arguments) == {
        "id": "c1",
        "index": 1,
        "type": "function",
        "function": {"name": "look", "arguments": expected},
    }


@pytest.mark.parametrize(
    ("content", "expected", "notes"),
    [
        ("Hello", "Hello", []),
        (None, None, []),
        ([], [], []),
        (
            [{"keep": 1}, {"keep": None}, 5],
            [{"kept": 1}],
            ["message.content[2]: expected an object, got int 5"],
        ),
        (5, None, ["message.content: expected text, got int 5"]),
    ],
)
def test_a_member_is_a_text_or_parts(content: Any, expected: Any, notes: list[str]) -> None:
    """Parts without a chat form are left out."""
    owner = Document("message", {"content": content}, [])

    def part(item: Document) -> dict[str, Any] | None:
        return {"kept": item.value("keep")} if item.value("keep") else None

    assert text_or_parts(owner, "content", part) == expected
    assert [str(note) for note in owner.skipped] == notes


def test_repr_shows_no_content() -> None:
    """It shows neither prompt nor answer."""
    form = ChatForm(
        skin="messages",
        generation_id="gen-1",
        model=None,
        user_id=None,
        usage=Usage(),
        messages=["canary"],
        tools=["canary"],
        content="canary",
        reasoning="canary",
        tool_calls=["canary"],
        failure=Failure(message="canary"),
        own_keys=frozenset(),
    )

    assert "canary" not in repr(form)
    assert "gen-1" in repr(form)
