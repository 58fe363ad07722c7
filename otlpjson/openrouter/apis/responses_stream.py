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

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from ..document import Document
from .pieces import Text, reported

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
_RECOVERED: Final = "an error, but the answer ended well after it"
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
    _failed: Document | None = None
    _is_terminal: bool = False

    def add(self, event: Document) -> None:
        """Adds the next event; progress of server tools is ignored, an unknown type is noted."""
        kind = event.text("type") or ""
        kind = _OTHER_NAMES.get(kind, kind)
        stem, _, step = kind.rpartition(".")
        if kind in _STATES:
            self.body.update(event.document("response").members)
        elif kind in _TERMINAL:
            self.add_end({"status": _TERMINAL[kind], **event.document("response").members})
            self.recover()
        elif kind == "error":
            self.add_error(event)
        elif kind in ("response.output_item.added", "response.output_item.done"):
            self.add_item(event, finished=step == "done")
        elif kind in _PARTS:
            self.add_part(event, _PARTS[kind])
        elif stem in _PIECES and step in ("delta", "done"):
            where, part_kind, name = _PIECES[stem]
            self.part(event, where, part_kind).grow(event, name, whole=step == "done")
        elif stem in _CALL_PIECES and step in ("delta", "done"):
            self.add_call_piece(event, *_CALL_PIECES[stem], whole=step == "done")
        elif kind == "response.output_text.annotation.added":
            part = self.part(event, "content", "output_text")
            part.add_annotation(event.value("annotation"))
        elif not kind.startswith(_PROGRESS):
            event.note("type", "unknown event type")

    def add_end(self, response: dict[str, Any]) -> None:
        """Adds the response of the last event; members that are null or empty there stay as streamed."""
        # A null or empty member here would erase what was streamed.
        self.ended = self._is_terminal = True
        given = {name: value for name, value in response.items() if value not in (None, [])}
        self.body.update(given)
        if isinstance(given.get("output"), list):
            self.items = {
                index: _Item(_Part(item), finished=True) for index, item in enumerate(given["output"])
            }

    def add_error(self, event: Document) -> None:
        """Adds an error."""
        self.ended = True
        self._failed = event
        # OpenRouter's documentation has both: an object in the event, and its members in the event itself.
        flat = reported(event, "code", "message") or {"message": "error"}
        self.body["error"] = event.value("error") or flat
        self.body.update(reported(event, "error_type"))

    def recover(self) -> None:
        """Notes an error after which the response ended well, and forgets it."""
        if self._failed is not None and self.body.get("status") != "failed":
            self._failed.note("error", _RECOVERED)
            self._failed = None
            del self.body["error"]

    def add_item(self, event: Document, *, finished: bool) -> None:
        """Adds an item: an empty one at its start, the whole one when it is finished."""
        index, item = event.count("output_index") or 0, event.document("item")
        known = self.items.get(index)
        # Signature and encrypted content are only in the finished item.
        if finished:
            self.items[index] = _Item(_Part(dict(item.members)), finished=True)
        elif known is None or not known.finished:
            self.items[index] = _opened(item)

    def add_part(self, event: Document, where: str) -> None:
        """Adds a part: an empty one at its start, the whole one when it is finished."""
        given = event.document("part")
        kind = given.text("type") or ("output_text" if where == "content" else "")
        self.part(event, where, kind).update(given.members)

    def add_call_piece(self, event: Document, kind: str, name: str, *, whole: bool) -> None:
        """Adds a piece of a call's arguments, or all of them."""
        item = self.item(event, kind)
        if not item.finished:
            item.own.grow(event, name, whole=whole)
            item.own.members["name"] = item.own.members.get("name") or event.text("name")

    def item(self, event: Document, kind: str) -> _Item:
        """The item that an event belongs to; a new one of this type if its start was lost."""
        return self.items.setdefault(event.count("output_index") or 0, _Item(_Part({"type": kind})))

    def part(self, event: Document, where: str, kind: str) -> _Part:
        """
        The part that an event belongs to; a new one of this type if its start was lost.

        Changes to the parts of a finished item have no effect.
        """
        reasoning = where == "summary" or kind in _REASONING_PARTS
        item = self.item(event, "reasoning" if reasoning else "message")
        index = event.count(_INDEXES[where]) or 0
        item.parts = {} if item.parts is None else item.parts
        return item.parts.setdefault(where, {}).setdefault(index, _Part({"type": kind}))

    def response(self) -> dict[str, Any]:
        """The response so far, as the body that a request without streaming would have received."""
        body = dict(self.body)
        if self._failed is not None:
            # An error that came last is the end, whatever the status before it was.
            body["status"] = "failed"
        elif not self._is_terminal:
            # The status of the first events is that of a response that has only begun.
            body.pop("status", None)
        begun = bool(self.items) or "id" in body or "output" in body
        output = {"output": [self.items[index].response() for index in sorted(self.items)]} if begun else {}
        return {"object": "response", **body, **output}


@attrs.define
class _Part:
    """An item or one of its parts: its members, and the texts that are growing."""

    members: Any
    # Made when they are needed: a response may have many thousand items without them.
    texts: dict[str, Text] | None = None
    annotations: list[Any] | None = None

    def grow(self, event: Document, name: str, *, whole: bool) -> None:
        """Adds the next piece to a text or, if the event has the whole text, replaces it."""
        if not whole:
            self.texts = {} if self.texts is None else self.texts
            if name not in self.texts:
                self.texts[name] = Text()
                start = self.members.get(name)
                self.texts[name].add(start if isinstance(start, str) else None)
            self.texts[name].add(event.text("delta"))
        elif event.text(name) is not None:
            self.update({name: event.text(name)})

    def add_annotation(self, annotation: Any) -> None:
        """Adds an annotation to those that there are."""
        if self.annotations is None:
            known = self.members.get("annotations")
            self.annotations = list(known) if isinstance(known, list) else []
        self.annotations.append(annotation)

    def update(self, members: Mapping[str, Any]) -> None:
        """Replaces members by whole ones."""
        self.members.update(members)
        texts = self.texts or {}
        for name in members:
            texts.pop(name, None)
        if "annotations" in members:
            self.annotations = None

    def response(self) -> Any:
        if not self.texts and self.annotations is None:
            return self.members
        texts = {name: str(text) for name, text in (self.texts or {}).items()}
        annotations = {} if self.annotations is None else {"annotations": self.annotations}
        return {**self.members, **texts, **annotations}


@attrs.define
class _Item:
    """One item of the output, with its parts by the name of their list and by their index."""

    own: _Part
    parts: dict[str, dict[int, _Part]] | None = None
    finished: bool = attrs.field(default=False, kw_only=True)

    def response(self) -> Any:
        if self.finished:
            return self.own.members
        lists = {
            where: [parts[index].response() for index in sorted(parts)]
            for where, parts in (self.parts or {}).items()
        }
        return {**self.own.response(), **lists}


def _opened(item: Document) -> _Item:
    """An item at its start, with the parts that it already has."""
    parts = {
        where: {index: _Part(dict(part.members)) for index, part in enumerate(item.objects(where))}
        for where in _INDEXES
        if item.value(where) is not None
    }
    return _Item(_Part(dict(item.members)), parts)
