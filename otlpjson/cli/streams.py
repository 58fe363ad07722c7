# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The input of a command as a stream: its size if it is a file, read twice, and with a progress bar."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from rich.console import Console
from rich.progress import wrap_file

__all__ = ["file_status", "is_same_file", "rewindable", "with_progress"]


@contextmanager
def rewindable(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file, or a copy if it cannot be read twice, as a pipe."""
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        yield copy


def is_same_file(one: BinaryIO, other: BinaryIO) -> bool:
    """Whether both are the same file."""
    a, b = file_status(one), file_status(other)
    return a is not None and b is not None and os.path.samestat(a, b)


def _size(file: BinaryIO) -> int:
    """The size of a regular file; 0 for any other stream."""
    found = file_status(file)
    return 0 if found is None else found.st_size


def file_status(file: BinaryIO) -> os.stat_result | None:
    """The status of a regular file; ``None`` for any other stream."""
    try:
        found = os.fstat(file.fileno())
    except OSError:
        return None  # a stream in memory has no descriptor
    return found if stat.S_ISREG(found.st_mode) else None


@contextmanager
def with_progress(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file's lines; at a terminal, with a progress bar if the size is known."""
    console = Console(stderr=True)
    # Environment variables can make rich believe that a file is a terminal.
    terminal = console.is_terminal and sys.stderr.isatty()
    size = _size(file) if terminal else 0
    if size == 0:
        yield file
    else:
        with wrap_file(file, size, description="Sending", console=console, transient=True) as lines:
            yield lines
