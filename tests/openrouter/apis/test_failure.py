# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Errors in responses, in every form that servers have."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import Finding
from otlpjson.openrouter import Failure
from otlpjson.openrouter.apis.failure import error_words, failure_of
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
        (
            {"error": PROVIDER_ERROR},
            Failure(message="Provider returned error", code="429", provider_name="OpenAI"),
        ),
        (
            {
                "error": {
                    "code": 403,
                    "message": "Flagged",
                    "metadata": {"reasons": ["x"], "provider_name": "OpenAI"},
                }
            },
            Failure(message="Flagged", code="403", provider_name="OpenAI"),
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
        # Empty members are none.
        ({"error": ""}, None),
        ({"error": {}}, None),
        ({"error": []}, None),
        ({"error": False}, None),
        # Lists, of which the first item with words is used.
        ({"error": [{"code": 2001, "message": "No gateway"}]}, Failure(message="No gateway", code="2001")),
        ({"error": ["no", "never"]}, Failure(message="no")),
        ({"error": [5]}, Failure(message="error")),
        # Words deeper inside, as validators write them.
        (
            {"success": False, "error": {"name": "ZodError", "issues": [{"message": "Required"}]}},
            Failure(message="Required", before_routing=True),
        ),
        ({"error": {"error": {"message": "inner"}}}, Failure(message="inner", before_routing=True)),
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


@pytest.mark.parametrize("error", [True, 0, 500, 1.5])
def test_an_error_is_an_object_a_list_or_text(error: Any) -> None:
    """Anything else is noted, and is no error."""
    body = Document("record.response", {"error": error}, [])

    assert failure_of(body) is None
    assert [note.path for note in body.skipped] == ["record.response.error"]


@pytest.mark.parametrize("wrong", [5, "", None, ["gen-1"]])
def test_an_id_that_is_not_text_is_no_id(wrong: Any) -> None:
    """It is noted where the id is read, not again where the error is."""
    body = Document("record.response", {"id": wrong, "request_id": wrong, "error": {"code": 5}}, [])

    assert failure_of(body) == Failure(message="error", code="5", before_routing=True)
    assert body.skipped == []


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        ({}, None),
        ({"success": False, "result": []}, None),
        ({"message": ""}, None),
        ({"object": "list", "data": ["words"]}, None),
        ({"detail": "Not Found"}, Failure(message="Not Found")),
        ({"detail": [{"loc": ["body"], "msg": "field required"}]}, Failure(message="field required")),
        ({"detail": {"error": "quota"}}, Failure(message="quota")),
        ({"errors": [{"code": 7003, "message": "No route"}]}, Failure(message="No route")),
        ({"error": True, "message": "stopped", "status": 503}, Failure(message="stopped", code="503")),
        ({"error": "invalid", "error_description": "long words"}, Failure(message="invalid")),
        ({"msg": "no", "status_code": "teapot"}, Failure(message="no", code="teapot")),
        (
            {"title": "Forbidden", "status": 403, "type": "about:blank"},
            Failure(message="Forbidden", code="403"),
        ),
        (
            {"code": 502, "message": "lost", "metadata": {"error_type": "timeout", "provider_name": "X"}},
            Failure(message="lost", kind="timeout", code="502", provider_name="X"),
        ),
        ({"detail": {"error": {"error": {"error": {"error": {"error": "too deep"}}}}}}, None),
    ],
)
def test_words_of_an_error_are_found_in_any_body(body: dict[str, Any], failure: Failure | None) -> None:
    """Which member has them depends on the server that wrote them."""
    owner = Document("record.response", body, [])

    assert error_words(owner) == failure
    assert owner.skipped == []


def test_an_error_of_another_type_is_noted() -> None:
    """With what would have been read, and never with the value."""
    notes: list[Finding] = []

    assert failure_of(Document("response", {"error": 4111111111111111}, notes)) is None
    assert [str(note) for note in notes] == [
        "response.error: expected an object, a list or text, got int of 16 digits"
    ]
