# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The chat form: request and response of any of the three APIs as those of ``/chat/completions``.

Broadcast shows every request in this form, whichever API it was sent to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable, Final

import attrs

from ..compact import compact
from ..document import Document
from ..generation import Failure, Usage

__all__ = ["ChatForm", "failure_of", "provider_of", "text_or_parts", "tool_call"]

# A response has one of these, even if it is empty; the body of a refused request has none.
_ANSWERS: Final = ("choices", "content", "output")
_PROVIDER_FACTS: Final = ("provider_name", "raw", "previous_errors", "provider_code", "provider_error_code")
# Only a provider can be unreachable, slow or overloaded.
_PROVIDER_CODES: Final = frozenset({"502", "524", "529"})


@attrs.frozen(kw_only=True)
class ChatForm:
    """
    One request and its response.

    Absent values are ``None``.

    Attributes:
        skin: Broadcast's name for the API, such as ``chat-completions``.

        generation_id, model, provider_name: As the response names them.

        created_s, completed_s: Whole seconds since 1970-01-01 UTC, from the response.

        user_id: The end user, as the request names them.

        usage: Tokens and cost.

        messages: The conversation in chat form, system message first.

        tools: Definitions of the tools the model was offered, in chat form.

        content, reasoning, tool_calls: The answer.

        finish_reason, native_finish_reason:
            Why the model stopped, in OpenRouter's terms and in the provider's.

        failure: Why the request failed; ``None`` for a success.

        own_keys:
            Keys of the request that hold the conversation. They are recorded as ``messages``, so
            they are left out where the request's parameters are listed.
    """

    skin: str
    generation_id: str | None
    model: str | None
    provider_name: str | None = None
    created_s: int | None = None
    completed_s: int | None = None
    user_id: str | None
    usage: Usage
    messages: list[Any] | None = attrs.field(repr=False)
    tools: list[Any] | None = attrs.field(default=None, repr=False)
    content: Any = attrs.field(default=None, repr=False)
    reasoning: Any = attrs.field(default=None, repr=False)
    tool_calls: list[Any] | None = attrs.field(default=None, repr=False)
    finish_reason: str | None = None
    native_finish_reason: str | None = None
    failure: Failure | None = None
    own_keys: frozenset[str]


def failure_of(owner: Document, *, routed: bool = False) -> Failure | None:
    """
    The ``error`` member of an object as a failure; ``None`` if the object has no error.

    All forms of errors of the three APIs are read: text, or an object with message, code and
    kind. An error of any other type is noted.

    Args:
        owner: A response or one of its choices.

        routed:
            Whether the caller knows that a provider was asked. Otherwise this is derived from the
            error and the object around it.

    Source: OpenRouter's documentation, "Errors and debugging".
    """
    error = owner.value("error")
    if error is None:
        return None
    if isinstance(error, str):
        return Failure(message=error or "error")
    if not isinstance(error, Mapping):
        owner.skip("error", "an object or text", error)
        return None
    details = owner.document("error")
    metadata = details.document("metadata")
    # OpenRouter sends nothing for requests it refused before asking a provider, so this has to be recognised.
    kind = _kind(owner, details, metadata)
    code = details.word("code")
    provider_was_asked = any(
        (
            routed,
            _has_answer(owner),
            _has_id(owner),
            _names_a_provider(metadata),
            _only_a_provider_causes(kind, code),
        )
    )
    return Failure(
        message=details.text("message") or "error",
        kind=kind,
        code=code,
        before_routing=not provider_was_asked,
    )


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


def _kind(owner: Document, details: Document, metadata: Document) -> str | None:
    """The error's stable name, or else ``error.type``, which may be the only one on ``/messages``."""
    # Seen at the first two places; OpenRouter's documentation has it at all of them.
    return (
        details.text("error_type")
        or metadata.text("error_type")
        or owner.text("error_type")
        or details.text("type")
    )


def _has_answer(owner: Document) -> bool:
    return any(name in owner.members for name in _ANSWERS)


def _has_id(owner: Document) -> bool:
    # Not read as text: an id of a wrong type is noted already where the response is read.
    return any(isinstance(owner.value(name), str) and owner.value(name) for name in ("id", "request_id"))


def _names_a_provider(metadata: Document) -> bool:
    return any(metadata.value(name) is not None for name in _PROVIDER_FACTS)


def _only_a_provider_causes(kind: str | None, code: str | None) -> bool:
    return code in _PROVIDER_CODES or kind == "timeout" or (kind or "").startswith("provider_")
