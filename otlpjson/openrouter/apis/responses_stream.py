# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The events of a streamed ``/responses``, put together into the response they make up.

The same text can arrive in several forms. The most complete one is used: the response of the
last event, else finished items, else finished parts, else the pieces put together.

Source: OpenRouter's OpenAPI document, ResponsesStreamEvents; openai/openai-python,
``types/responses``.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

import attrs

from ..document import Document
from .pieces import appended, joined, reported

__all__ = ["ResponsesStream"]

# Older names of events, which OpenRouter's documentation still uses.
_OTHER_NAMES: Final = MappingProxyType(
    {
        "response.content_part.delta": "response.output_text.delta",
        "response.reasoning.delta": "response.reasoning_text.delta",
        "response.reasoning.done": "response.reasoning_text.done",
        "response.done": "response.completed",
        "response.error": "error",
    }
)
_STATES: Final = frozenset({"response.created", "response.queued", "response.in_progress"})
# The last event of a stream, and the status of its response if that has none.
_TERMINAL: Final = MappingProxyType(
    {
        "response.completed": "completed",
        "response.incomplete": "incomplete",
        "response.failed": "failed",
    }
)
# Events with whole parts: the list of the item that the part belongs to.
_PARTS: Final = MappingProxyType(
    {
        "response.content_part.added": "content",
        "response.content_part.done": "content",
        "response.reasoning_summary_part.added": "summary",
        "response.reasoning_summary_part.done": "summary",
    }
)
# Events with text of a part: the list of the item, the type of the part, the part's member for text.
_PIECES: Final = MappingProxyType(
    {
        "response.output_text": ("content", "output_text", "text"),
        "response.refusal": ("content", "refusal", "refusal"),
        "response.reasoning_text": ("content", "reasoning_text", "text"),
        "response.reasoning_summary_text": ("summary", "summary_text", "text"),
    }
)
# Events with arguments of a call: the type of the item, and its member for them.
_CALL_PIECES: Final = MappingProxyType(
    {
        "response.function_call_arguments": ("function_call", "arguments"),
        "response.custom_tool_call_input": ("custom_tool_call", "input"),
    }
)
_REASONING_PARTS: Final = frozenset({"reasoning_text", "summary_text"})
_INDEXES: Final = MappingProxyType({"content": "content_index", "summary": "summary_index"})
# Progress of server tools, whose items arrive as a whole, and events without text.
_PROGRESS: Final = (
    "debug",
    "response.apply_patch_call_operation_diff.",
    "response.audio.",
    "response.code_interpreter_call",
    "response.debug",
    "response.file_search_call.",
    "response.fusion_call.",
    "response.image_generation_call.",
    "response.mcp_",
    "response.shell_call_",
    "response.web_search_call.",
)


@attrs.define
class ResponsesStream:
    """
    A response of ``/responses`` that is being streamed.

    Attributes:
        body: Members of the response other than its output.

        items: The items of the output so far, by their index.

        ended: Whether the last event or an error has arrived.
    """

    body: dict[str, Any] = attrs.field(factory=dict)
    items: dict[int, _Item] = attrs.field(factory=dict)
    ended: bool = False

    def add(self, event: Document) -> None:
        """Adds the next event; progress of server tools is ignored, an unknown type is noted."""
        kind = event.text("type") or ""
        kind = _OTHER_NAMES.get(kind, kind)
        stem, _, step = kind.rpartition(".")
        if kind in _STATES:
            self.body.update(event.document("response").members)
        elif kind in _TERMINAL:
            self.add_end({"status": _TERMINAL[kind], **event.document("response").members})
        elif kind == "error":
            self.add_error(event)
        elif kind in ("response.output_item.added", "response.output_item.done"):
            self.add_item(event, finished=step == "done")
        elif kind in _PARTS:
            self.add_part(event, _PARTS[kind])
        elif stem in _PIECES and step in ("delta", "done"):
            where, part_kind, name = _PIECES[stem]
            _grow(self.part(event, where, part_kind), event, name, whole=step == "done")
        elif stem in _CALL_PIECES and step in ("delta", "done"):
            self.add_call_piece(event, *_CALL_PIECES[stem], whole=step == "done")
        elif kind == "response.output_text.annotation.added":
            part = self.part(event, "content", "output_text")
            part["annotations"] = appended(part.get("annotations"), event.value("annotation"))
        elif not kind.startswith(_PROGRESS):
            event.note("type", "unknown event type")

    def add_end(self, response: dict[str, Any]) -> None:
        """Adds the response of the last event; members that are null or empty there stay as streamed."""
        # A null or empty member here would erase what was streamed.
        self.ended = True
        given = {name: value for name, value in response.items() if value not in (None, [])}
        self.body.update(given)
        if isinstance(given.get("output"), list):
            self.items = {index: _Item(item, finished=True) for index, item in enumerate(given["output"])}

    def add_error(self, event: Document) -> None:
        """Adds an error."""
        self.ended = True
        # OpenRouter's documentation has both: an object in the event, and its members in the event itself.
        flat = reported(event, "code", "message")
        self.body["error"] = flat if event.value("error") is None else event.value("error")
        self.body.update(reported(event, "error_type"))

    def add_item(self, event: Document, *, finished: bool) -> None:
        """Adds an item: an empty one at its start, the whole one when it is finished."""
        index, item = event.count("output_index") or 0, event.document("item")
        known = self.items.get(index)
        # Signature and encrypted content are only in the finished item.
        if finished:
            self.items[index] = _Item(dict(item.members), finished=True)
        elif known is None or not known.finished:
            self.items[index] = _opened(item)

    def add_part(self, event: Document, where: str) -> None:
        """Adds a part: an empty one at its start, the whole one when it is finished."""
        given = event.document("part")
        part = self.part(event, where, given.text("type") or ("output_text" if where == "content" else ""))
        part.update(given.members)

    def add_call_piece(self, event: Document, kind: str, name: str, *, whole: bool) -> None:
        """Adds a piece of a call's arguments, or all of them."""
        item = self.item(event, kind)
        if not item.finished:
            _grow(item.members, event, name, whole=whole)
            item.members["name"] = item.members.get("name") or event.text("name")

    def item(self, event: Document, kind: str) -> _Item:
        """The item that an event belongs to; a new one of this type if its start was lost."""
        return self.items.setdefault(event.count("output_index") or 0, _Item({"type": kind}))

    def part(self, event: Document, where: str, kind: str) -> dict[str, Any]:
        """
        The part that an event belongs to; a new one of this type if its start was lost.

        Changes to the parts of a finished item have no effect.
        """
        reasoning = where == "summary" or kind in _REASONING_PARTS
        item = self.item(event, "reasoning" if reasoning else "message")
        index = event.count(_INDEXES[where]) or 0
        return item.parts.setdefault(where, {}).setdefault(index, {"type": kind})

    def response(self) -> dict[str, Any]:
        """The response so far, as the body that a request without streaming would have received."""
        output = [self.items[index].response() for index in sorted(self.items)]
        return {"object": "response", **self.body, "output": output}


@attrs.define
class _Item:
    """One item of the output, with its parts by the name of their list and by their index."""

    members: Any
    parts: dict[str, dict[int, dict[str, Any]]] = attrs.field(factory=dict)
    finished: bool = attrs.field(default=False, kw_only=True)

    def response(self) -> Any:
        if self.finished:
            return self.members
        lists = {where: [parts[index] for index in sorted(parts)] for where, parts in self.parts.items()}
        return {**self.members, **lists}


def _opened(item: Document) -> _Item:
    """An item at its start, with the parts that it already has."""
    parts = {
        where: {index: dict(part.members) for index, part in enumerate(item.objects(where))}
        for where in _INDEXES
        if item.value(where) is not None
    }
    return _Item(dict(item.members), parts)


def _grow(owner: dict[str, Any], event: Document, name: str, *, whole: bool) -> None:
    """Adds the next piece to a text or, if the event has the whole text, replaces it."""
    if not whole:
        owner[name] = joined(owner.get(name), event.text("delta"))
    elif event.text(name) is not None:
        owner[name] = event.text(name)
