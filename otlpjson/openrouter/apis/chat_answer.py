# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The answer in a message of ``/chat/completions``: its text, its reasoning and its calls.

Content is a text or a list of parts. What has no place in chat form is kept with the server's
tools. Dialects of other servers are read as they are meant: ``reasoning_content``, parts of type
``thinking``, reasoning in an object, and members that are there but empty.

Source: OpenRouter's OpenAPI document, ChatAssistantMessage, and its page "Audio"; the APIs of
Mistral, DeepSeek and vLLM for their dialects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs

from ..document import Document, is_one_of
from ..plain import OBJECT
from .chat_calls import calls_of
from .emptiness import is_empty
from .parts import part_without_media, with_placeholders

__all__ = ["Answer", "answer_of"]

_TEXT_PARTS: Final = frozenset({"text", "output_text"})
_REASONING_PARTS: Final = frozenset({"thinking", "reasoning"})
_MEDIA_PARTS: Final = frozenset(
    {
        *("image_url", "input_image", "output_image", "image", "image_file"),
        *("audio_url", "input_audio", "output_audio", "audio"),
        *("video_url", "input_video", "video", "file", "input_file", "document"),
    }
)
# They repeat each other, so the first that has text is used.
_REASONING: Final = ("reasoning", "reasoning_content", "thinking")
# Where an object or a part has the text of reasoning, in the order of their use.
_REASONING_TEXTS: Final = ("text", "thinking", "reasoning", "content", "summary")
# Entries of reasoning_details whose text is all that is recorded; encrypted reasoning has none.
_DETAILS: Final = frozenset({"reasoning.text", "reasoning.summary", "reasoning.encrypted"})
_SERVER_TOOL: Final = "reasoning.server_tool_call"
_MAX_DEPTH: Final = 4
_PLAIN_MEMBERS: Final = frozenset({"role", "content"})
_UNKNOWN: Final = "an unknown type, kept with the server's tools"
_MEDIA: Final = "media data is not sent"


@attrs.frozen(kw_only=True)
class Answer:
    """
    What a model answered.

    Attributes:
        content: The text; then refusal and transcript, if any, and placeholders for media.

        reasoning: The text of its reasoning.

        tool_calls: The calls, in chat form.

        server_tools: What tools at the server did, and parts of no known type.
    """

    content: str | None = attrs.field(repr=False)
    reasoning: str | None = attrs.field(repr=False)
    tool_calls: list[Any] | None = attrs.field(repr=False)
    server_tools: list[Any] | None = attrs.field(repr=False)


@attrs.define
class _Content:
    """The parts of the content, by what they are."""

    texts: list[str] = attrs.field(factory=list)
    thoughts: list[str] = attrs.field(factory=list)
    refusals: list[str] = attrs.field(factory=list)
    media: list[Any] = attrs.field(factory=list)
    others: list[Any] = attrs.field(factory=list)


def answer_of(message: Document) -> Answer:
    """The answer in a message; what is left out is noted."""
    text = message.members.get("content")
    if type(text) is str and _says_nothing_else(message):
        return Answer(content=text, reasoning=None, tool_calls=None, server_tools=None)
    content = _content_of(message)
    details = message.objects("reasoning_details")
    if not is_empty(message.value("annotations")):
        message.note("annotations", "not recorded")
    server_tools = [*content.others, *_server_tools(details)]
    return Answer(
        content=_text(message, content),
        reasoning=_reasoning(message, content, details),
        tool_calls=calls_of(message),
        server_tools=server_tools or None,
    )


def _says_nothing_else(message: Document) -> bool:
    """Whether a message has a text and nothing else, as most have."""
    return all(value is None or name in _PLAIN_MEMBERS for name, value in message.members.items())


def _content_of(message: Document) -> _Content:
    content = _Content()
    value = message.value("content")
    if isinstance(value, OBJECT):
        value = [value]
    if not isinstance(value, (list, tuple)):
        text = message.text("content")
        content.texts.extend([] if text is None else [text])
        return content
    # An empty list is an empty text.
    content.texts.append("")
    for index, item in enumerate(value):
        if isinstance(item, str):
            content.texts.append(item)
        elif isinstance(item, OBJECT):
            _add(content, message.below(f"content[{index}]", item))
        elif item is not None:
            message.skip(f"content[{index}]", "text or an object", item)
    return content


def _add(content: _Content, part: Document) -> None:
    """Adds a part of the content to those of its kind."""
    kind = part.value("type")
    if is_one_of(_TEXT_PARTS, kind) or (kind is None and isinstance(part.value("text"), str)):
        content.texts.append(part.text("text") or "")
    elif is_one_of(_REASONING_PARTS, kind):
        content.thoughts.append(_words(part.members, 0))
    elif kind == "refusal":
        content.refusals.append(part.text("refusal") or "")
    elif is_one_of(_MEDIA_PARTS, kind or "file") and with_placeholders(None, [part.members]) is not None:
        content.media.append(part.members)
        if part_without_media(part.members) != part.members:
            part.note("type", _MEDIA)
    elif not is_empty(part.members):
        content.others.append(part_without_media(part.members))
        part.note("type", _UNKNOWN)


def _text(message: Document, content: _Content) -> str | None:
    """The text, the refusal and what was spoken, and below them one line per medium."""
    text = "".join(content.texts) if content.texts else None
    refusal = message.text("refusal") or "".join(content.refusals)
    audio = message.document("audio")
    spoken = audio.text("transcript")
    # Mostly only one of them has text; some servers send the same text in two of them.
    said = list(dict.fromkeys(words for words in (text, refusal, spoken) if words))
    media = [*content.media, *_images(message), *_audio(message, audio)]
    return with_placeholders("\n".join(said) if said else text, media)


def _images(message: Document) -> list[Any]:
    value = message.value("images")
    items = value if isinstance(value, (list, tuple)) else [value]
    images = [{"data": item} if isinstance(item, str) else item for item in items if not is_empty(item)]
    if part_without_media(images) != images:
        message.note("images", _MEDIA)
    return images


def _audio(message: Document, audio: Document) -> Iterator[Any]:
    if audio.value("data"):
        message.note("audio", _MEDIA)
    yield from [] if is_empty(audio.members) else [audio.members]


def _reasoning(message: Document, content: _Content, details: Iterable[Document]) -> str | None:
    """The first that has text: a member, the parts of the content, or the details."""
    for name in _REASONING:
        value = message.value(name)
        words = _words(value, 0)
        if words:
            return words
        if not is_empty(value):
            message.skip(name, "text", value)
    return "".join(content.thoughts) or "".join(map(_detail_text, details)) or None


def _words(value: Any, depth: int) -> str:
    """The text of reasoning that is a text, an object, a part or a list of these."""
    if isinstance(value, str):
        return value
    if depth == _MAX_DEPTH:
        return ""
    if isinstance(value, (list, tuple)):
        return "".join(_words(item, depth + 1) for item in value)
    named = (value.get(name) for name in _REASONING_TEXTS) if isinstance(value, OBJECT) else ()
    return next(filter(None, (_words(item, depth + 1) for item in named)), "")


def _detail_text(detail: Document) -> str:
    return "" if detail.value("type") == _SERVER_TOOL else detail.text("text") or detail.text("summary") or ""


def _server_tools(details: Iterable[Document]) -> Iterator[Any]:
    """The entries of the reasoning's details that are no reasoning."""
    for detail in details:
        kind = detail.value("type")
        if kind == _SERVER_TOOL:
            yield part_without_media(detail.members)
        elif not is_one_of(_DETAILS, kind) and not is_empty(detail.members) and not _detail_text(detail):
            detail.note("type", _UNKNOWN)
            yield part_without_media(detail.members)
