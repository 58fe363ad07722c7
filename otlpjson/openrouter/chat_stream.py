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

from .document import Document

__all__ = ["ChatStream"]

_HEADER: Final = (
    "id",
    "model",
    "provider",
    "created",
    "service_tier",
    "system_fingerprint",
    "openrouter_metadata",
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
        if chunk.value("usage") is not None:
            self.body["usage"] = chunk.value("usage")
        if chunk.value("error") is not None:
            self.body["error"] = chunk.value("error")
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
        delta = choice.document("delta")
        if delta.text("role"):
            self.message["role"] = delta.text("role")
        for name in _APPENDED:
            text = delta.text(name)
            if text is not None:
                self.message[name] = self.message.get(name, "") + text
        for name in _EXTENDED:
            items = [dict(item.members) for item in delta.objects(name)]
            if items:
                self.message[name] = [*self.message.get(name, []), *items]
        for call in delta.objects("tool_calls"):
            self.add_call(call)
        for detail in delta.objects("reasoning_details"):
            self.add_detail(detail)
        self.add_audio(delta.document("audio"))

    def add_call(self, call: Document) -> None:
        """A call is known by its index; without one, the last is meant."""
        index = call.count("index")
        if index is None:
            index = self.calls[-1]["index"] if self.calls and not call.text("id") else len(self.calls)
        known = next((item for item in self.calls if item["index"] == index), None)
        if known is None:
            known = {
                "id": None,
                "index": index,
                "type": "function",
                "function": {"name": None, "arguments": ""},
            }
            self.calls.append(known)
        function = call.document("function")
        known["id"] = known["id"] or call.text("id")
        known["type"] = call.text("type") or known["type"]
        known["function"]["name"] = known["function"]["name"] or function.text("name")
        known["function"]["arguments"] += function.text("arguments") or ""

    def add_detail(self, detail: Document) -> None:
        """Fragments of one type and index are one entry; without index, only neighbours are."""
        details = self.message.setdefault("reasoning_details", [])
        kind, index = detail.value("type"), detail.value("index")
        candidates = details[-1:] if index is None else details
        known = next(
            (item for item in candidates if item.get("type") == kind and item.get("index") == index), None
        )
        if known is None:
            details.append(dict(detail.members))
            return
        for name, value in detail.members.items():
            if name in _DETAIL_TEXTS and isinstance(value, str):
                known[name] = (known.get(name) or "") + value
            elif value is not None:
                known[name] = value

    def add_audio(self, audio: Document) -> None:
        for name in ("data", "transcript"):
            text = audio.text(name)
            if text is not None:
                known = self.message.setdefault("audio", {})
                known[name] = known.get(name, "") + text

    def response(self, index: int) -> dict[str, Any]:
        calls = {"tool_calls": self.calls} if self.calls else {}
        return {"index": index, **self.members, "message": {**self.message, **calls}}
