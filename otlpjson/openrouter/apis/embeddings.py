# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Request and response of ``/embeddings``: what was embedded, and how many vectors it gave.

The vectors themselves are never recorded.

Source: OpenRouter's OpenAPI document, embeddings.
"""

from __future__ import annotations

from typing import Any, Final

from ..document import Document
from .chat_form import ChatForm, is_answer, provider_of
from .failure import failure_of
from .parts import part_without_media
from .usage import other_usage

__all__ = ["embeddings_form"]

_OWN_KEYS: Final = frozenset({"input"})
# Of a vector in base64: four bytes a number, and four characters for three bytes.
_BYTES_PER_NUMBER: Final = 4


def embeddings_form(request: Document, response: Document) -> ChatForm:
    """A request to ``/embeddings`` and its response."""
    vectors = response.objects("data")
    given = request.value("input")
    dimensions = _dimensions(vectors[0].value("embedding")) if vectors else None
    return ChatForm(
        skin="embeddings",
        operation="embeddings",
        generation_id=response.text("id") or None,
        model=response.text("model") or None,
        provider_name=provider_of(response),
        user_id=request.word("user"),
        usage=other_usage(response.document("usage")),
        prompt=None if given is None else {"input": part_without_media(given)},
        answered=is_answer(response, "data"),
        facts={"vectors": len(vectors), "dimensions": dimensions} if vectors else {},
        failure=failure_of(response),
        own_keys=_OWN_KEYS,
    )


def _dimensions(vector: Any) -> int | None:
    if isinstance(vector, (list, tuple)):
        return len(vector)
    return len(vector.rstrip("=")) * 3 // 4 // _BYTES_PER_NUMBER if isinstance(vector, str) else None
