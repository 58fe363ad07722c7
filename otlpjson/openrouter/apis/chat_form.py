# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The chat form: request and response of any of the three APIs as those of ``/chat/completions``.

Broadcast shows every request in this form, whichever API it was sent to.
"""

from __future__ import annotations

from typing import Any, Callable

import attrs

from ..compact import compact
from ..document import Document
from ..generation import Failure, MetadataValue, Usage

__all__ = ["ChatForm", "is_answer", "provider_of", "text_or_parts", "tool_call"]


# Not frozen, which would make each of its many members a call; nothing changes it.
@attrs.define(kw_only=True)
class ChatForm:
    """
    One request and its response.

    Absent values are ``None``.

    Attributes:
        skin: Broadcast's name for the API, such as ``chat-completions``.

        operation: The value of ``gen_ai.operation.name``.

        generation_id, model, provider_name: As the response names them.

        created_s, completed_s: Whole seconds since 1970-01-01 UTC, from the response.

        user_id, session_id: The end user and the session, as the request names them.

        metadata: Custom metadata that is outside the request's ``trace``, as names and values.

        usage: Tokens and cost.

        prompt: The prompt as a JSON object: ``{"messages": […]}`` of a conversation.

        tools: Definitions of the tools the model was offered, in chat form.

        answered: Whether the response holds an answer, which may be empty.

        finished:
            Whether that answer says of itself that it is finished. One that is still being
            generated in the background does not.

        content, reasoning, tool_calls: The answer.

        server_tools:
            What tools at the server did for the answer, as the items or blocks of the response.
            They have no form in chat.

        facts: Further members of the answer, of requests that are not a conversation.

        finish_reason, native_finish_reason:
            Why the model stopped, in OpenRouter's terms and in the provider's.

        failure: The error in the response; ``None`` if there is none.

        own_keys:
            Keys of the request that hold the prompt. They are recorded as ``prompt``, so they are
            left out where the request's parameters are listed.

        later_keys: Keys of the request that Broadcast lists after ``_skin``.
    """

    skin: str
    operation: str = "chat"
    generation_id: str | None
    model: str | None
    provider_name: str | None = None
    created_s: int | None = None
    completed_s: int | None = None
    user_id: str | None
    session_id: str | None = None
    metadata: tuple[tuple[str, MetadataValue], ...] = attrs.field(default=(), repr=False)
    usage: Usage
    prompt: dict[str, Any] | None = attrs.field(repr=False)
    tools: list[Any] | None = attrs.field(default=None, repr=False)
    answered: bool
    finished: bool = True
    content: Any = attrs.field(default=None, repr=False)
    reasoning: Any = attrs.field(default=None, repr=False)
    tool_calls: list[Any] | None = attrs.field(default=None, repr=False)
    server_tools: list[Any] | None = attrs.field(default=None, repr=False)
    facts: dict[str, Any] = attrs.field(factory=dict, repr=False)
    finish_reason: str | None = None
    native_finish_reason: str | None = None
    failure: Failure | None = None
    own_keys: frozenset[str]
    later_keys: frozenset[str] = frozenset()


def is_answer(response: Document, *names: str) -> bool:
    """
    Whether a response holds an answer: one of these members, or an id or usage.

    The body of a refused request has none of them.
    """
    return any(response.value(name) is not None for name in (*names, "id", "usage"))


def provider_of(response: Document) -> str | None:
    """
    The name of the provider that answered.

    It is the body's ``provider`` or, where the request asked for OpenRouter's metadata, the
    endpoint selected there.
    """
    endpoints = response.document("openrouter_metadata").document("endpoints").objects("available")
    selected = (endpoint for endpoint in endpoints if endpoint.value("selected") is True)
    return response.text("provider") or next((endpoint.text("provider") for endpoint in selected), None)


def tool_call(index: int, call_id: str | None, name: str | None, arguments: Any) -> dict[str, Any]:
    """
    A call of a function in chat form.

    Args:
        index: Its position among the calls of its message, from 0.

        arguments: Text stays unchanged; any other value is written as compact JSON.
    """
    written = arguments if isinstance(arguments, str) else compact(arguments)
    return {
        "id": call_id,
        "index": index,
        "type": "function",
        "function": {"name": name, "arguments": written},
    }


def text_or_parts(owner: Document, name: str, part: Callable[[Document], dict[str, Any] | None]) -> Any:
    """
    A member that is either a text or a list of parts, in chat form.

    Args:
        part: Converts one part; parts for which it returns ``None`` are left out.
    """
    if not owner.is_list(name):
        return owner.text(name)
    return [converted for converted in map(part, owner.objects(name)) if converted]
