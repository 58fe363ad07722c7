# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One attempt of a request: what was sent, what has come back so far, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Mapping
from copy import copy
from functools import wraps
from typing import Any, Callable, Final, TypeVar, cast

from ..core.findings import Finding
from ..openrouter.document import Document
from ..openrouter.first_content import first_content
from .budget import Budget
from .cut_body import cut_body, cut_stream
from .decoding import decoding
from .kept import Kept

__all__ = ["Exchange"]

_EVENT_STREAM: Final = "text/event-stream"
# How the last event of a stream begins, by its API.
_LAST_EVENTS: Final = (b"data: [DONE]", b"event: message_stop")
# Headers whose values are facts of the record, and the names they have there.
_REQUEST_FACTS: Final = (("x-session-id", "session_id"), ("x-stainless-retry-count", "retry_number"))
_RESPONSE_FACTS: Final = (("x-generation-id", "generation_id"),)
_PER_MS: Final = 1_000_000
_Method = TypeVar("_Method", bound=Callable[..., None])


def _quiet(method: _Method) -> _Method:
    """The method, whose errors go to ``on_error``: the client must not see them."""

    @wraps(method)
    def quiet(self: Exchange, *args: Any, **named: Any) -> None:
        try:
            method(self, *args, **named)
        except Exception as error:
            self._on_error(error)

    return cast(_Method, quiet)


class Exchange:
    """
    One attempt of a request. A client's thread writes it; no method raises, or does more than copy.

    It ends once, by the first of ``end``, ``fail`` and ``leave``; later calls change nothing.

    Args:
        api: The API that the request is for.

        request: The body of the request; ``None`` if it could not be copied.

        on_end: Called once when it has ended, with an exchange that holds all that was copied.

        on_error: Called with an error of this class itself, which must not reach the client.

        budget: How much of the response is kept.
    """

    def __init__(
        self,
        *,
        api: str,
        request: Any,
        on_end: Callable[[Exchange], object],
        on_error: Callable[[Exception], object],
        budget: Budget,
    ) -> None:
        self._api = api
        self._request = request
        # In a list, because taking it out is one step, also for two threads that end this at once.
        self._on_end = [on_end]
        self._on_error = on_error
        self._budget = budget
        self._kept = Kept(budget)
        # The wall clock may be set; durations come from the other one.
        self._started_ns, self._clock_ns = time.time_ns(), time.perf_counter_ns()
        self._headers_ns = self._ended_ns = 0
        self._facts: dict[str, Any] = {}
        self._is_stream = self._is_read = False
        self._decode = decoding("")
        self._coding_problem: str | None = None

    def __repr__(self) -> str:
        return f"Exchange(api={self._api!r})"

    @property
    def size(self) -> int:
        """About how many bytes of memory it holds."""
        request = len(self._request) if isinstance(self._request, (bytes, str)) else 0
        return request + self._kept.size

    @_quiet
    def sent(self, headers: Mapping[str, Any]) -> None:
        """Adds what the headers of the request say."""
        self._add_facts(headers, _REQUEST_FACTS)

    def begun(self, earlier: Exchange) -> None:
        """Sets the start to that of an exchange which began with the same attempt."""
        self._started_ns, self._clock_ns = earlier._started_ns, earlier._clock_ns

    @_quiet
    def answered(self, status: int, headers: Mapping[str, Any], *, is_decoded: bool = False) -> None:
        """
        Adds the head of the response.

        Args:
            is_decoded: Whether the client undoes the coding of the content before ``piece`` gets it.
        """
        self._headers_ns = self._now_ns()
        self._facts["http_status"] = status
        self._add_facts(headers, _RESPONSE_FACTS)
        self._is_stream = str(headers.get("content-type", "")).lower().startswith(_EVENT_STREAM)
        codings = "" if is_decoded else str(headers.get("content-encoding", ""))
        self._decode = decoding(codings)
        if self._decode is None:
            self._coding_problem = "the coding of the content is unknown here"

    @_quiet
    def piece(self, data: bytes) -> None:
        """Adds a piece of the response's body."""
        if not self._on_end or self._decode is None:
            return
        try:
            decoded = self._decode(data)
        except Exception:  # each library has errors of its own
            self._decode, self._coding_problem = None, "the content could not be decoded"
            return
        if decoded:
            self._kept.add(bytes(decoded), self._now_ns())

    def end(self) -> None:
        """The body has arrived to its end."""
        if self._on_end:
            self._is_read = True
        self._finish({})

    def fail(self, error: BaseException) -> None:
        """
        The attempt ended with this exception.

        Of it only the name of its class is kept: its text may hold content.
        """
        if isinstance(error, Exception):
            self._finish({"interrupted_by": type(error).__name__})
        else:
            self.leave()

    def leave(self) -> None:
        """The client closed the response, or forgot it, before its end had been read."""
        self._finish({"client_disconnected": True})

    def forget(self) -> None:
        """Ends it without a record."""
        self._on_end.clear()
        self._kept.give_back()

    def give_back(self) -> None:
        """Ends the claim on the budget of all running copies."""
        self._kept.give_back()

    def record(self) -> tuple[dict[str, Any], list[Finding]]:
        """The record of this attempt, and notes on what of it was not kept. Not for the client's thread."""
        notes: list[Finding] = []
        facts = {**self._facts, **self._times_ms()}
        request = self._request
        if request is None:
            Document("record.request", {}, notes).remark(
                "its body is no text in memory, so it was not copied"
            )
            request = {"stream": self._is_stream}
        record = {
            "api": self._api,
            "request": request,
            **self._response(Document("record.response", {}, notes)),
            "observed": facts,
            "started_at": self._started_ns,
            "ended_at": self._started_ns + self._ended_ns,
        }
        return record, notes

    @_quiet
    def _finish(self, facts: dict[str, Any]) -> None:
        try:
            on_end = self._on_end.pop()
        except IndexError:
            return
        self._ended_ns = self._now_ns()
        self._facts.update(facts)
        ended = copy(self)
        # The program may keep the response, and with it this object, for as long as it likes.
        self._kept, self._request = Kept(self._budget), None
        on_end(ended)

    def _now_ns(self) -> int:
        return time.perf_counter_ns() - self._clock_ns

    def _add_facts(self, headers: Mapping[str, Any], names: tuple[tuple[str, str], ...]) -> None:
        for name, fact in names:
            value = headers.get(name)
            if value is not None:
                self._facts[fact] = str(value)

    def _times_ms(self) -> dict[str, float]:
        times: dict[str, float] = {}
        if self._headers_ns:
            times["provider_headers_ms"] = self._headers_ns / _PER_MS
        if not self._is_stream:
            return times
        kept = self._kept
        index = first_content(kept.beginning)
        if index is not None:
            times["first_token_ms"] = kept.times_ns[index] / _PER_MS
        if kept.beginning and (self._is_read or _ends_with_last_event(kept.beginning[-1])):
            times["provider_body_end_ms"] = kept.times_ns[-1] / _PER_MS
        return times

    def _response(self, response: Document) -> dict[str, Any]:
        """The body, under the name that it has in a record."""
        name = "response_stream" if self._is_stream else "response"
        kept = self._kept
        if self._coding_problem is not None:
            response.remark(self._coding_problem)
        if not kept.left_out:
            pieces = (*kept.beginning, kept.end)
            if self._is_stream:
                return {name: pieces}
            # An empty body is no answer; one that the client has not read is not known.
            return {name: b"".join(pieces) or (b"" if self._is_read else None)}
        response.remark("the response is larger than the copy of it, which lacks its middle")
        beginning = b"".join(kept.beginning)
        cut = cut_stream(beginning, kept.end) if self._is_stream else cut_body(beginning, kept.end)
        return {name: cut}


def _ends_with_last_event(piece: bytes) -> bool:
    """SDKs close a stream there, before its end has been read."""
    return piece.rstrip().rpartition(b"\n\n")[2].startswith(_LAST_EVENTS)
