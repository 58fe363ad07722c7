# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The chunks of a streamed ``/chat/completions``, put together into the response they make up.

Source: OpenRouter's OpenAPI document, ChatStreamChunk, and its pages "Streaming" and "Errors
and debugging"; OpenRouterTeam/ai-sdk-provider for what may be missing.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..document import Document
from .pieces import appended, joined, reported

__all__ = ["ChatStream"]

# The last value of each is used. Most are repeated by every chunk; usage comes once, with the totals.
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
# Lists whose items always arrive as a whole.
_EXTENDED: Final = ("images", "annotations")
_DETAIL_TEXTS: Final = ("text", "summary", "data")


@attrs.define
class ChatStream:
    """
    A response of ``/chat/completions`` that is being streamed.

    Attributes:
        body: Members of the response that are not part of a choice, from all chunks so far.

        choices: The choices so far, by their index.
    """

    body: dict[str, Any] = attrs.field(factory=dict)
    choices: dict[int, _Choice] = attrs.field(factory=dict)

    @property
    def ended(self) -> bool:
        """Whether a finish reason or an error has arrived."""
        return "error" in self.body or any(choice.ended for choice in self.choices.values())

    def add(self, chunk: Document) -> None:
        """Adds the next chunk."""
        for name in _HEADER:
            # An error chunk may have an empty model, which must not replace the one known before.
            if chunk.value(name) not in (None, ""):
                self.body[name] = chunk.value(name)
        # Chunks with usage or an error may have no choice. A missing index means the only choice.
        for choice in chunk.objects("choices"):
            self.choices.setdefault(choice.count("index") or 0, _Choice()).add(choice)

    def response(self) -> dict[str, Any]:
        """The response so far, as the body that a request without streaming would have received."""
        return {
            **self.body,
            "choices": [self.choices[index].response(index) for index in sorted(self.choices)],
        }


@attrs.define
class _Choice:
    """One choice that is being streamed."""

    members: dict[str, Any] = attrs.field(factory=dict)
    message: dict[str, Any] = attrs.field(factory=dict)
    calls: list[dict[str, Any]] = attrs.field(factory=list)

    @property
    def ended(self) -> bool:
        return "finish_reason" in self.members or "error" in self.members

    def add(self, choice: Document) -> None:
        self.members.update(reported(choice, "finish_reason", "native_finish_reason", "error"))
        self.add_delta(choice.document("delta"))
        logprobs = choice.document("logprobs")
        known = self.members.setdefault("logprobs", {}) if logprobs.members else {}
        for name in ("content", "refusal"):
            _extend(known, logprobs, name)

    def add_delta(self, delta: Document) -> None:
        # Every delta repeats the role, so it is set, not appended.
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
        """Adds a piece of a call: the first has its id and name, all have a part of its arguments."""
        function = call.document("function")
        known = self.call_of(call.count("index"), call.text("id"), function.text("name"))
        # Later pieces may repeat id and name, or have empty ones.
        known["id"] = known["id"] or call.text("id")
        known["type"] = call.text("type") or known["type"]
        known["function"]["name"] = known["function"]["name"] or function.text("name")
        known["function"]["arguments"] += function.text("arguments") or ""

    def call_of(self, index: int | None, call_id: str | None, name: str | None) -> dict[str, Any]:
        """
        The call that a piece belongs to, which is a new one if the piece begins one.

        Pieces of one call share its index. A piece without an index belongs to the last call,
        unless it has an id or a name of its own: then it begins another call.
        """
        # Some providers send no index, and some the same id for parallel calls.
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
        """Adds a piece of the single call that OpenAI's API had before functions became tools."""
        if function.members:
            known = self.message.setdefault("function_call", {"name": None, "arguments": ""})
            known["name"] = known["name"] or function.text("name")
            known["arguments"] += function.text("arguments") or ""

    def add_detail(self, detail: Document) -> None:
        """
        Adds a piece of the reasoning's details.

        Pieces of the same type and index make up one entry. Without an index, a piece continues
        only the last entry.
        """
        details = self.message.setdefault("reasoning_details", [])
        kind, index = detail.value("type"), detail.value("index")
        candidates = details[-1:] if index is None else details
        for known in candidates:
            if known.get("type") == kind and index in (None, known.get("index")):
                break
        else:
            details.append(dict(detail.members))
            return
        # The signature comes in a last piece without text, possibly after the content has begun.
        for name, value in detail.members.items():
            if name in _DETAIL_TEXTS and isinstance(value, str):
                known[name] = joined(known.get(name), value)
            elif value is not None:
                known[name] = value

    def add_audio(self, audio: Document) -> None:
        known = self.message.setdefault("audio", {}) if audio.members else {}
        for name in ("data", "transcript"):
            _append(known, audio, name)
        known.update(reported(audio, "id", "expires_at"))

    def response(self, index: int) -> dict[str, Any]:
        calls = sorted(self.calls, key=lambda call: int(call["index"]))
        message = {**self.message, "tool_calls": calls} if calls else self.message
        return {"index": index, **self.members, "message": message}


def _append(known: dict[str, Any], piece: Document, name: str) -> None:
    """Adds a text to the end of the one known so far; an empty text makes the member exist."""
    text = piece.text(name)
    if text is not None:
        known[name] = joined(known.get(name), text)


def _extend(known: dict[str, Any], piece: Document, name: str) -> None:
    """Adds items, which are never split between chunks, to the end of the list known so far."""
    items = [dict(item.members) for item in piece.objects(name)]
    if items:
        known[name] = appended(known.get(name), *items)
