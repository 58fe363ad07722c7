# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A file that is replaced in one step: readers see the old one or the new one, never half of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

__all__ = ["UNFINISHED", "replacing", "sync_folder"]

UNFINISHED: Final = ".tmp"
"""What the name of a file ends in while it is written; it begins with a dot and the final name."""


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """
    A file to write, which takes the place of ``path`` when the block ends, and is on the disk then.

    Only its owner can read it (mode 0600). If the block fails, ``path`` is as it was.

    Raises:
        OSError: It cannot be written.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=UNFINISHED)
    try:
        os.chmod(temporary, 0o600)  # mkstemp asks for this mode, but a strict umask may take from it
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # a crash after the rename would otherwise leave an empty file
        os.replace(temporary, path)
    except BaseException:  # also for Ctrl-C: nothing half written stays behind
        with suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """The name of a new file is on the disk too; Windows cannot do that, and does not need it."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
