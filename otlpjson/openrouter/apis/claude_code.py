# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The user, the session and the device that Claude Code writes into ``metadata.user_id``.

It writes a JSON object there. In captured deliveries of its requests, ``user.id`` has 64 hex
digits, ``session.id`` and ``trace.metadata.device_id`` are there, and ``rawRequest`` has no
``metadata``. The requests themselves were not captured, so this is an inference.

Source: deliveries captured by empathic/toolpath.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from ..document import Document
from ..generation import MetadataValue
from .events import json_object

__all__ = ["Caller", "caller_of"]

_USERS: Final = ("user_id", "device_id", "account_uuid")
_SESSION: Final = "session_id"


@attrs.frozen(kw_only=True)
class Caller:
    """
    Who sent a request, as its ``metadata`` says.

    Attributes:
        user_id, session_id: The end user and the session; ``None`` if they are not named.

        metadata: The other members of the JSON object.

        is_json: Whether the user id was such an object.
    """

    user_id: str | None = None
    session_id: str | None = None
    metadata: tuple[tuple[str, MetadataValue], ...] = ()
    is_json: bool = False


def caller_of(request: Document) -> Caller:
    """The caller of a request to ``/messages``."""
    text = request.document("metadata").text("user_id") or None
    members = json_object(text) if text is not None and text.lstrip().startswith("{") else None
    if members is None:
        return Caller(user_id=text)
    given = request.document("trace").members
    return Caller(
        user_id=next(filter(None, (_text(members.get(name)) for name in _USERS)), None),
        session_id=_text(members.get(_SESSION)),
        metadata=tuple(_others(members, given)),
        is_json=True,
    )


def _others(members: Mapping[str, Any], given: Mapping[str, Any]) -> list[tuple[str, MetadataValue]]:
    """The members besides the session that the caller's own ``trace`` does not have."""
    return [
        (name, value)
        for name, value in members.items()
        if name not in (_SESSION, "user_id") and name not in given
        if isinstance(value, (str, bool, int, float)) and value != ""
    ]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
