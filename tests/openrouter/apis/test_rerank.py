# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Request and response of ``/rerank``."""

from __future__ import annotations

from typing import Any

from otlpjson.openrouter import Failure, Usage
from otlpjson.openrouter.apis.chat_form import ChatForm
from otlpjson.openrouter.apis.rerank import rerank_form
from otlpjson.openrouter.document import Document


def read(request: dict[str, Any], response: dict[str, Any]) -> ChatForm:
    """The form."""
    return rerank_form(Document("request", request, []), Document("response", response, []))


def test_a_whole_response_is_read() -> None:
    """Of the results, index and score are recorded, and not the documents again."""
    form = read(
        {"query": "red?", "documents": ["A", {"text": "B"}], "top_n": 1},
        {
            "id": "gen-1",
            "model": "cohere/rerank-v3.5",
            "provider": "Cohere",
            "results": [{"index": 1, "relevance_score": 0.9, "document": {"text": "B"}}],
            "usage": {"search_units": 1, "total_tokens": 9, "cost": 0.002},
        },
    )

    assert form == ChatForm(
        skin="rerank",
        operation="rerank",
        generation_id="gen-1",
        model="cohere/rerank-v3.5",
        provider_name="Cohere",
        user_id=None,
        usage=Usage(total_tokens=9, total_cost=0.002),
        prompt={"query": "red?", "documents": ["A", {"text": "B"}]},
        answered=True,
        facts={"results": [{"index": 1, "relevance_score": 0.9}]},
        own_keys=frozenset({"query", "documents"}),
    )


def test_nothing_gives_nothing() -> None:
    """An error is a failure."""
    form = read({}, {"error": {"code": 502, "message": "lost"}})

    assert (form.prompt, form.facts, form.answered) == (None, {}, False)
    assert form.failure == Failure(message="lost", code="502")
