# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Request and response of ``/completions``: a prompt that is one text, and the text after it.

OpenRouter is assumed to broadcast it as it does chat; no delivery of one was captured.

Source: OpenRouter's OpenAPI document, completions.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..document import Document
from .chat_form import ChatForm, is_answer, provider_of
from .failure import failure_of
from .pieces import Text, reported
from .usage import chat_usage

__all__ = ["CompletionsStream", "completions_form"]

_OWN_KEYS: Final = frozenset({"prompt"})
_HEADER: Final = ("id", "object", "model", "provider", "created", "usage", "error")


def completions_form(request: Document, response: Document) -> ChatForm:
    """A request to ``/completions`` and its response; only the first choice is recorded."""
    choices = response.objects("choices")
    if len(choices) > 1:
        response.note("choices", "only the first choice is recorded")
    choice = choices[0] if choices else response.below("choices[0]", {})
    prompt = request.value("prompt")
    return ChatForm(
        skin="completions",
        operation="text_completion",
        generation_id=response.text("id") or None,
        model=response.text("model") or None,
        provider_name=provider_of(response),
        created_s=response.count("created"),
        user_id=request.word("user"),
        usage=chat_usage(response.document("usage")),
        prompt=None if prompt is None else {"prompt": prompt},
        answered=is_answer(response, "choices"),
        content=choice.text("text"),
        reasoning=choice.text("reasoning"),
        finish_reason=choice.text("finish_reason") or None,
        native_finish_reason=choice.text("native_finish_reason") or None,
        failure=failure_of(response) or failure_of(choice, routed=True),
        own_keys=_OWN_KEYS,
    )


@attrs.define
class CompletionsStream:
    """
    A response of ``/completions`` that is being streamed.

    Attributes:
        body: Members of the response that are not part of a choice.

        choices: The members of each choice so far, by its index.

        texts: The text of each choice so far.

        ended: Whether a finish reason, usage or an error has arrived.
    """

    body: dict[str, Any] = attrs.field(factory=dict)
    choices: dict[int, dict[str, Any]] = attrs.field(factory=dict)
    texts: dict[int, Text] = attrs.field(factory=dict)
    ended: bool = False

    def add(self, chunk: Document) -> None:
        """Adds the next chunk."""
        self.body.update(reported(chunk, *_HEADER))
        self.ended = self.ended or bool(chunk.value("usage") or chunk.value("error"))
        for choice in chunk.objects("choices"):
            index = choice.count("index") or 0
            known = self.choices.setdefault(index, {"index": index})
            known.update(reported(choice, "finish_reason", "native_finish_reason"))
            self.texts.setdefault(index, Text()).add(choice.text("text"))
            self.ended = self.ended or bool(choice.value("finish_reason"))

    def response(self) -> dict[str, Any]:
        """The response so far, as the body that a request without streaming would have received."""
        choices = [{**self.choices[index], "text": str(self.texts[index])} for index in sorted(self.choices)]
        return {**self.body, **({"choices": choices} if choices else {})}
