# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The file by which programs of a user find the user's viewer: its address and its token.

Only its owner can read it. The viewer keeps it locked as long as it runs: who finds it without a lock
found what a killed viewer left behind, and another user may listen on its port by now.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import attrs

__all__ = ["Rendezvous", "published", "rendezvous_at"]

_URL: Final = re.compile(r"http://127\.0\.0\.1:[0-9]{1,5}", re.ASCII)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,100}", re.ASCII)
_MAX_BYTES: Final = 4096


@attrs.frozen
class Rendezvous:
    """
    Where a viewer is.

    Attributes:
        url: ``http://127.0.0.1:`` and its port.

        token: What each request has to bring.
    """

    url: str
    token: str = attrs.field(repr=False)


def rendezvous_at(path: Path) -> Rendezvous | None:
    """Where the running viewer is that published itself in this file; ``None`` if there is none."""
    try:
        with open(path, "rb") as file:
            if not _is_private(os.fstat(file.fileno())) or not _is_locked(file.fileno()):
                return None
            text = file.read(_MAX_BYTES)
        document = json.loads(text)
    except (OSError, ValueError, RecursionError):
        return None
    return _read(document)


@contextmanager
def published(path: Path, rendezvous: Rendezvous) -> Iterator[None]:
    """
    Publishes a viewer as long as the block runs; the folder is made if it is not there.

    Raises:
        OSError: The file cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with suppress(FileNotFoundError):
        new.unlink()
    with open(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(json.dumps(attrs.asdict(rendezvous)).encode())
        file.flush()
        # Locked before anybody can find it.
        lock = _fcntl()
        if lock is not None:
            lock.flock(file.fileno(), lock.LOCK_EX)
        os.replace(new, path)
        try:
            yield
        finally:
            with suppress(OSError):
                # Not that of a viewer that started later.
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    path.unlink()


def _read(document: Any) -> Rendezvous | None:
    if not isinstance(document, dict):
        return None
    url, token = document.get("url"), document.get("token")
    if isinstance(url, str) and _URL.fullmatch(url) and isinstance(token, str) and _TOKEN.fullmatch(token):
        return Rendezvous(url, token)
    return None


def _is_private(status: os.stat_result) -> bool:
    """Whether it is a file that this user alone can read and write; Windows does not say."""
    if not stat.S_ISREG(status.st_mode):
        return False
    return os.name != "posix" or (status.st_uid == os.geteuid() and not status.st_mode & 0o077)


def _is_locked(handle: int) -> bool:
    lock = _fcntl()
    if lock is None:
        return True
    try:
        lock.flock(handle, lock.LOCK_SH | lock.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _fcntl() -> ModuleType | None:
    try:
        return import_module("fcntl")
    except ImportError:
        return None  # Windows
