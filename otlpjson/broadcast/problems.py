# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What could not be recorded, or not as it was: counted, kept as errors, and logged once per kind."""

from __future__ import annotations

import logging
import re
import traceback
from collections import Counter, deque
from collections.abc import Iterable
from typing import Final

from ..core.errors import InvalidDocument
from ..core.findings import Finding
from ..delivery.forks import watch
from ..delivery.guard import Guard

__all__ = ["Problems"]

_LOG: Final = logging.getLogger("otlpjson")
_MAX_ERRORS: Final = 100
# A kind is a place without its numbers; the caller's own keys could make any number of them.
_MAX_KINDS: Final = 1_000
_NUMBER: Final = re.compile(r"\d+")


class Problems:
    """The problems of one ``Broadcast``; may be used from any thread."""

    def __init__(self) -> None:
        self.after_fork()
        watch(self)

    def after_fork(self) -> None:
        """In a child process: no problem yet, and a lock that nobody holds."""
        # Re-entrant, because a signal handler may interrupt a method in its own thread.
        self._guard = Guard()
        self._refused: Counter[str] = Counter()
        self._left_out = self._masked = 0
        self._kinds: set[str] = set()
        self._errors: deque[Exception] = deque(maxlen=_MAX_ERRORS)

    @property
    def refused(self) -> dict[str, int]:
        """The number of records and steps that could not be sent, by reason."""
        with self._guard:
            return dict(self._refused)

    @property
    def left_out(self) -> int:
        """The number of values of records that were left out or changed."""
        with self._guard:
            return self._left_out

    @property
    def masked(self) -> int:
        """The number of texts that a mask changed."""
        with self._guard:
            return self._masked

    @property
    def errors(self) -> tuple[Exception, ...]:
        """The latest 100 problems of both kinds."""
        with self._guard:
            return tuple(self._errors)

    def refuse(self, error: BaseException) -> None:
        """Counts and keeps the error of a record or step that could not be sent."""
        reason = "refused" if isinstance(error, InvalidDocument) else "internal_error"
        # The line numbers stay; the variables, which hold content, go. The outermost frame is still running.
        traceback.clear_frames(error.__traceback__)
        error.__traceback__ = error.__traceback__.tb_next if error.__traceback__ else None
        with self._guard:
            self._refused[reason] += 1
            # A predicate may raise SystemExit, which is no error that a program would look for.
            self._errors.append(error if isinstance(error, Exception) else RuntimeError(type(error).__name__))

    def mask(self, count: int) -> None:
        """Counts texts that a mask changed."""
        if count:
            with self._guard:
                self._masked += count

    def leave_behind(self, reason: str) -> None:
        """Counts a record or step that the queue did not accept."""
        with self._guard:
            self._refused[reason] += 1

    def leave_out(self, notes: Iterable[Finding]) -> None:
        """Counts and keeps the notes on a record that was sent; the first of each kind is logged."""
        for note in notes:
            kind = _NUMBER.sub("", f"{note.path}: {note.message}")
            with self._guard:
                self._left_out += 1
                self._errors.append(InvalidDocument.because(note.path, note.problem.reason))
                is_new = kind not in self._kinds and len(self._kinds) < _MAX_KINDS
                if is_new:
                    self._kinds.add(kind)
            if is_new:
                _LOG.warning("left out of a record: %s: %s (logged once)", note.path, note.message)
