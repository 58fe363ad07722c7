# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A running LLM request: what was sent, what has come back so far, and the record of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

__all__ = ["Call", "with_error"]


@attrs.define
class Call:
    """
    A running LLM request, as ``Broadcast.call`` gives it.

    Attributes:
        request: The body of the request.

        response: The body of the response; set it before the block ends.

        api: ``chat``, ``messages`` or ``responses``; only needed if the bodies could be of more than one.

        observed: Facts that are in neither body, by OpenRouter's names, such as ``first_token_ms``.
    """

    request: Mapping[str, Any] = attrs.field(repr=False)
    response: Any = attrs.field(default=None, repr=False)
    api: str | None = None
    observed: dict[str, Any] = attrs.field(factory=dict, repr=False)
    _chunks: list[str | bytes] = attrs.field(factory=list, repr=False)

    def chunk(self, data: str | bytes | bytearray | memoryview) -> None:
        """Adds a piece of a streamed response; pieces may be cut anywhere."""
        # A buffer is copied, because the caller may fill it again. Anything else that is not a piece
        # of text is found when the call is recorded, where an error cannot disturb the caller.
        self._chunks.append(bytes(data) if isinstance(data, (bytearray, memoryview)) else data)

    def record(self, start_ns: int, end_ns: int) -> dict[str, Any]:
        """The record of this call; times in nanoseconds since 1970."""
        pieces = (
            piece.encode("utf-8", "replace") if isinstance(piece, str) else piece for piece in self._chunks
        )
        stream = {"response_stream": b"".join(pieces)} if self._chunks else {}
        return {
            "request": self.request,
            "response": self.response,
            **stream,
            "api": self.api,
            "observed": self.observed,
            "started_at": start_ns,
            "ended_at": end_ns,
        }


def with_error(record: dict[str, Any], error: BaseException | None) -> dict[str, Any]:
    """The record with an exception's text as its error message, unless the caller gave one."""
    if error is None:
        return record
    message = ": ".join(filter(None, (type(error).__name__, str(error))))
    return {**record, "observed": {"error_message": message, **record["observed"]}}
