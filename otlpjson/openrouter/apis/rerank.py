# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Request and response of ``/rerank``: a query, documents, and the documents' new order.

Source: OpenRouter's OpenAPI document, rerank.
"""

from __future__ import annotations

from typing import Any, Final

from ..document import Document
from .chat_form import ChatForm, is_answer, provider_of
from .failure import failure_of
from .parts import part_without_media
from .pieces import reported
from .usage import other_usage

__all__ = ["rerank_form"]

_OWN_KEYS: Final = frozenset({"query", "documents"})


def rerank_form(request: Document, response: Document) -> ChatForm:
    """A request to ``/rerank`` and its response; of the results, index and score are recorded."""
    prompt = part_without_media(reported(request, "query", "documents"))
    results = [_result(result) for result in response.objects("results")]
    return ChatForm(
        skin="rerank",
        operation="rerank",
        generation_id=response.text("id") or None,
        model=response.text("model") or None,
        provider_name=provider_of(response),
        user_id=request.word("user"),
        usage=other_usage(response.document("usage")),
        prompt=prompt or None,
        answered=is_answer(response, "results"),
        facts={"results": results} if results else {},
        failure=failure_of(response),
        own_keys=_OWN_KEYS,
    )


def _result(result: Document) -> dict[str, Any]:
    return {"index": result.count("index"), "relevance_score": result.number("relevance_score")}
