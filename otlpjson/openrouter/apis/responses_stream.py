# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The events of a streamed ``/responses``, added up to the response that they make.

What is more complete wins: the terminal event's response, else finished items, else finished
parts, else joined pieces. Older names of events, which OpenRouter's pages use, count as well.

Source: OpenRouter's OpenAPI document, ResponsesStreamEvents; openai/openai-python,
``types/responses``.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

import attrs

from ..document import Document
from .parts import joined

__all__ = ["ResponsesStream"]

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
# Events that say how it ended, with the status of a response that does not say it itself.
_TERMINAL: Final = MappingProxyType(
    {
        "response.completed": "completed",
        "response.incomplete": "incomplete",
        "response.failed": "failed",
    }
)
# Events about whole parts: the list in the item.
_PARTS: Final = MappingProxyType(
    {
        "response.content_part.added": "content",
        "response.content_part.done": "content",
        "response.reasoning_summary_part.added": "summary",
        "response.reasoning_summary_part.done": "summary",
    }
)
# Events about the text of a part: the list in the item, the type of the part, the part's text.
_PIECES: Final = MappingProxyType(
    {
        "response.output_text": ("content", "output_text", "text"),
        "response.refusal": ("content", "refusal", "refusal"),
        "response.reasoning_text": ("content", "reasoning_text", "text"),
        "response.reasoning_summary_text": ("summary", "summary_text", "text"),
    }
)
# Events about the arguments of a call: the type of the item, and its text.
_CALL_PIECES: Final = MappingProxyType(
    {
        "response.function_call_arguments": ("function_call", "arguments"),
        "response.custom_tool_call_input": ("custom_tool_call", "input"),
    }
)
_OF_REASONING: Final = frozenset({"reasoning_text", "summary_text"})
_INDEXES: Final = MappingProxyType({"content": "content_index", "summary": "summary_index"})
# Progress of what runs at the server, whose items come whole, and of what has no text.
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
    """A response under way."""

    body: dict[str, Any] = attrs.field(factory=dict)
    items: dict[int, _Item] = attrs.field(factory=dict)
    ended: bool = False

    def add(self, event: Document) -> None:
        """Takes one more event; progress of server tools is passed over, an unknown type noted."""
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
            known = part.get("annotations")
            part["annotations"] = [*(known if isinstance(known, list) else []), event.value("annotation")]
        elif not kind.startswith(_PROGRESS):
            event.skip("type", "an event of /responses", kind)

    def add_end(self, response: dict[str, Any]) -> None:
        """The whole response; what it leaves open stays as the events before have told it."""
        self.ended = True
        told = {name: value for name, value in response.items() if value not in (None, [])}
        self.body.update(told)
        if isinstance(told.get("output"), list):
            self.items = {index: _Item(item, finished=True) for index, item in enumerate(told["output"])}

    def add_error(self, event: Document) -> None:
        """An error, whose members stand in an object or, by another page, in the event itself."""
        self.ended = True
        flat = {name: event.value(name) for name in ("code", "message") if event.value(name) is not None}
        self.body["error"] = flat if event.value("error") is None else event.value("error")
        if event.value("error_type") is not None:
            self.body["error_type"] = event.value("error_type")

    def add_item(self, event: Document, *, finished: bool) -> None:
        """An item, which replaces what its pieces made of it once it is finished."""
        index, item = event.count("output_index") or 0, event.document("item")
        known = self.items.get(index)
        if finished:
            self.items[index] = _Item(dict(item.members), finished=True)
        elif known is None or not known.finished:
            self.items[index] = _opened(item)

    def add_part(self, event: Document, where: str) -> None:
        """A part as a whole, at first an empty one."""
        told = event.document("part")
        part = self.part(event, where, told.text("type") or ("output_text" if where == "content" else ""))
        part.update(told.members)

    def add_call_piece(self, event: Document, kind: str, name: str, *, whole: bool) -> None:
        """One more piece of a call's arguments, or the whole of them."""
        item = self.item(event, kind)
        if not item.finished:
            _grow(item.members, event, name, whole=whole)
            item.members["name"] = item.members.get("name") or event.text("name")

    def item(self, event: Document, kind: str) -> _Item:
        """The item that a piece belongs to."""
        return self.items.setdefault(event.count("output_index") or 0, _Item({"type": kind}))

    def part(self, event: Document, where: str, kind: str) -> dict[str, Any]:
        """The part that a piece belongs to; those of a finished item count no more."""
        reasoning = where == "summary" or kind in _OF_REASONING
        item = self.item(event, "reasoning" if reasoning else "message")
        index = event.count(_INDEXES[where]) or 0
        return item.parts.setdefault(where, {}).setdefault(index, {"type": kind})

    def response(self) -> dict[str, Any]:
        """The response so far, in the form of one that was not streamed."""
        output = [self.items[index].response() for index in sorted(self.items)]
        return {"object": "response", **self.body, "output": output}


@attrs.define
class _Item:
    """One item of the output under way; its parts lie apart, by the name of their list and their index."""

    members: Any
    parts: dict[str, dict[int, dict[str, Any]]] = attrs.field(factory=dict)
    finished: bool = attrs.field(default=False, kw_only=True)

    def response(self) -> Any:
        if self.finished:
            return self.members
        lists = {where: [parts[index] for index in sorted(parts)] for where, parts in self.parts.items()}
        return {**self.members, **lists}


def _opened(item: Document) -> _Item:
    """An item at its beginning, with the parts that it has already."""
    parts = {
        where: {index: dict(part.members) for index, part in enumerate(item.objects(where))}
        for where in _INDEXES
        if item.value(where) is not None
    }
    return _Item(dict(item.members), parts)


def _grow(owner: dict[str, Any], event: Document, name: str, *, whole: bool) -> None:
    """A text and its next piece, or the whole text, where the event has one."""
    if not whole:
        owner[name] = joined(owner.get(name), event.text("delta"))
    elif event.text(name) is not None:
        owner[name] = event.text(name)
