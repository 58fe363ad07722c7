# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Media in messages, replaced by placeholders such as ``[image/png, 5120 characters]``.

Broadcast strips multimodal content, but OpenRouter does not document how. Here a part keeps its
structure and only the data inside is replaced. URLs of media stored elsewhere stay, because
they are text and hold no data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ..plain import CONTAINER, OBJECT

__all__ = [
    "part_without_media",
    "placeholder",
    "url_or_placeholder",
    "url_without_data",
    "with_placeholders",
    "without_media",
]

# RFC 2397, of any case.
_DATA_URL: Final = re.compile(r"data:([^;,\s]*)[^,\s]*,", re.ASCII | re.IGNORECASE)
# Members that hold data, as a data URL or without its prefix.
_DATA_MEMBERS: Final = frozenset({"data", "file_data", "b64_json"})
# Members that hold text. It stays even where it looks like a data URL.
_TEXT_MEMBERS: Final = frozenset({"text", "content", "transcript"})
# Members of a message that may hold media. Encrypted reasoning, base64 as well, is not among them.
_MEDIA_MEMBERS: Final = frozenset({"content", "images", "audio", "annotations"})
# Known parts are nested up to seven deep: annotation, file, content, item, image_url, url.
_MAX_DEPTH: Final = 8


def placeholder(media_type: str | None, data: str | None) -> str:
    """
    The text that replaces data: its media type and its length in characters.

    Args:
        media_type: Such as ``image/png``; ``None`` if unknown, which gives ``data``.

        data: The data as it was sent, mostly base64; ``None`` counts as empty.
    """
    return f"[{media_type or 'data'}, {len(data or '')} characters]"


def url_without_data(url: str) -> str:
    """The URL unchanged, or the placeholder for the data in a data URL."""
    match = _DATA_URL.match(url)
    return placeholder(match[1] or None, url[match.end() :]) if match else url


def url_or_placeholder(media_type: str | None, value: str) -> str:
    """
    The placeholder for data, or the URL of media stored elsewhere unchanged.

    Args:
        media_type: Used unless the value is a data URL, which names its own.

        value: Base64 text, a data URL, or any other URL.
    """
    cleaned = url_without_data(value)
    is_url = "://" in value[:10]
    return cleaned if cleaned != value or is_url else placeholder(media_type, value)


def with_placeholders(text: str | None, media: Iterable[Any]) -> str | None:
    """
    A text, followed by one line per medium: the placeholder for its data, or its URL.

    Args:
        text: If it is ``None`` or empty, the lines alone are the text.

        media: Objects such as parts of a message; those with neither data nor URL add no line.
    """
    lines = [line for medium in media for line in _lines(medium, 0)]
    return "\n".join([text, *lines] if text else lines) if lines else text


def without_media(messages: Any) -> Any:
    """
    Messages in chat form with placeholders for their data.

    A message without data is returned as the same object. What is not a list is returned
    unchanged.
    """
    if isinstance(messages, (list, tuple)):
        return [_message(message) for message in messages]
    return messages


def part_without_media(part: Any) -> Any:
    """One part of a message with placeholders for its data."""
    return _cleaned(part, 0)


def _lines(medium: Any, depth: int) -> Iterator[str]:
    """The placeholders and URLs in the objects of a medium, in order."""
    members = medium.items() if isinstance(medium, OBJECT) else ()
    for name, value in members:
        if isinstance(value, str):
            if not value:
                continue
            cleaned = _member(medium, name, value, 0)
            if cleaned != value or (isinstance(name, str) and name.endswith("url")):
                yield cleaned
        elif depth < _MAX_DEPTH:
            yield from _lines(value, depth + 1)


def _message(message: Any) -> Any:
    if not isinstance(message, OBJECT):
        return message
    names = [name for name in _MEDIA_MEMBERS if _is_container(message.get(name))]
    return {**message, **{name: part_without_media(message[name]) for name in names}} if names else message


def _is_container(value: Any) -> bool:
    return value is not None and type(value) is not str and isinstance(value, CONTAINER)


def _cleaned(value: Any, depth: int) -> Any:
    # A caller's object may contain itself.
    if depth == _MAX_DEPTH:
        return value
    if isinstance(value, OBJECT):
        return {name: _member(value, name, item, depth) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(item, depth + 1) for item in value]
    return value


def _member(owner: Mapping[Any, Any], name: Any, value: Any, depth: int) -> Any:
    if not isinstance(value, str):
        return _cleaned(value, depth + 1)
    if name in _TEXT_MEMBERS or not value:
        return value
    if name not in _DATA_MEMBERS:
        return url_without_data(value)
    media_type = owner.get("media_type", owner.get("format"))
    return url_or_placeholder(media_type if isinstance(media_type, str) else None, value)
