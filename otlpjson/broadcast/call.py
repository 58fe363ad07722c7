# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One LLM request under way: what is sent, what comes back, and the record of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

__all__ = ["Call", "with_error"]


@attrs.define
class Call:
    """
    One LLM request under way.

    Attributes:
        request: The body that is sent.

        response: The body that came back; set it before the block ends.

        api: ``chat``, ``messages`` or ``responses``, where the shape does not tell.

        observed: Facts that neither body carries, by OpenRouter's names.
    """

    request: Mapping[str, Any] = attrs.field(repr=False)
    response: Any = attrs.field(default=None, repr=False)
    api: str | None = None
    observed: dict[str, Any] = attrs.field(factory=dict, repr=False)
    _chunks: list[str | bytes] = attrs.field(factory=list, repr=False)

    def chunk(self, data: str | bytes | bytearray | memoryview) -> None:
        """A piece of a streamed answer, cut wherever it may be."""
        # A buffer may be filled again. What is no piece at all is found out when the call is recorded.
        self._chunks.append(bytes(data) if isinstance(data, (bytearray, memoryview)) else data)

    def record(self, start_ns: int, end_ns: int) -> dict[str, Any]:
        """The record of this call."""
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
    """The record of a call that ended with an exception, unless the caller said better what went wrong."""
    if error is None:
        return record
    message = ": ".join(filter(None, (type(error).__name__, str(error))))
    return {**record, "observed": {"error_message": message, **record["observed"]}}
