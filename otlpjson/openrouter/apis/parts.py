# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Parts of messages in chat form, with what is no text replaced by a placeholder.

Broadcast strips multimodal content; how is not documented. Here a part keeps its form, and
the data inside becomes ``[image/png, 5120 characters]``. An address of something elsewhere
stays, because it is text and holds no data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

__all__ = [
    "address",
    "data_url",
    "inline",
    "joined",
    "placeholder",
    "stripped",
    "stripped_part",
    "with_media",
]

_DATA_URL: Final = re.compile(r"data:([^;,\s]*)[^,\s]*,", re.ASCII | re.IGNORECASE)
_INLINE: Final = frozenset({"data", "file_data"})
# Members that hold what somebody wrote, which stays even where it looks like data.
_WRITTEN: Final = frozenset({"text", "content", "transcript"})
# Members of a message that may hold data, besides its content. Encrypted reasoning is none of them.
_MEDIA: Final = frozenset({"content", "images", "audio", "annotations"})
# Known parts are nested up to seven deep: annotation, file, content, item, image_url, url.
_MAX_DEPTH: Final = 8


def placeholder(media_type: str | None, data: str) -> str:
    """What stands in the place of data: what it was, and how long."""
    return f"[{media_type or 'data'}, {len(data)} characters]"


def data_url(media_type: str | None, data: Any) -> str:
    """Base64 data as the URL of a chat part, which is the placeholder for it."""
    return placeholder(media_type, data if isinstance(data, str) else "")


def address(value: str) -> str:
    """An address as it is, or the placeholder for the data that one holds."""
    match = _DATA_URL.match(value)
    return placeholder(match[1] or None, value[match.end() :]) if match else value


def inline(media_type: str | None, value: str) -> str:
    """The placeholder for data, or for what a data URL holds; an address of something elsewhere stays."""
    known = address(value)
    return known if known != value or "://" in value[:10] else placeholder(media_type, value)


def with_media(text: str | None, media: Iterable[Any]) -> str | None:
    """A text, and below it a line for each medium: the placeholder for its data, or its address."""
    told = [line for medium in media for line in _told(medium, 0)]
    return "\n".join([text, *told] if text else told) if told else text


def stripped(messages: Any) -> Any:
    """Messages with their inline data replaced; what has none is the same object, unchanged."""
    if isinstance(messages, (list, tuple)):
        return [_message(message) for message in messages]
    return messages


def stripped_part(part: Any) -> Any:
    """One part with its inline data replaced."""
    return _stripped(part, 0)


def joined(known: Any, more: str | None) -> str:
    """A text and its next piece as one; what is no text counts as none."""
    return (known if isinstance(known, str) else "") + (more or "")


def _told(medium: Any, depth: int) -> Iterator[str]:
    """The placeholders and addresses in the objects of a medium, in order."""
    items = medium.items() if isinstance(medium, Mapping) else ()
    for name, item in items:
        if isinstance(item, str):
            known = _member(medium, name, item, 0)
            if known != item or (isinstance(name, str) and name.endswith("url")):
                yield known
        elif depth < _MAX_DEPTH:
            yield from _told(item, depth + 1)


def _message(message: Any) -> Any:
    media = [name for name in _MEDIA if _is_nested(message.get(name))] if isinstance(message, Mapping) else []
    return {**message, **{name: stripped_part(message[name]) for name in media}} if media else message


def _is_nested(value: Any) -> bool:
    return isinstance(value, (Mapping, list, tuple))


def _stripped(value: Any, depth: int) -> Any:
    if depth == _MAX_DEPTH:
        return value
    if isinstance(value, Mapping):
        return {name: _member(value, name, item, depth) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_stripped(item, depth + 1) for item in value]
    return value


def _member(owner: Mapping[Any, Any], name: Any, value: Any, depth: int) -> Any:
    if not isinstance(value, str):
        return _stripped(value, depth + 1)
    if name in _WRITTEN:
        return value
    if name not in _INLINE:
        return address(value)
    media_type = owner.get("media_type", owner.get("format"))
    return inline(media_type if isinstance(media_type, str) else None, value)
