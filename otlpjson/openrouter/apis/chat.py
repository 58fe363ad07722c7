# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Request and response of ``/chat/completions`` in chat form.

Source: OpenRouter's OpenAPI document, ChatCompletion, and its page "Errors and debugging".
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from ..document import Document
from ..generation import Failure
from .chat_answer import answer_of
from .chat_calls import with_argument_texts
from .chat_form import ChatForm, is_answer, provider_of
from .failure import failure_of
from .parts import without_media
from .usage import chat_usage

__all__ = ["chat_form"]

_OWN_KEYS: Final = frozenset({"messages"})
# The reason that OpenAI's API gave before functions became tools.
_FINISH_REASONS: Final = MappingProxyType({"function_call": "tool_calls"})


def chat_form(request: Document, response: Document) -> ChatForm:
    """
    A request to ``/chat/completions`` and its response in chat form.

    Like Broadcast, only the first of several choices is recorded; that others exist is noted.

    Args:
        request: The body sent.

        response: The body received, an error body included; empty if there is none.
    """
    choice = _choice(response)
    answer = answer_of(choice.document("message"))
    finish_reason = choice.text("finish_reason") or None
    return ChatForm(
        skin="chat-completions",
        generation_id=response.text("id") or None,
        model=response.text("model") or None,
        provider_name=provider_of(response),
        created_s=response.count("created"),
        user_id=request.word("user"),
        usage=chat_usage(response.document("usage")),
        prompt=_prompt(request),
        tools=[dict(tool.members) for tool in request.objects("tools")] or None,
        answered=is_answer(response, "choices"),
        content=answer.content,
        reasoning=answer.reasoning,
        tool_calls=answer.tool_calls,
        server_tools=answer.server_tools,
        finish_reason=_FINISH_REASONS.get(finish_reason or "", finish_reason),
        native_finish_reason=choice.text("native_finish_reason") or None,
        # A body with status 200 may report its error at the top, in the choice, or only as the finish reason.
        failure=failure_of(response) or failure_of(choice, routed=True) or _finish_failure(choice),
        own_keys=_OWN_KEYS,
    )


def _choice(response: Document) -> Document:
    """The choice with the lowest index, or an empty one."""
    choices = response.objects("choices")
    if not choices:
        return response.below("choices[0]", {})
    if len(choices) > 1:
        response.note("choices", "only the first choice is recorded")
    # Providers may leave out the index of the only choice.
    return min(choices, key=lambda choice: choice.count("index") or 0)


def _prompt(request: Document) -> dict[str, Any] | None:
    messages = [with_argument_texts(message.members) for message in request.objects("messages")]
    return {"messages": list(without_media(messages))} if request.is_list("messages") else None


def _finish_failure(choice: Document) -> Failure | None:
    """A failure that only the finish reason reports, such as Gemini's MALFORMED_FUNCTION_CALL."""
    if choice.value("finish_reason") != "error":
        return None
    native = choice.text("native_finish_reason") or None
    return Failure(message=native or "error", kind=native)
