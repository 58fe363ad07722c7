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
from .chat_message_stream import MessageStream
from .emptiness import is_empty
from .failure import error_words
from .pieces import reported

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
)
_FINISH: Final = ("finish_reason", "native_finish_reason")
# An error whose members are in the chunk itself has one of these, and none of an answer's.
_ERROR_MEMBERS: Final = frozenset({"code", "status", "status_code", "detail", "errors"})
_ANSWER_MEMBERS: Final = frozenset({"choices", "id", "usage", "object"})
_ENDED_WELL: Final = "an error, but the answer ended well after it"


@attrs.define(eq=False)
class _LastError:
    """The last error of a stream or of a choice, unless the answer ended well after it."""

    owner: Document | None = None
    value: Any = None

    def add(self, owner: Document, value: Any, *, ended_well: bool) -> None:
        if value is not None:
            self.owner, self.value = owner, value
        elif ended_well and self.owner is not None:
            self.owner.note("error", _ENDED_WELL)
            self.owner = self.value = None


@attrs.define(eq=False)
class ChatStream:
    """
    A response of ``/chat/completions`` that is being streamed.

    Attributes:
        body: Members of the response that are not part of a choice, from all chunks so far.

        choices: The choices so far, by their index.
    """

    body: dict[str, Any] = attrs.field(factory=dict)
    choices: dict[int, _Choice] = attrs.field(factory=dict)
    _has_choices: bool = False
    _error: _LastError = attrs.field(factory=_LastError)
    _usage_came: bool = False
    _usage_ends: bool = False

    @property
    def ended(self) -> bool:
        """Whether a finish reason, an error, or the usage after the last piece has arrived."""
        failed = self._error.value is not None
        return failed or self._usage_ends or any(choice.ended for choice in self.choices.values())

    def add(self, chunk: Document) -> None:
        """Adds the next chunk."""
        for name in _HEADER:
            value = chunk.value(name)
            # An error chunk may have an empty model, which must not replace the one known before.
            if value is not None and value not in ("", {}, []):
                self.body[name] = value
        said = ended_well = False
        self._has_choices = self._has_choices or chunk.is_list("choices")
        # Chunks with usage or an error may have no choice. A missing index means the only choice.
        for choice in chunk.objects("choices"):
            known = self.choices.setdefault(choice.count("index") or 0, _Choice())
            said = known.add(choice) or said
            ended_well = ended_well or _ends_well(choice)
        self._error.add(chunk, _error_of(chunk), ended_well=ended_well)
        self._add_usage(chunk, said=said)

    def response(self) -> dict[str, Any]:
        """The response so far, as the body that a request without streaming would have received."""
        body, error = self.body, self._error
        if error.owner is not None:
            body = {**body, "error": error.value, **reported(error.owner, "error_type")}
        # Without any, the stream may have been a refusal, which is no answer.
        if not self._has_choices:
            return dict(body)
        failed = error.owner is not None
        choices = [self.choices[index].response(index, failed=failed) for index in sorted(self.choices)]
        return {**body, "choices": choices}

    def _add_usage(self, chunk: Document, *, said: bool) -> None:
        has_usage = not is_empty(chunk.value("usage"))
        if said:
            # Some servers send usage with every piece, where it ends nothing.
            self._usage_ends = has_usage and not self._usage_came
        elif has_usage:
            self._usage_ends = True
        self._usage_came = self._usage_came or has_usage


@attrs.define(eq=False)
class _Choice:
    """One choice that is being streamed."""

    finish: dict[str, str] = attrs.field(factory=dict)
    error: _LastError = attrs.field(factory=_LastError)
    message: MessageStream = attrs.field(factory=MessageStream)
    logprobs: dict[str, list[Any]] = attrs.field(factory=dict)
    said: bool = False

    @property
    def ended(self) -> bool:
        return "finish_reason" in self.finish or self.error.value is not None

    def add(self, choice: Document) -> bool:
        """Adds the choice of a chunk; returns whether it says anything of the message."""
        for name in _FINISH:
            reason = choice.text(name)
            # Some servers send an empty one with every chunk.
            if reason:
                self.finish[name] = reason
        error = choice.value("error")
        self.error.add(choice, None if is_empty(error) else error, ended_well=_ends_well(choice))
        delta = choice.document("delta")
        # Servers that do not stream may send the whole message in one chunk.
        if not delta.members and not self.said:
            delta = choice.document("message")
        logprobs = choice.document("logprobs")
        for name in ("content", "refusal"):
            items = [item.members for item in logprobs.objects(name)]
            if items:
                self.logprobs.setdefault(name, []).extend(items)
        said = self.message.add(delta)
        self.said = self.said or said
        return said

    def response(self, index: int, *, failed: bool) -> dict[str, Any]:
        failed = failed or self.error.value is not None
        finish = {**self.finish, "finish_reason": "error"} if failed else self.finish
        return {
            "index": index,
            **finish,
            **({} if self.error.value is None else {"error": self.error.value}),
            **({"logprobs": self.logprobs} if self.logprobs else {}),
            "message": self.message.value(finished=finish.get("finish_reason", "error") != "error"),
        }


def _ends_well(choice: Document) -> bool:
    # Not read as text: a reason of the wrong type is noted already where it is used.
    reason = choice.value("finish_reason")
    return isinstance(reason, str) and reason not in ("", "error")


def _error_of(chunk: Document) -> Any:
    """The error in a chunk, which may be the chunk itself; ``None`` if it has none."""
    error = chunk.value("error")
    if not is_empty(error):
        return error
    members = {name: value for name, value in chunk.members.items() if name not in ("type", "error")}
    if chunk.value("type") == "error":
        return {"message": "error"} if is_empty(members) else members
    if chunk.value("type") is not None or _ANSWER_MEMBERS & chunk.members.keys():
        return None
    return members if _ERROR_MEMBERS & members.keys() and error_words(chunk) is not None else None
