# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The items of ``/responses``: which of them are calls, texts and reasoning, and which have no form in chat.

Source: OpenRouter's OpenAPI document, Responses; openai/openai-python, ``types/responses``.
"""

from __future__ import annotations

from typing import Any, Final

from ..document import Document, is_one_of
from .chat_form import tool_call
from .parts import part_without_media, url_or_placeholder

__all__ = ["call_of", "is_call", "is_result", "server_tool_of", "summaries_of", "texts_of"]

_CALLS: Final = frozenset({"function_call", "custom_tool_call"})
# Results of calls, which the client sends back.
_RESULTS: Final = frozenset({"function_call_output", "custom_tool_call_output"})
# What the API documents without a form in chat, by the ends of the types' names; others are noted.
_KNOWN: Final = ("_call", "_call_output", "_list_tools", "_approval_request", "_approval_response", "_tools")
_OWN: Final = "openrouter:"
_UNKNOWN: Final = "an unknown type, kept with the server's tools"


def is_call(item: Document) -> bool:
    """Whether an item is a call of one of the client's tools."""
    return is_one_of(_CALLS, item.value("type"))


def is_result(item: Document) -> bool:
    """Whether an item is the result of such a call."""
    return is_one_of(_RESULTS, item.value("type"))


def call_of(item: Document, index: int) -> dict[str, Any]:
    """A call in chat form, with its position among the calls."""
    # Results refer to a call by its call_id, not by the item's id. The input of a custom tool is free text.
    is_custom = item.value("type") == "custom_tool_call"
    arguments = item.value("input" if is_custom else "arguments")
    given = ("" if is_custom else {}) if arguments is None else arguments
    return tool_call(index, item.text("call_id") or item.text("id"), item.text("name"), given)


def server_tool_of(item: Document) -> Any:
    """An item without a form in chat as it came, but for its media; one of an unknown type is noted."""
    kind = item.value("type")
    if not (isinstance(kind, str) and (kind.endswith(_KNOWN) or kind.startswith(_OWN))):
        item.note("type", _UNKNOWN)
    result = item.value("result")
    # A generated image is base64 text, which shows what it is by its place alone.
    if kind == "image_generation_call" and isinstance(result, str):
        return {**item.members, "result": url_or_placeholder("image", result)}
    return part_without_media(item.members)


def texts_of(item: Document) -> list[str]:
    """The texts of an item's parts."""
    return [part.text("text") or "" for part in item.objects("content")]


def summaries_of(item: Document) -> list[str]:
    """The texts of a summary's parts; in OpenRouter's documentation the parts are plain texts."""
    summary = item.value("summary")
    if isinstance(summary, (list, tuple)) and summary and all(isinstance(text, str) for text in summary):
        return list(summary)
    return [part.text("text") or "" for part in item.objects("summary")]
