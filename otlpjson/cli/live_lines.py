# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Lines as they come, from a file that grows, a pipe, or a receiver; and traces out of them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from threading import Thread
from typing import BinaryIO, Final, Union

from ..core.traces import Trace
from .gathering import Gathering
from .input_file import InputFile

__all__ = ["Lines", "live_traces", "read_in_background"]

_LOOK_EVERY_S: Final = 0.2
_PIECE_BYTES: Final = 1024 * 1024

Lines = SimpleQueue[Union[bytes, OSError, None]]
"""Lines that have come; after the last one ``None``, or why there are no more."""


def live_traces(lines: Lines, counted: InputFile) -> Iterator[Trace]:
    """
    Each trace when its root has come, or after a while without it.

    Args:
        lines: Each a body.

        counted: What counts the bodies, and reports those that cannot be read.

    Raises:
        OSError: No more lines can be read.
    """
    gathering = Gathering()
    number = 0
    for line in _within(lines):
        now_s = time.monotonic()
        if line is not None:
            number += 1
            for traces in counted.traces([line], number):
                yield from gathering.add(traces, now_s)
        yield from gathering.due(now_s)
    yield from gathering.rest()


def read_in_background(file: BinaryIO, lines: Lines, *, grows: bool) -> None:
    """
    Puts the lines of a file, as they come, where they are waited for.

    Args:
        file: Nothing of it has been read.

        lines: Where they are put.

        grows: Whether there may be more after its end.
    """
    try:
        # A copy: the file may be closed while it is read. Not by its own buffer, whose lock Python cannot
        # take at exit while another thread waits inside.
        handle = os.dup(file.fileno())
    except OSError:  # a stream in memory has no descriptor, and everything is there
        for line in file:
            lines.put(line)
        lines.put(None)
        return
    Thread(target=_read, args=(handle, lines, grows), daemon=True).start()


def _read(handle: int, lines: Lines, grows: bool) -> None:
    begun = b""
    try:
        while (piece := os.read(handle, _PIECE_BYTES)) or grows:
            *whole, begun = (begun + piece).split(b"\n")
            for line in whole:
                lines.put(line)
            if not piece:
                time.sleep(_LOOK_EVERY_S)
        if begun:
            lines.put(begun)
        lines.put(None)
    except OSError as error:
        lines.put(error)
    finally:
        os.close(handle)


def _within(lines: Lines) -> Iterator[bytes | None]:
    """The lines, and ``None`` whenever there is none for a while."""
    while True:
        try:
            line = lines.get(timeout=_LOOK_EVERY_S)
        except Empty:
            yield None
            continue
        if line is None:
            return
        if isinstance(line, OSError):
            raise line
        yield line
