# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Handlers of AWS Lambda, whose process is frozen as soon as they return."""

from __future__ import annotations

import functools
from typing import Any, Callable, Final, TypeVar

__all__ = ["flushing"]

_Handler = TypeVar("_Handler", bound=Callable[..., Any])

# What Lambda needs to send the answer of the function.
_RESERVE_S: Final = 0.5
_LONGEST_S: Final = 10.0


def flushing(handler: _Handler, flush: Callable[[float], object]) -> _Handler:
    """
    A handler that sends what is queued before it returns, within the time that is left to it.

    Args:
        handler: Called with the event and the context.

        flush: Called with a number of seconds.
    """

    @functools.wraps(handler)
    def handle(event: Any, context: Any) -> Any:
        try:
            return handler(event, context)
        finally:
            flush(_seconds_left(context))

    return handle  # type: ignore[return-value]


def _seconds_left(context: Any) -> float:
    left = getattr(context, "get_remaining_time_in_millis", None)
    # Tests call handlers without a context.
    left_s = left() / 1000 - _RESERVE_S if callable(left) else _LONGEST_S
    return min(max(left_s, 0.0), _LONGEST_S)
