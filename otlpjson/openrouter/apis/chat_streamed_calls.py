# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The calls of a streamed message of ``/chat/completions``.

Source: OpenRouter's OpenAPI document, ChatStreamToolCall; OpenRouterTeam/ai-sdk-provider for
what may be missing, repeated or shared.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..compact import compact
from ..document import Document
from .chat_calls import is_no_call
from .chat_pieces import GrowingObject

__all__ = ["StreamedCalls", "function_piece"]

_FUNCTION_TEXTS: Final = frozenset({"arguments"})
_CUSTOM_TEXTS: Final = frozenset({"input"})
_PLACED: Final = frozenset({"id", "index", "type", "function", "custom"})


@attrs.define(eq=False)
class _Call:
    """A call whose pieces are arriving."""

    index: int
    call_id: str | None = None
    kind: str | None = None
    function: GrowingObject = attrs.field(factory=lambda: GrowingObject(_FUNCTION_TEXTS))
    custom: GrowingObject | None = None
    others: dict[str, Any] | None = None

    @property
    def name(self) -> str | None:
        """The name of what is called, once it has come."""
        name = self.function.get("name") or (self.custom and self.custom.get("name"))
        return name if isinstance(name, str) else None

    def add(self, piece: Document, function: Document, custom: Document) -> None:
        """Adds what a piece says, but for id and index."""
        self.kind = piece.text("type") or self.kind
        self.function.add(function_piece(function, self.function))
        # Made only where needed: an answer may have thousands of calls.
        if custom.members:
            self.custom = self.custom or GrowingObject(_CUSTOM_TEXTS)
            self.custom.add(_named_once(custom, self.custom))
        others = {name: value for name, value in piece.members.items() if name not in _PLACED}
        if others:
            self.others = {**(self.others or {}), **{k: v for k, v in others.items() if v is not None}}

    def begins_another(self, call_id: str | None, name: str | None) -> bool:
        """Whether a piece with the same index begins another call: some servers number all calls 0."""
        if not name:
            return False
        if call_id and self.call_id:
            return call_id != self.call_id
        # A name may come after the id, but not after arguments for another name.
        return bool(self.name) and name != self.name and bool(str(self.function.get("arguments") or ""))

    def ends_before(self, call_id: str | None, name: str | None) -> bool:
        """Whether a piece without an index, and of no known id, begins another call."""
        return bool(name) and bool(self.name or (call_id and self.call_id))


@attrs.define(eq=False)
class StreamedCalls:
    """
    Calls that are being streamed.

    Pieces of one call share its index or its id. A piece with an id and a name of its own begins
    another call, also if its index is known. A piece without an index belongs to the last call,
    unless it names another.
    """

    _calls: list[_Call] = attrs.field(factory=list)
    _of_index: dict[int, _Call] = attrs.field(factory=dict)
    # With the index that the pieces have, because some servers give parallel calls the same id.
    _of_id: dict[tuple[int | None, str], _Call] = attrs.field(factory=dict)
    _next_index: int = 0

    def add(self, piece: Document) -> None:
        """Adds a piece of a call; one that says nothing begins none."""
        if is_no_call(piece.members):
            return
        function, custom = piece.document("function"), piece.document("custom")
        given, call_id = piece.count("index"), piece.text("id")
        call = self._call_of(given, call_id, function.text("name") or custom.text("name"))
        # Later pieces may repeat id and name, or have empty ones.
        call.call_id = call.call_id or call_id
        if call_id:
            self._of_id.setdefault((given, call_id), call)
        call.add(piece, function, custom)

    def value(self, *, finished: bool) -> list[dict[str, Any]]:
        """
        The calls so far, in the order of their indexes.

        Args:
            finished:
                Whether the answer is. Of a call that was cut off before its arguments, these
                are an empty text.
        """
        absent = {} if finished else {"arguments": ""}
        return [_written(call, absent) for call in sorted(self._calls, key=lambda call: call.index)]

    def _call_of(self, index: int | None, call_id: str | None, name: str | None) -> _Call:
        known = self._of_id.get((index, call_id)) if call_id else None
        if known is not None:
            return known
        if index is not None:
            known = self._of_index.get(index)
            ends = known is not None and known.begins_another(call_id, name)
        else:
            known = self._calls[-1] if self._calls else None
            ends = known is not None and known.ends_before(call_id, name)
        if known is not None and not ends:
            return known
        call = _Call(self._next_index if index is None else index)
        self._next_index = max(self._next_index, call.index + 1)
        self._of_index[call.index] = call
        self._calls.append(call)
        return call


def function_piece(piece: Document, known: GrowingObject) -> dict[str, Any]:
    """A piece of a function: its name unless it is known, and arguments as text."""
    members = _named_once(piece, known)
    arguments = members.get("arguments")
    # Some servers send whole arguments as an object.
    if arguments is not None and not isinstance(arguments, str):
        members["arguments"] = compact(arguments)
    return members


def _named_once(piece: Document, known: GrowingObject) -> dict[str, Any]:
    return {name: value for name, value in piece.members.items() if name != "name" or not known.get("name")}


def _written(call: _Call, absent: dict[str, Any]) -> dict[str, Any]:
    function = {"function": {"name": None, **absent, **call.function.value()}}
    named = {"custom": call.custom.value()} if call.custom else function
    kind = call.kind or ("custom" if call.custom else "function")
    return {"id": call.call_id, "index": call.index, "type": kind, **named, **(call.others or {})}
