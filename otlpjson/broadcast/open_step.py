# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A trace or step that has begun and not ended yet."""

from __future__ import annotations

import os
import time
from typing import Callable

from ..core.model import Status, StatusCode
from ..openrouter import Step
from .place import Place

__all__ = ["OpenStep"]


class OpenStep:
    """
    A running trace or step.

    Args:
        place: Its place, in which requests are recorded.

        on_end: Called with the step when it has ended.
    """

    def __init__(self, place: Place, on_end: Callable[[Step], object]) -> None:
        self.place = place
        self._on_end = on_end
        self._start_ns = time.time_ns()
        self._process = os.getpid()

    def end(self, error: BaseException | None) -> None:
        """
        Ends it, with the exception that its block was left with.

        A generator that is closed early has not failed.
        """
        # A forked child leaves the blocks of its parent too, whose spans are the parent's.
        if os.getpid() != self._process:
            return
        status = Status(code=StatusCode.OK)
        if error is not None and not isinstance(error, GeneratorExit):
            # Not its text, which may hold content: privacy mode covers requests only.
            status = Status(code=StatusCode.ERROR, message=type(error).__name__)
        # The wall clock may have been set back.
        end_ns = max(time.time_ns(), self._start_ns)
        self._on_end(self.place.step(self._start_ns, end_ns, status))
