# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How far a command is: a bar at a terminal, and a line every ten seconds anywhere else."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Callable, Final, Protocol

import attrs
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from .verbosity import note

__all__ = ["Advance", "duration_text", "size_text", "watched", "with_progress"]

Advance = Callable[[int], None]
"""Says that so many more bytes are done."""

_EVERY_S: Final = 10.0
_UNITS: Final = (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000))


@contextmanager
def with_progress(what: str, total: int) -> Iterator[Advance]:
    """
    Shows how far something is while the block runs.

    Args:
        what: What is done, such as ``Sending``.

        total: The bytes to do; 0 if that is not known, as for a pipe.
    """
    console = Console(stderr=True)
    # Environment variables can make rich believe that a file is a terminal.
    if not (console.is_terminal and sys.stderr.isatty()):
        yield _Lines(what=what, total=total).advance
        return
    columns = (
        TextColumn(what),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total or None)
        yield lambda count: bar.advance(task, count)


@attrs.define(kw_only=True)
class _Lines:
    """The lines of one command."""

    what: str
    total: int
    _begun_s: float = attrs.field(factory=lambda: time.monotonic())
    _said_s: float = attrs.field(factory=lambda: time.monotonic())
    _done: int = 0

    def advance(self, count: int) -> None:
        self._done += count
        now_s = time.monotonic()
        if now_s - self._said_s < _EVERY_S:
            return
        self._said_s = now_s
        rate = self._done / (now_s - self._begun_s)
        of = f" of {size_text(self.total)}" if self.total else ""
        left = max(self.total - self._done, 0) / rate if rate else 0
        rest = f", {duration_text(left)} left" if self.total and rate else ""
        note(f"{self.what}: {size_text(self._done)}{of}, {size_text(int(rate))}/s{rest}")


def size_text(count: int) -> str:
    """A number of bytes for people: ``9.7 MB``."""
    for name, unit in _UNITS:
        if count >= unit:
            return f"{count / unit:,.1f} {name}"
    return f"{count} bytes"


def duration_text(seconds: float) -> str:
    """A time for people, in its two largest units: ``2 h 5 min``, ``12 s``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"), (rest, "s"))
    first = next((index for index, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count) or "0 s"


def watched(file: BinaryIO, advance: Advance) -> BinaryIO:
    """A file whose bytes are counted when they are read; it cannot be read twice."""
    return io.BufferedReader(_Counting(file, advance))


class _Readable(Protocol):
    """What is needed of a file; it gives what a pipe has, and does not wait for more."""

    def readinto1(self, buffer: Any, /) -> int: ...


class _Counting(io.RawIOBase):
    def __init__(self, file: Any, advance: Advance) -> None:
        self._file: _Readable = file
        self._advance = advance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        count = self._file.readinto1(buffer)
        self._advance(count)
        return count
