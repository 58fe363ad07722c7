# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Request and response of ``/chat/completions``.

Source: OpenRouter's OpenAPI document, ChatCompletion, and its page "Errors and debugging".
"""

from __future__ import annotations

from typing import Final

from .chat_form import ChatForm, failure_of
from .document import Document
from .generation import Failure, Usage
from .parts import stripped

__all__ = ["chat_form"]

_OWN_KEYS: Final = frozenset({"messages"})


def chat_form(request: Document, response: Document) -> ChatForm:
    """What they say. Of several choices Broadcast tells the first; the others are noted."""
    choices = response.objects("choices")
    if len(choices) > 1:
        response.skip("choices", "one choice; the first is told", response.value("choices"))
    choice = choices[0] if choices else Document(f"{response.path}.choices[0]", {}, response.skipped)
    message = choice.document("message")
    for name in ("images", "audio"):
        if message.value(name):
            message.skip(name, "text; media are not sent", message.value(name))
    messages = request.value("messages")
    content = message.value("content")
    return ChatForm(
        skin="chat-completions",
        generation_id=response.text("id") or None,
        model=response.text("model") or None,
        provider_name=response.text("provider"),
        created_s=response.count("created"),
        user_id=request.text("user"),
        usage=_usage(response.document("usage")),
        messages=stripped(messages) if "messages" in request.members else None,
        tools=request.value("tools"),
        content=message.value("refusal") if content is None else content,
        reasoning=_reasoning(message),
        tool_calls=message.value("tool_calls"),
        finish_reason=choice.text("finish_reason"),
        native_finish_reason=choice.text("native_finish_reason"),
        failure=failure_of(response) or failure_of(choice) or _finish_failure(choice),
        own_keys=_OWN_KEYS,
    )


def _reasoning(message: Document) -> str | None:
    """The reasoning's text, else what its details say."""
    text = message.text("reasoning")
    if text is not None:
        return text
    details = message.objects("reasoning_details")
    return "".join(detail.text("text") or detail.text("summary") or "" for detail in details) or None


def _finish_failure(choice: Document) -> Failure | None:
    """An error that stands only in the finish reason, such as Gemini's MALFORMED_FUNCTION_CALL."""
    if choice.value("finish_reason") != "error":
        return None
    native = choice.text("native_finish_reason")
    return Failure(message=native or "error", kind=native)


def _usage(usage: Document) -> Usage:
    prompt = usage.document("prompt_tokens_details")
    completion = usage.document("completion_tokens_details")
    cost = usage.document("cost_details")
    creation = prompt.document("cache_creation")
    return Usage(
        input_tokens=usage.count("prompt_tokens"),
        output_tokens=usage.count("completion_tokens"),
        total_tokens=usage.count("total_tokens"),
        cached_tokens=prompt.count("cached_tokens"),
        cache_write_tokens=prompt.count("cache_write_tokens"),
        cache_write_5m_tokens=creation.count("ephemeral_5m_input_tokens"),
        cache_write_1h_tokens=creation.count("ephemeral_1h_input_tokens"),
        input_audio_tokens=prompt.count("audio_tokens"),
        input_video_tokens=prompt.count("video_tokens"),
        reasoning_tokens=completion.count("reasoning_tokens"),
        output_image_tokens=completion.count("image_tokens"),
        input_cost=cost.number("upstream_inference_prompt_cost"),
        output_cost=cost.number("upstream_inference_completions_cost"),
        total_cost=usage.number("cost"),
    )
