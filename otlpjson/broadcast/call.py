# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A running LLM request: what was sent, what has come back so far, and the record of both."""

from __future__ import annotations

import time
from typing import Any, Final

import attrs

from ..openrouter.first_content import first_content

__all__ = ["Call", "with_error"]

_PER_MS: Final = 1_000_000


@attrs.define
class Call:
    """
    A running LLM request, as ``Broadcast.call`` gives it.

    Attributes:
        request: The body of the request, or the keyword arguments of an SDK.

        response:
            The body of the response; set it before the block ends. It may also be text, an
            SDK's object, or a response of requests or httpx that has been read.

        api: As in a record; only needed if the bodies could be of more than one API.

        observed:
            Facts that are in neither body, by OpenRouter's names. The time to the first token of
            a stream, ``first_token_ms``, is added by itself.
    """

    request: Any = attrs.field(repr=False)
    response: Any = attrs.field(default=None, repr=False)
    api: str | None = None
    observed: dict[str, Any] = attrs.field(factory=dict, repr=False)
    _chunks: list[Any] = attrs.field(factory=list, repr=False)
    # When each of these arrived, by a clock that nobody sets.
    _times_ns: list[int] = attrs.field(factory=list, repr=False)
    _clock_ns: int = attrs.field(factory=time.perf_counter_ns, repr=False)

    def chunk(self, data: Any) -> None:
        """
        Adds a piece of a streamed response.

        Args:
            data:
                Bytes or text, cut anywhere; a line without its end; or a chunk as an object,
                also that of an SDK.
        """
        # A buffer is copied, because the caller may fill it again. What is no piece at all is found when
        # the call is recorded, where an error cannot disturb the caller.
        self._times_ns.append(time.perf_counter_ns())
        self._chunks.append(bytes(data) if isinstance(data, (bytearray, memoryview)) else data)

    def record(self, start_ns: int, end_ns: int) -> dict[str, Any]:
        """The record of this call; times in nanoseconds since 1970."""
        stream = {"response_stream": tuple(self._chunks)} if self._chunks else {}
        return {
            "request": self.request,
            "response": self.response,
            **stream,
            "api": self.api,
            "observed": {**self._first_token(), **self.observed},
            "started_at": start_ns,
            "ended_at": end_ns,
        }

    def _first_token(self) -> dict[str, float]:
        index = first_content(self._chunks)
        if index is None:
            return {}
        return {"first_token_ms": (self._times_ns[index] - self._clock_ns) / _PER_MS}


def with_error(record: dict[str, Any], error: BaseException | None) -> dict[str, Any]:
    """
    The record with what an exception says about a response that is not whole.

    A caller that is cancelled, or that closes a generator, has left: then the exception's own
    text says nothing.
    """
    if error is None:
        return record
    if isinstance(error, Exception):
        facts: dict[str, Any] = {
            "interrupted_by": ": ".join(filter(None, (type(error).__name__, str(error))))
        }
    else:
        facts = {"client_disconnected": True}
    return {**record, "observed": {**facts, **record["observed"]}}
