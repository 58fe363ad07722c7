# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Request and response of ``/embeddings``."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter import Failure, Usage
from otlpjson.openrouter.apis.chat_form import ChatForm
from otlpjson.openrouter.apis.embeddings import embeddings_form
from otlpjson.openrouter.document import Document


def read(request: dict[str, Any], response: dict[str, Any]) -> ChatForm:
    """The form; nothing may be noted."""
    owner = Document("request", request, [])
    form = embeddings_form(owner, Document("response", response, owner.skipped))

    assert owner.skipped == []
    return form


def test_a_whole_response_is_read() -> None:
    """The vectors are counted, and never recorded."""
    form = read(
        {"input": ["A", "B"], "user": "u"},
        {
            "object": "list",
            "model": "openai/text-embedding-3-small",
            "data": [{"index": 0, "embedding": [0.1, 0.2, 0.3]}, {"index": 1, "embedding": [1, 2, 3]}],
            "usage": {"prompt_tokens": 2, "total_tokens": 2, "cost": 8e-08},
        },
    )

    assert form == ChatForm(
        skin="embeddings",
        operation="embeddings",
        generation_id=None,
        model="openai/text-embedding-3-small",
        user_id="u",
        usage=Usage(input_tokens=2, total_tokens=2, total_cost=8e-08),
        prompt={"input": ["A", "B"]},
        answered=True,
        facts={"vectors": 2, "dimensions": 3},
        own_keys=frozenset({"input"}),
    )


@pytest.mark.parametrize(
    ("vector", "dimensions"),
    [([], 0), ([1, 2], 2), ("AACAPwAAAEA=", 2), ("", 0), (None, None), (5, None)],
)
def test_a_vector_may_be_numbers_or_base64(vector: Any, dimensions: int | None) -> None:
    """A number has four bytes in base64."""
    assert read({}, {"data": [{"embedding": vector}]}).facts == {"vectors": 1, "dimensions": dimensions}


def test_images_of_the_input_are_placeholders() -> None:
    """Media data is never sent."""
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}}
    shown = {"type": "image_url", "image_url": {"url": "[image/png, 4 characters]"}}

    assert read({"input": [{"content": [image]}]}, {}).prompt == {"input": [{"content": [shown]}]}


def test_an_error_is_a_failure() -> None:
    """It has no vectors."""
    form = read({}, {"error": {"code": 502, "message": "lost"}})

    assert (form.failure, form.answered, form.facts) == (Failure(message="lost", code="502"), False, {})
