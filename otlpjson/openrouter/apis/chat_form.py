# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What request and response say, in the form of ``/chat/completions``: the common ground of the three APIs.

Broadcast shows every request in this form, whichever API it came through.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from ..document import Document
from ..generation import Failure, Usage

__all__ = ["ChatForm", "failure_of", "provider_of"]

# An error body has none of these; where one is, a provider was asked, be it empty.
_ANSWERS: Final = ("choices", "content", "output")
_OF_PROVIDERS: Final = ("provider_name", "raw", "previous_errors", "provider_code", "provider_error_code")
# Only a provider that was asked can be unreachable, slow or overloaded.
_CODES_OF_PROVIDERS: Final = frozenset({"502", "524", "529"})


@attrs.frozen(kw_only=True)
class ChatForm:
    """
    One request and its response.

    Attributes:
        skin: Broadcast's name for the API.

        generation_id, model, provider_name: As the response names them.

        created_s, completed_s: Whole seconds since 1970, as the response has them.

        user_id: The end user, as the request names them.

        usage: Tokens and cost.

        messages: The conversation so far; ``None`` where the request has none.

        tools: Definitions that were offered.

        content, reasoning, tool_calls: The answer.

        finish_reason, native_finish_reason: OpenRouter's word and the provider's.

        failure: Why it failed.

        own_keys: Keys of the request that are told elsewhere and so are no parameters.
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
    The ``error`` of an object, in any of the forms that the three APIs have.

    The stable name stands at ``error.error_type``, ``error.metadata.error_type`` or beside the
    error, else there is ``error.type``, which on ``/messages`` is the only one.

    A request was refused before it was routed where nothing tells of a provider: neither an id,
    nor an answer, nor what the error says of itself, nor its kind or code, nor the caller, by
    ``routed``.
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
    kind = (
        details.text("error_type")
        or metadata.text("error_type")
        or owner.text("error_type")
        or details.text("type")
    )
    routed = routed or any(name in owner.members for name in _ANSWERS)
    routed = routed or any(metadata.value(name) is not None for name in _OF_PROVIDERS)
    code = details.word("code")
    routed = routed or _is_of_provider(kind, code)
    return Failure(
        message=details.text("message") or "error",
        kind=kind,
        code=code,
        before_routing=not (routed or owner.text("id") or owner.text("request_id")),
    )


def _is_of_provider(kind: str | None, code: str | None) -> bool:
    return code in _CODES_OF_PROVIDERS or kind == "timeout" or (kind or "").startswith("provider_")


def provider_of(response: Document) -> str | None:
    """Who served it, by the body, else by OpenRouter's own metadata, which is there when asked for."""
    endpoints = response.document("openrouter_metadata").document("endpoints").objects("available")
    selected = (endpoint for endpoint in endpoints if endpoint.value("selected") is True)
    return response.text("provider") or next((endpoint.text("provider") for endpoint in selected), None)
