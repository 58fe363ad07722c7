# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Request and response of ``/responses``, OpenAI's newer API, in chat form.

The response repeats members of the request; they are read from the request alone.

Source: OpenRouter's OpenAPI document, Responses; openai/openai-python, ``types/responses``.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from ..document import Document
from ..generation import Failure, Usage
from ..plain import OBJECT
from .chat_form import ChatForm, is_answer, provider_of
from .failure import failure_of
from .parts import url_or_placeholder, with_placeholders
from .responses_items import call_of, is_call, server_tool_of, summaries_of, texts_of
from .responses_prompt import prompt_of

__all__ = ["responses_form"]

_OWN_KEYS: Final = frozenset({"input", "instructions"})
_INCOMPLETE: Final = MappingProxyType({"max_output_tokens": "length", "content_filter": "content_filter"})
# With these statuses, generation has not finished, so there is no finish reason.
_UNFINISHED: Final = frozenset({"in_progress", "queued"})
_CANCELLED: Final = "cancelled"


def responses_form(request: Document, response: Document) -> ChatForm:
    """
    A request to ``/responses`` and its response in chat form.

    Args:
        request: The body sent.

        response: The body received, an error body included; empty if there is none.
    """
    output = response.objects("output")
    calls = [item for item in output if is_call(item)]
    has_template = isinstance(request.value("prompt"), OBJECT)
    return ChatForm(
        skin="responses",
        generation_id=response.text("id") or None,
        model=response.text("model") or None,
        provider_name=provider_of(response),
        created_s=response.count("created_at"),
        completed_s=response.count("completed_at"),
        # OpenAI's newer name for the end user is the second one.
        user_id=request.word("user") or request.word("safety_identifier"),
        usage=_usage(response.document("usage")),
        prompt=prompt_of(request),
        tools=[_tool(tool) for tool in request.objects("tools")] or None,
        answered=is_answer(response, "output"),
        finished=response.text("status") not in {*_UNFINISHED, _CANCELLED},
        content=_content(output) if output else response.text("output_text"),
        reasoning=_reasoning(output),
        tool_calls=[call_of(item, index) for index, item in enumerate(calls)] or None,
        server_tools=_server_tools(output) or None,
        finish_reason=_finish_reason(response, calls),
        native_finish_reason=_native_finish_reason(response),
        failure=failure_of(response) or _status_failure(response),
        own_keys=_OWN_KEYS | {"prompt"} if has_template else _OWN_KEYS,
    )


def _usage(usage: Document) -> Usage:
    details = usage.document("input_tokens_details")
    cost = usage.document("cost_details")
    return Usage(
        input_tokens=usage.count("input_tokens"),
        output_tokens=usage.count("output_tokens"),
        total_tokens=usage.count("total_tokens"),
        cached_tokens=details.count("cached_tokens"),
        cache_write_tokens=details.count("cache_write_tokens"),
        reasoning_tokens=usage.document("output_tokens_details").count("reasoning_tokens"),
        # The other two APIs name these upstream_inference_prompt_cost and …_completions_cost.
        input_cost=cost.number("upstream_inference_input_cost"),
        output_cost=cost.number("upstream_inference_output_cost"),
        total_cost=usage.number("cost"),
    )


def _finish_reason(response: Document, calls: list[Document]) -> str | None:
    status = response.text("status")
    # The status does not show whether the model answered or called tools, as the finish reason of chat does.
    if status == "completed":
        return "tool_calls" if calls else "stop"
    if status == "incomplete":
        reason = response.document("incomplete_details").text("reason")
        return _INCOMPLETE.get(reason or "", reason)
    return "error" if status == "failed" else None


def _native_finish_reason(response: Document) -> str | None:
    # As captured: the native finish reason of models on this API is their status.
    status = response.text("status")
    reason = response.document("incomplete_details").text("reason")
    return reason or (None if status in _UNFINISHED else status)


def _status_failure(response: Document) -> Failure | None:
    if response.value("status") != "failed":
        return None
    return Failure(message="failed", kind=response.text("error_type"))


def _content(output: list[Document]) -> str | None:
    """The text of all messages, or else of all refusals; then placeholders for media."""
    texts: dict[str, list[str]] = {"output_text": [], "refusal": []}
    media: list[Any] = [_image(item) for item in output if item.value("type") == "image_generation_call"]
    for message in (item for item in output if item.value("type") == "message"):
        for part in message.objects("content"):
            kind = part.value("type")
            if kind == "output_text":
                texts[kind].append(part.text("text") or "")
            elif kind == "refusal":
                texts[kind].append(part.text("refusal") or "")
            else:
                part.note("type", "not a text part")
                media.append(part.members)
    text = "".join(texts["output_text"])
    text = text or "".join(texts["refusal"])
    # An empty text differs from none at all.
    has_text = any(texts.values())
    return with_placeholders(text if has_text else None, media)


def _image(item: Document) -> dict[str, str]:
    """A generated image as an object with its URL or, in its place, the placeholder for its data."""
    result, form = item.text("result"), item.text("output_format")
    return {"url": url_or_placeholder(f"image/{form}" if form else "image", result)} if result else {}


def _reasoning(output: list[Document]) -> str | None:
    """The text of each reasoning item, or else its summary; both are often absent."""
    items = [item for item in output if item.value("type") == "reasoning"]
    return "".join("".join(texts_of(item)) or "".join(summaries_of(item)) for item in items) or None


def _server_tools(output: list[Document]) -> list[Any]:
    """The items without a form in chat; that of an image is in the text."""
    known = ("message", "reasoning", "image_generation_call")
    return [server_tool_of(item) for item in output if item.value("type") not in known and not is_call(item)]


def _tool(tool: Document) -> dict[str, Any]:
    # Definitions of functions are flat here and nested in chat form; other tools run at the server.
    if tool.value("type") != "function":
        return dict(tool.members)
    return {
        "type": "function",
        "function": {name: item for name, item in tool.members.items() if name != "type"},
    }
