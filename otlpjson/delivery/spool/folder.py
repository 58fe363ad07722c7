# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The folder of a spool: its files, whose they are, and who may read them."""

from __future__ import annotations

import os
import shutil
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import Callable, Final

import attrs

from ...core.errors import ConfigError

__all__ = ["SpoolFolder"]

_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_POSIX: Final = os.name == "posix"
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)


@attrs.frozen
class SpoolFolder:
    """
    Where a spool is kept. Its files can be read by their owner alone.

    Attributes:
        path: The folder; made with mode 0700 if it does not exist.
    """

    path: Path

    @property
    def database(self) -> Path:
        """The file of the database; sqlite keeps two more beside it."""
        return self.path / "spool.db"

    @property
    def gate(self) -> Path:
        """An empty file: whoever replaces the database locks it."""
        return self.path / "lock"

    @property
    def unfinished(self) -> Path:
        """A database that is being rebuilt."""
        return self.path / "unfinished.db"

    @property
    def rebuilt(self) -> Path:
        """A database that takes the place of a damaged one."""
        return self.path / "rebuilt.db"

    @property
    def reserve(self) -> Path:
        """A file of zeros that is given up when the disk is full."""
        return self.path / "reserve"

    def prepare(self) -> None:
        """
        Makes what does not exist, and checks what does.

        Raises:
            ConfigError: The folder or the file is somebody else's, a link, or something else.
            OSError: The system refuses.
        """
        if not self.path.is_symlink() and not self.path.exists():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)  # the umask may have taken from it
            _sync(self.path.parent)
        self._check(self.path, "a folder", stat.S_ISDIR)
        self.make(self.gate)
        self._check(self.gate, "a regular file", stat.S_ISREG)

    def prepare_database(self) -> None:
        """As ``prepare``, for the file of the database."""
        if self.make(self.database):
            self.sync()
        self._check(self.database, "a regular file", stat.S_ISREG)

    def copy_aside(self) -> Path:
        """Copies the database, with what sqlite keeps beside it; returns the copy's name."""
        aside = self.path / f"damaged-{time.time_ns()}.db"
        for suffix in ("", "-wal"):
            with suppress(FileNotFoundError), open(f"{self.database}{suffix}", "rb") as source:
                self.make(Path(f"{aside}{suffix}"))
                with open(f"{aside}{suffix}", "wb") as copy:
                    shutil.copyfileobj(source, copy)
        return aside

    def sync(self) -> None:
        """Writes the folder's list of names to the disk."""
        _sync(self.path)

    def keep_reserve(self, size: int) -> None:
        """Keeps so much room on the disk, and at most an eighth of what is free."""
        if self.reserve.exists():
            return
        with suppress(OSError):
            if hasattr(os, "statvfs"):
                system = os.statvfs(self.path)
                size = min(size, system.f_bavail * system.f_frsize // 8)
            if self.make(self.reserve):
                self.reserve.write_bytes(bytes(size))

    def give_up_reserve(self) -> bool:
        """Frees that room; returns whether there was any."""
        try:
            os.unlink(self.reserve)
        except OSError:
            return False
        return True

    def make(self, path: Path) -> bool:
        """Makes an empty file that its owner alone can read; returns whether it did not exist."""
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600)
        except FileExistsError:
            return False
        try:
            if _POSIX:
                os.fchmod(handle, 0o600)
        finally:
            os.close(handle)
        return True

    def _check(self, path: Path, kind: str, is_kind: Callable[[int], bool]) -> None:
        status = os.lstat(path)
        problem = ""
        if stat.S_ISLNK(status.st_mode):
            problem = f"a symbolic link; expected {kind}"
        elif not is_kind(status.st_mode):
            problem = f"not {kind}"
        elif _POSIX and status.st_uid != os.geteuid():
            problem = "belongs to another user"
        elif _POSIX and status.st_mode & _OTHERS_MAY_WRITE:
            problem = "can be changed by other users; run `chmod go-w` on it"
        if problem:
            raise ConfigError({str(path): problem})


def _sync(folder: Path) -> None:
    """Writes the folder's list of names to the disk; some systems have no such thing."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
