# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Request and response of ``/messages`` in chat form.

The API is Anthropic's; OpenRouter offers it for every model.

Source: OpenRouter's OpenAPI document, Messages; anthropics/anthropic-sdk-python, ``types``.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any, Final

from ..document import Document
from ..generation import Usage, total
from .chat_form import ChatForm, is_answer, provider_of
from .claude_code import caller_of
from .failure import failure_of
from .messages_blocks import calls_of, server_tools_of, texts_of
from .messages_prompt import prompt_of

__all__ = ["messages_form"]

_OWN_KEYS: Final = frozenset({"messages", "system"})
# As captured: these follow OpenRouter's own ``_skin``.
_LATER_KEYS: Final = frozenset({"thinking", "output_config"})
# In captured deliveries, requests to /messages have chat's finish reasons.
_FINISH_REASONS: Final = MappingProxyType(
    {
        "end_turn": "stop",
        "stop_sequence": "stop",
        "compaction": "stop",
        "pause_turn": "stop",
        "max_tokens": "length",
        "model_context_window_exceeded": "length",
        "tool_use": "tool_calls",
        "refusal": "content_filter",
    }
)
# Ids of generations hold the time of their creation: gen-1771005600-abc.
_CREATED: Final = re.compile(r"gen-([0-9]{10})-", re.ASCII)


def messages_form(request: Document, response: Document) -> ChatForm:
    """
    A request to ``/messages`` and its response in chat form.

    Args:
        request: The body sent.

        response: The body received, an error body included; empty if there is none.
    """
    stop_reason = response.text("stop_reason") or None
    model = response.text("model") or None
    # An error body has the generation's id as its request id.
    generation_id = response.text("id") or response.text("request_id") or None
    blocks = response.objects("content") if response.is_list("content") else []
    caller = caller_of(request)
    failure = failure_of(response)
    reason = stop_reason or ("error" if failure else None)
    # For models of other authors, OpenRouter has already translated the provider's reason.
    is_native = (model or "").startswith("anthropic/")
    _note_citations(blocks)
    return ChatForm(
        skin="messages",
        generation_id=generation_id,
        model=model,
        provider_name=provider_of(response),
        created_s=_created_s(generation_id),
        # Clients of Anthropic's API name the end user in the metadata.
        user_id=request.word("user") or caller.user_id,
        session_id=caller.session_id,
        metadata=caller.metadata,
        usage=_usage(response.document("usage")),
        prompt=prompt_of(request),
        tools=[_tool(tool) for tool in request.objects("tools")] or None,
        answered=is_answer(response, "content"),
        content=_content(blocks, response),
        reasoning=texts_of(blocks, "thinking") or None,
        tool_calls=calls_of(blocks, indexed=True) or None,
        server_tools=server_tools_of(blocks) or None,
        finish_reason=_FINISH_REASONS.get(reason, reason) if reason else None,
        native_finish_reason=stop_reason if is_native else None,
        failure=failure,
        own_keys=_OWN_KEYS | {"metadata"} if caller.is_json else _OWN_KEYS,
        later_keys=_LATER_KEYS,
    )


def _content(blocks: list[Document], response: Document) -> str | None:
    """The text, or else the explanation for its absence, which a refusal has."""
    text = texts_of(blocks, "text") if response.is_list("content") else response.text("content")
    return text or response.document("stop_details").text("explanation") or text


def _note_citations(blocks: list[Document]) -> None:
    cited = next((block for block in blocks if block.value("citations")), None)
    if cited is not None:
        cited.note("citations", "not recorded")


def _created_s(generation_id: str | None) -> int | None:
    """The time in the generation's id: a message has no member for it."""
    match = _CREATED.match(generation_id or "")
    return int(match[1]) if match else None


def _usage(usage: Document) -> Usage:
    """The usage; its prompt tokens are given as three counts: fresh, read from a cache, written to one."""
    # Chat counts cached tokens as part of the prompt; here input_tokens excludes them.
    fresh = usage.count("input_tokens")
    read = usage.count("cache_read_input_tokens")
    written = usage.count("cache_creation_input_tokens")
    output_tokens = usage.count("output_tokens")
    counts = [count for count in (fresh, read, written) if count is not None]
    input_tokens = sum(counts) if counts else None
    if not fresh and read and read == written:
        # Measured with Gemini: tokens written and read in one request are given as both.
        input_tokens = read
    creation = usage.document("cache_creation")
    cost = usage.document("cost_details")
    return Usage(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        total_tokens=total(input_tokens, output_tokens),
        cached_tokens=read,
        cache_write_tokens=written,
        cache_write_5m_tokens=creation.count("ephemeral_5m_input_tokens"),
        cache_write_1h_tokens=creation.count("ephemeral_1h_input_tokens"),
        reasoning_tokens=usage.document("output_tokens_details").count("thinking_tokens"),
        input_cost=cost.number("upstream_inference_prompt_cost"),
        output_cost=cost.number("upstream_inference_completions_cost"),
        total_cost=usage.number("cost"),
    )


def _tool(tool: Document) -> dict[str, Any]:
    """A tool in chat form; members that chat does not have follow its function."""
    # Tools of other types run at the server and have no form in chat.
    if tool.value("type") is not None and tool.value("type") != "custom":
        return dict(tool.members)
    names = {"name": "name", "description": "description", "input_schema": "parameters", "strict": "strict"}
    function = {new: tool.value(own) for own, new in names.items() if own in tool.members}
    others = {name: value for name, value in tool.members.items() if name not in names and name != "type"}
    return {"type": "function", "function": function, **others}
