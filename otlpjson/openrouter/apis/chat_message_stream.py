# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The deltas of a choice of a streamed ``/chat/completions``, put together into its message.

Source: OpenRouter's OpenAPI document, ChatStreamDelta; the APIs of Mistral, DeepSeek and vLLM
for lists of parts and ``reasoning_content``.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..document import Document
from .chat_details import StreamedDetails
from .chat_pieces import GrowingContent, GrowingObject
from .chat_streamed_calls import StreamedCalls, function_piece
from .emptiness import is_empty

__all__ = ["MessageStream"]

_GROWING: Final = ("content", "reasoning", "reasoning_content", "thinking", "refusal")
# Lists whose items always arrive as a whole.
_EXTENDED: Final = ("images", "annotations")


@attrs.define(eq=False)
class MessageStream:
    """A message that is being streamed."""

    _role: str | None = None
    _contents: dict[str, GrowingContent] = attrs.field(factory=dict)
    _lists: dict[str, list[Any]] = attrs.field(factory=dict)
    _calls: StreamedCalls = attrs.field(factory=StreamedCalls)
    _details: StreamedDetails = attrs.field(factory=StreamedDetails)
    _old_call: GrowingObject = attrs.field(factory=lambda: GrowingObject(frozenset({"arguments"})))
    _audio: GrowingObject = attrs.field(factory=lambda: GrowingObject(frozenset({"data", "transcript"})))

    def add(self, delta: Document) -> bool:
        """Adds a delta; returns whether it says anything but the role."""
        # Every delta repeats the role, so it is set, not appended.
        self._role = delta.text("role") or self._role
        for name in _GROWING:
            if delta.value(name) is not None:
                self._contents.setdefault(name, GrowingContent()).add(delta, name)
        for name in _EXTENDED:
            self._lists.setdefault(name, []).extend(item.members for item in delta.objects(name))
        for call in delta.objects("tool_calls"):
            self._calls.add(call)
        for detail in delta.objects("reasoning_details"):
            self._details.add(detail)
        old_call = delta.document("function_call")
        # Some servers send both in every delta, empty.
        if not is_empty(old_call.members):
            self._old_call.add(function_piece(old_call, self._old_call))
        audio = delta.document("audio")
        if not is_empty(audio.members):
            self._audio.add(audio.members)
        return any(name != "role" and not is_empty(value) for name, value in delta.members.items())

    def value(self, *, finished: bool) -> dict[str, Any]:
        """
        The message so far, without what has not come.

        Args:
            finished: Whether the answer is.
        """
        old_call = self._old_call.value()
        # Cut off before its arguments.
        absent = {"arguments": ""} if old_call and not finished else {}
        members: dict[str, Any] = {
            "role": self._role,
            **{name: content.value() for name, content in self._contents.items()},
            **{name: items or None for name, items in self._lists.items()},
            "reasoning_details": self._details.value() or None,
            "tool_calls": self._calls.value(finished=finished) or None,
            "function_call": {**absent, **old_call} or None,
            "audio": self._audio.value() or None,
        }
        return {name: value for name, value in members.items() if value is not None}
