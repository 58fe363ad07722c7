# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Request and response of ``/responses``, OpenAI's newer API, in chat form.

The response repeats members of the request; they are read from the request alone.

Source: OpenRouter's OpenAPI document, Responses; openai/openai-python, ``types/responses``.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

from ..document import Document, is_one_of
from ..generation import Failure, Usage
from .chat_form import ChatForm, is_answer, provider_of, text_or_parts, tool_call
from .failure import failure_of
from .parts import part_without_media, url_or_placeholder, with_placeholders

__all__ = ["responses_form"]

_OWN_KEYS: Final = frozenset({"input", "instructions"})
_CALLS: Final = frozenset({"function_call", "custom_tool_call"})
# Results of calls, which the client sends back.
_OUTPUTS: Final = frozenset({"function_call_output", "custom_tool_call_output"})
_INCOMPLETE: Final = MappingProxyType({"max_output_tokens": "length", "content_filter": "content_filter"})
# With these statuses, generation has not finished, so there is no finish reason yet.
_UNFINISHED: Final = frozenset({"in_progress", "queued"})
_UNKNOWN_ITEM: Final = "item type without a chat equivalent"


def responses_form(request: Document, response: Document) -> ChatForm:
    """
    A request to ``/responses`` and its response in chat form.

    Args:
        request: The body sent.

        response: The body received, an error body included; empty if there is none.
    """
    output = response.objects("output")
    calls = [item for item in output if is_one_of(_CALLS, item.value("type"))]
    for item in output:
        if not is_one_of(_CALLS | {"message", "reasoning"}, item.value("type")):
            item.note("type", _UNKNOWN_ITEM)
    return ChatForm(
        skin="responses",
        generation_id=response.text("id") or None,
        model=response.text("model") or None,
        provider_name=provider_of(response),
        created_s=response.count("created_at"),
        completed_s=response.count("completed_at"),
        # OpenAI's newer name for the end user is the second one.
        user_id=request.text("user") or request.text("safety_identifier"),
        usage=_usage(response.document("usage")),
        prompt=_prompt(request),
        tools=[_tool(tool) for tool in request.objects("tools")] or None,
        answered=is_answer(response, "output"),
        content=_content(output),
        reasoning=_reasoning(output),
        tool_calls=[_tool_call(item, index) for index, item in enumerate(calls)] or None,
        finish_reason=_finish_reason(response, calls),
        native_finish_reason=_native_finish_reason(response),
        failure=failure_of(response) or _status_failure(response),
        own_keys=_OWN_KEYS,
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
    return "".join("".join(_contents(item)) or "".join(_summaries(item)) for item in items) or None


def _contents(item: Document) -> list[str]:
    return [part.text("text") or "" for part in item.objects("content")]


def _summaries(item: Document) -> list[str]:
    """The texts of a summary's parts; in OpenRouter's documentation the parts are plain texts."""
    summary = item.value("summary")
    if isinstance(summary, (list, tuple)) and summary and all(isinstance(text, str) for text in summary):
        return list(summary)
    return [part.text("text") or "" for part in item.objects("summary")]


def _tool(tool: Document) -> dict[str, Any]:
    # Definitions of functions are flat here and nested in chat form; other tools run at the server.
    if tool.value("type") != "function":
        return dict(tool.members)
    return {
        "type": "function",
        "function": {name: item for name, item in tool.members.items() if name != "type"},
    }


def _tool_call(item: Document, index: int) -> dict[str, Any]:
    # Results refer to a call by its call_id, not by the item's id. The input of a custom tool is free text.
    arguments = item.value("input" if item.value("type") == "custom_tool_call" else "arguments")
    return tool_call(index, item.text("call_id"), item.text("name"), "" if arguments is None else arguments)


def _prompt(request: Document) -> dict[str, Any] | None:
    """Instructions as the system message, then the conversation, which may be a single text."""
    instructions = request.text("instructions")
    system = [] if instructions is None else [{"role": "system", "content": instructions}]
    if request.is_list("input"):
        return {"messages": [*system, *_conversation(request.objects("input"))]}
    text = request.text("input")
    messages = [*system, *([] if text is None else [{"role": "user", "content": text}])]
    return {"messages": messages} if messages else None


def _conversation(items: list[Document]) -> list[dict[str, Any]]:
    """The messages in chat form; reasoning, text and calls that follow each other become one message."""
    messages: list[dict[str, Any]] = []
    for piece in filter(None, map(_piece, items)):
        if "role" in piece:
            messages.append(piece)
            continue
        if not messages or not _continues(messages[-1], piece):
            messages.append({"role": "assistant", "content": None})
        _join(messages[-1], piece)
    return messages


def _piece(item: Document) -> dict[str, Any] | None:
    """
    An item in chat form: a message with its role, or members of an assistant message.

    ``None`` if it holds nothing, or is of a type without a chat equivalent, which is noted.
    """
    # Only messages may lack a type.
    kind = "message" if item.value("type") is None else item.value("type")
    if kind == "message":
        role, content = item.text("role"), text_or_parts(item, "content", _part)
        return {"content": content} if role == "assistant" else {"role": role, "content": content}
    if kind == "reasoning":
        details = list(_reasoning_details(item))
        return {"reasoning_details": details} if details else None
    if is_one_of(_CALLS, kind):
        return {"tool_calls": [_tool_call(item, 0)]}
    if is_one_of(_OUTPUTS, kind):
        output = text_or_parts(item, "output", _part)
        return {"role": "tool", "tool_call_id": item.text("call_id"), "content": output}
    item.note("type", _UNKNOWN_ITEM)
    return None


def _continues(message: dict[str, Any], piece: dict[str, Any]) -> bool:
    """Whether members of an assistant message belong to the message before them, and not to a new one."""
    if message["role"] != "assistant":
        return False
    return "tool_calls" in piece or ("tool_calls" not in message and message["content"] is None)


def _join(message: dict[str, Any], piece: dict[str, Any]) -> None:
    if "content" in piece:
        message["content"] = piece["content"]
    for call in piece.get("tool_calls", ()):
        calls = message.setdefault("tool_calls", [])
        calls.append({**call, "index": len(calls)})
    for detail in piece.get("reasoning_details", ()):
        message.setdefault("reasoning_details", []).append(detail)


def _part(part: Document) -> dict[str, Any] | None:
    """A part in chat form; ``None`` for a type without a chat equivalent, which is noted."""
    kind = part.value("type")
    if kind in ("input_text", "output_text"):
        return {"type": "text", "text": part.text("text")}
    if kind == "refusal":
        return {"type": "text", "text": part.text("refusal")}
    if kind == "input_image":
        detail = {"detail": part.text("detail")} if part.text("detail") else {}
        chat = {"type": "image_url", "image_url": {"url": part.text("image_url"), **detail}}
    elif kind == "input_file":
        chat = {"type": "file", "file": _file(part)}
    elif kind == "input_audio":
        chat = {"type": "input_audio", "input_audio": dict(part.document("input_audio").members)}
    elif kind == "input_video":
        chat = {"type": "video_url", "video_url": {"url": part.text("video_url")}}
    else:
        part.note("type", "part type without a chat equivalent")
        return None
    return dict(part_without_media(chat))


def _file(part: Document) -> dict[str, Any]:
    """A file by its name, data and id; its URL takes the place of missing data, as in chat form."""
    file = {name: part.text(name) for name in ("filename", "file_data", "file_id")}
    file["file_data"] = file["file_data"] or part.text("file_url")
    return {name: value for name, value in file.items() if value is not None}


def _reasoning_details(item: Document) -> Iterator[dict[str, Any]]:
    """The details in the order text, summary, encrypted; the signature belongs to the last text."""
    # Open reasoning is text; that of OpenAI is a summary, encrypted, or both.
    texts = [{"type": "reasoning.text", "text": text} for text in _contents(item)]
    if texts and item.text("signature"):
        texts[-1]["signature"] = item.text("signature") or ""
    yield from texts
    for summary in _summaries(item):
        yield {"type": "reasoning.summary", "summary": summary}
    if item.text("encrypted_content"):
        yield {"type": "reasoning.encrypted", "data": item.text("encrypted_content")}
