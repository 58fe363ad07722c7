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
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["data_url", "placeholder", "stripped"]

_DATA_URL: Final = re.compile(r"data:([^;,]*)[^,]*,", re.ASCII)
_INLINE: Final = frozenset({"data", "file_data", "url"})
_CONTAINERS: Final = frozenset(
    {"image_url", "input_audio", "file", "video_url", "input_video", "audio", "document"}
)


def placeholder(media_type: str | None, data: str) -> str:
    """What stands in the place of data: what it was, and how long."""
    return f"[{media_type or 'data'}, {len(data)} characters]"


def data_url(media_type: str | None, data: Any) -> str:
    """Base64 data as the URL of a chat part, which is the placeholder for it."""
    return placeholder(media_type, data if isinstance(data, str) else "")


def stripped(messages: Any) -> Any:
    """Messages with their inline data replaced; what has none is the same object, unchanged."""
    if isinstance(messages, list):
        return [_message(message) for message in messages]
    return messages


def _message(message: Any) -> Any:
    if isinstance(message, Mapping) and isinstance(message.get("content"), list):
        return {**message, "content": [_part(part) for part in message["content"]]}
    return message


def _part(part: Any) -> Any:
    if not isinstance(part, Mapping):
        return part
    kind = part.get("type")
    inner = part.get(kind) if isinstance(kind, str) and kind in _CONTAINERS else None
    if not isinstance(inner, Mapping):
        return part
    media_type = inner.get("format") if isinstance(inner.get("format"), str) else None
    return {**part, kind: {name: _value(name, value, media_type) for name, value in inner.items()}}


def _value(name: Any, value: Any, media_type: str | None) -> Any:
    if name not in _INLINE or not isinstance(value, str):
        return value
    match = _DATA_URL.match(value)
    if match:
        return placeholder(match[1] or None, value[match.end() :])
    return value if name == "url" or "://" in value[:10] else placeholder(media_type, value)
