# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The chunks of a streamed ``/chat/completions``, added up to the response that they make.

Source: OpenRouter's OpenAPI document, ChatStreamChunk, and its pages "Streaming" and "Errors
and debugging"; OpenRouterTeam/ai-sdk-provider for what may be missing.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..document import Document
from .parts import joined

__all__ = ["ChatStream"]

_HEADER: Final = (
    "id",
    "model",
    "provider",
    "created",
    "service_tier",
    "system_fingerprint",
    "openrouter_metadata",
    "usage",
    "error",
    "error_type",
)
_APPENDED: Final = ("content", "reasoning", "refusal")
_EXTENDED: Final = ("images", "annotations")
_DETAIL_TEXTS: Final = ("text", "summary", "data")


@attrs.define
class ChatStream:
    """A chat stream under way."""

    body: dict[str, Any] = attrs.field(factory=dict)
    choices: dict[int, _Choice] = attrs.field(factory=dict)

    @property
    def ended(self) -> bool:
        """Whether the stream has said how it ends."""
        return "error" in self.body or any(choice.ended for choice in self.choices.values())

    def add(self, chunk: Document) -> None:
        """Takes one more chunk."""
        for name in _HEADER:
            # An error chunk may have an empty model; what was known before stays.
            if chunk.value(name) not in (None, ""):
                self.body[name] = chunk.value(name)
        for choice in chunk.objects("choices"):
            self.choices.setdefault(choice.count("index") or 0, _Choice()).add(choice)

    def response(self) -> dict[str, Any]:
        """The response so far, in the form of one that was not streamed."""
        return {
            **self.body,
            "choices": [self.choices[index].response(index) for index in sorted(self.choices)],
        }


@attrs.define
class _Choice:
    """One choice under way."""

    members: dict[str, Any] = attrs.field(factory=dict)
    message: dict[str, Any] = attrs.field(factory=dict)
    calls: list[dict[str, Any]] = attrs.field(factory=list)

    @property
    def ended(self) -> bool:
        return "finish_reason" in self.members or "error" in self.members

    def add(self, choice: Document) -> None:
        for name in ("finish_reason", "native_finish_reason", "error"):
            if choice.value(name) is not None:
                self.members[name] = choice.value(name)
        self.add_delta(choice.document("delta"))
        logprobs = choice.document("logprobs")
        known = self.members.setdefault("logprobs", {}) if logprobs.members else {}
        for name in ("content", "refusal"):
            _extend(known, logprobs, name)

    def add_delta(self, delta: Document) -> None:
        if delta.text("role"):
            self.message["role"] = delta.text("role")
        for name in _APPENDED:
            _append(self.message, delta, name)
        for name in _EXTENDED:
            _extend(self.message, delta, name)
        for call in delta.objects("tool_calls"):
            self.add_call(call)
        for detail in delta.objects("reasoning_details"):
            self.add_detail(detail)
        self.add_old_call(delta.document("function_call"))
        self.add_audio(delta.document("audio"))

    def add_call(self, call: Document) -> None:
        """Name and id of a call come once, its arguments in pieces."""
        function = call.document("function")
        known = self.call_of(call.count("index"), call.text("id"), function.text("name"))
        known["id"] = known["id"] or call.text("id")
        known["type"] = call.text("type") or known["type"]
        known["function"]["name"] = known["function"]["name"] or function.text("name")
        known["function"]["arguments"] += function.text("arguments") or ""

    def call_of(self, index: int | None, call_id: str | None, name: str | None) -> dict[str, Any]:
        """
        The call that a piece belongs to.

        A call is known by its index. Without one the last is meant, unless the piece brings an
        id or a name of its own: then it begins another.
        """
        last = self.calls[-1] if self.calls else None
        if index is None and last is not None:
            another = call_id != last["id"] if call_id else name and last["function"]["name"]
            if not another:
                return last
        if index is None:
            index = 1 + max((call["index"] for call in self.calls), default=-1)
        for call in self.calls:
            if call["index"] == index:
                return call
        function = {"name": None, "arguments": ""}
        self.calls.append({"id": None, "index": index, "type": "function", "function": function})
        return self.calls[-1]

    def add_old_call(self, function: Document) -> None:
        """The single call that OpenAI's API had before it had tools."""
        if function.members:
            known = self.message.setdefault("function_call", {"name": None, "arguments": ""})
            known["name"] = known["name"] or function.text("name")
            known["arguments"] += function.text("arguments") or ""

    def add_detail(self, detail: Document) -> None:
        """Fragments of one type and index are one entry; without index, only neighbours are."""
        details = self.message.setdefault("reasoning_details", [])
        kind, index = detail.value("type"), detail.value("index")
        candidates = details[-1:] if index is None else details
        for known in candidates:
            if known.get("type") == kind and index in (None, known.get("index")):
                break
        else:
            details.append(dict(detail.members))
            return
        for name, value in detail.members.items():
            if name in _DETAIL_TEXTS and isinstance(value, str):
                known[name] = joined(known.get(name), value)
            elif value is not None:
                known[name] = value

    def add_audio(self, audio: Document) -> None:
        known = self.message.setdefault("audio", {}) if audio.members else {}
        for name in ("data", "transcript"):
            _append(known, audio, name)
        for name in ("id", "expires_at"):
            if audio.value(name) is not None:
                known[name] = audio.value(name)

    def response(self, index: int) -> dict[str, Any]:
        calls = sorted(self.calls, key=lambda call: int(call["index"]))
        message = {**self.message, "tool_calls": calls} if calls else self.message
        return {"index": index, **self.members, "message": message}


def _append(known: dict[str, Any], piece: Document, name: str) -> None:
    """Text that is there, the empty one included, goes to the end of what is known."""
    text = piece.text(name)
    if text is not None:
        known[name] = joined(known.get(name), text)


def _extend(known: dict[str, Any], piece: Document, name: str) -> None:
    """Whole items go to the end of what is known."""
    items = [dict(item.members) for item in piece.objects(name)]
    if items:
        known[name] = [*known.get(name, []), *items]
