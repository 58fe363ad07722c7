# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Prompt and completion of a generation's span as messages, for people to read.

Every span has a conversation: text that is no JSON, as a store that cuts long values leaves it, and
JSON of another shape are shown as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, Literal

import attrs

from ...core.model import Span
from ..compact import compact

__all__ = ["Conversation", "Message", "Part", "PartKind", "conversation_of"]

PartKind = Literal["text", "reasoning", "call", "media", "json"]
"""What a part is: ``call`` is the call of a tool, ``json`` anything of an unknown shape."""

_MEDIA: Final = frozenset({"image_url", "input_audio", "file", "video_url", "image", "audio", "document"})
_TEXTS: Final = frozenset({"text", "input_text", "output_text", "refusal"})
# Longer texts are data and no ids.
_MAX_ID: Final = 200
_KNOWN: Final = frozenset({"completion", "reasoning", "toolCalls", "serverTools", "tools", "rawRequest"})


@attrs.frozen
class Part:
    """
    A part of a message.

    Attributes:
        kind: What it is.

        text: The text, the arguments of a call, a placeholder, or JSON.

        name: The name of the tool that is called, or of a file; empty otherwise.

        call_id: The id of a call; empty otherwise.
    """

    kind: PartKind
    text: str
    name: str = ""
    call_id: str = ""


@attrs.frozen
class Message:
    """
    A message.

    Attributes:
        role: ``system``, ``user``, ``assistant``, ``tool``, or any other text.

        parts: In order.

        call_id: The id of the call whose result it is; empty otherwise.

        is_error: Whether it is the result of a call that failed.
    """

    role: str
    parts: tuple[Part, ...]
    call_id: str = ""
    is_error: bool = False


@attrs.frozen(kw_only=True)
class Conversation:
    """
    What was asked and what was answered.

    Attributes:
        prompt: The messages of the request.

        completion: The answer; ``None`` if the span has none.

        tools: The tools that the model was offered, as JSON text; empty if they are not known.

        parameters: The request without its prompt, as JSON text; empty if it is not known.
    """

    prompt: tuple[Message, ...] = ()
    completion: Message | None = None
    tools: str = ""
    parameters: str = ""

    @property
    def messages(self) -> tuple[Message, ...]:
        """The prompt's messages, then the completion."""
        return self.prompt if self.completion is None else (*self.prompt, self.completion)


def conversation_of(span: Span) -> Conversation:
    """The conversation of a span; an empty one if it has neither prompt nor completion."""
    prompt, completion = span.attributes.get("gen_ai.prompt"), span.attributes.get("gen_ai.completion")
    answer = _parsed(completion) if isinstance(completion, str) else None
    document = answer if isinstance(answer, dict) else {}
    return Conversation(
        prompt=tuple(_prompt(prompt)) if isinstance(prompt, str) else (),
        completion=_completion(completion) if isinstance(completion, str) else None,
        tools=_json(document.get("tools")),
        parameters=_json(document.get("rawRequest")),
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _json(value: Any) -> str:
    return "" if value is None else compact(value)


def _prompt(text: str) -> Iterator[Message]:
    document = _parsed(text)
    messages = document.get("messages") if isinstance(document, dict) else document
    if not isinstance(messages, list):
        # The prompt of a request without messages has one member, such as "input".
        values = list(document.values()) if isinstance(document, dict) else [document]
        yield Message("user", tuple(_content(values[0] if len(values) == 1 else document)))
        return
    for message in messages:
        yield _message(message)


def _message(message: Any) -> Message:
    if not isinstance(message, dict):
        return Message("user", tuple(_content(message)))
    return Message(
        _text(message.get("role")) or "unknown",
        (
            *_reasoning_details(message.get("reasoning_details")),
            *_content(message.get("content")),
            *_calls(message.get("tool_calls")),
            *_other(message.get("server_tools")),
        ),
        call_id=_text(message.get("tool_call_id")),
        is_error=message.get("is_error") is True,
    )


def _completion(text: str) -> Message:
    document = _parsed(text)
    if not isinstance(document, dict):
        return Message("assistant", tuple(_content(document)))
    others = {name: value for name, value in document.items() if name not in _KNOWN}
    reasoning = _text(document.get("reasoning"))
    return Message(
        "assistant",
        (
            *([Part("reasoning", reasoning)] if reasoning else []),
            *_content(document.get("completion")),
            *_calls(document.get("toolCalls")),
            *_other(document.get("serverTools")),
            *([Part("json", compact(others))] if others else []),
        ),
    )


def _content(content: Any) -> Iterator[Part]:
    """The parts of what a message says: text, a list of parts, or anything."""
    if isinstance(content, str):
        if content:
            yield Part("text", content)
    elif isinstance(content, list):
        for part in content:
            yield _part(part)
    elif content is not None:
        yield Part("json", compact(content))


def _part(part: Any) -> Part:
    if isinstance(part, str):
        return Part("text", part)
    kind = _text(part.get("type")) if isinstance(part, dict) else ""
    text = part.get("refusal" if kind == "refusal" else "text") if kind in _TEXTS else None
    if isinstance(text, str):
        return Part("text", text)
    if kind in _MEDIA:
        return _media(part)
    return Part("json", compact(part))


def _media(part: dict[str, Any]) -> Part:
    """An image, sound or file: what it is called and a placeholder, never its data."""
    inner = part.get(part["type"])
    members = inner if isinstance(inner, dict) else {"url": inner}
    texts = {name: value for name, value in members.items() if isinstance(value, str)}
    data = next((texts[name] for name in ("url", "data", "file_data", "file_id") if name in texts), "")
    return Part("media", _placeholder(data) or f"[{part['type']}]", texts.get("filename", ""))


def _placeholder(data: str) -> str:
    """A URL of the web, or a text that is a placeholder already; otherwise what kind of data it is."""
    if data.startswith(("http://", "https://", "[")):
        return data
    if data.startswith("data:"):
        media_type, _, content = data[5:].partition(",")
        return f"[{media_type.partition(';')[0] or 'data'}, {len(content)} characters]"
    return f"[data, {len(data)} characters]" if len(data) > _MAX_ID else data


def _calls(calls: Any) -> Iterator[Part]:
    for call in calls if isinstance(calls, list) else []:
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(function, dict) and isinstance(function.get("name"), str):
            arguments = function.get("arguments")
            text = arguments if isinstance(arguments, str) else _json(arguments)
            yield Part("call", text, function["name"], _text(call.get("id")))
        else:
            yield Part("json", compact(call))


def _reasoning_details(details: Any) -> Iterator[Part]:
    for detail in details if isinstance(details, list) else []:
        if isinstance(detail, dict):
            text = _text(detail.get("text")) or _text(detail.get("summary"))
            if text:
                yield Part("reasoning", text)


def _other(items: Any) -> Iterator[Part]:
    for item in items if isinstance(items, list) else []:
        yield Part("json", compact(item))
