# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Files that are never half written: one body per trace, replaced in one step, or lines that are added."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import BinaryIO, Final

from ...core.bodies import join
from ...core.entry import Entry
from ...core.entry_scanner import entries_of
from ...core.errors import InvalidDocument
from ..gate import Gate
from .replacing import replacing, sync_folder

__all__ = ["Writer"]

_LOCK: Final = ".otlpjson.lock"
_READ_BYTES: Final = 64 * 1024


class Writer:
    """
    Writes files below a folder; several processes may do so at the same time.

    Args:
        folder: Made with the first file, for its owner alone (0700).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, path: str, entries: Sequence[Entry]) -> None:
        """
        Adds entries to a file, and returns when they are on the disk.

        A file of lines gets one more line. Any other file is one body, which gets what it does not have
        yet, so that entries that are sent again change nothing.

        Raises:
            OSError: They cannot be written; the file is as it was.
        """
        file = self._folder / path
        _make(file.parent)
        lock = self._folder / _LOCK
        lock.touch(mode=0o600)
        with closing(Gate(lock)) as gate, gate.inside():
            if file.suffix == ".jsonl":
                _append(file, join(entries) + b"\n")
            else:
                known = _known(file)
                data = {entry.data for entry in known}
                new = [entry for entry in entries if entry.data not in data]
                if new:
                    self.replace(path, join([*known, *new]))

    def replace(self, path: str, body: bytes) -> None:
        """
        Writes a whole file in one step.

        Raises:
            OSError: It cannot be written; the file is as it was.
        """
        file = self._folder / path
        _make(file.parent)
        with replacing(file) as target:
            target.write(body)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None


def _known(file: Path) -> tuple[Entry, ...]:
    try:
        return entries_of(file.read_bytes())
    except FileNotFoundError:
        return ()
    except InvalidDocument:
        # Somebody else's file: it is kept under another name, and a new one begins.
        os.replace(file, file.with_name(f"{file.name}.unreadable"))
        return ()


def _append(file: Path, line: bytes) -> None:
    is_new = not file.exists()
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as target:
        end = _end_of_last_line(target)
        target.seek(end)
        # What a process that ended in the middle of a line has left.
        target.truncate()
        try:
            target.write(line)
            _sync(target)
        except OSError:
            with suppress(OSError):
                target.truncate(end)
            raise
    if is_new:
        sync_folder(file.parent)


def _end_of_last_line(target: BinaryIO) -> int:
    end = target.seek(0, os.SEEK_END)
    while end > 0:
        begin = max(end - _READ_BYTES, 0)
        target.seek(begin)
        at = target.read(end - begin).rfind(b"\n")
        if at >= 0:
            return begin + at + 1
        end = begin
    return 0


def _sync(target: BinaryIO) -> None:
    target.flush()
    os.fsync(target.fileno())
