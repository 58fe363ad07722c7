# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The configuration file while it is changed: by one process at a time, in one step."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from ..core.errors import ConfigError
from ..delivery.gate import Gate
from .document import parsed

__all__ = ["locked", "save_document"]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """
    Keeps other processes from changing the file while this one reads, changes and saves it.

    On Windows there is no such lock.

    Raises:
        ConfigError: The file beside it that stands for the lock cannot be opened, or is in use for too long.
    """
    with closing(_gate(path)) as gate:
        try:
            gate.enter()
        except OSError as error:
            raise _not_written(path, error) from None
        yield


def _gate(path: Path) -> Gate:
    beside = path.with_name(f".{path.name}.lock")
    try:
        _make_folder(path.parent)
        beside.touch(mode=0o600)
        return Gate(beside)
    except OSError as error:
        raise _not_written(path, error) from None


def save_document(path: Path, document: dict[str, Any]) -> None:
    """
    Replaces the file in one step; only its owner can read it (mode 0600, a new folder 0700).

    Raises:
        ConfigError: The document describes a destination that cannot be used, or the file cannot be written.
    """
    parsed(document)
    # A link stays, and the file that it names is replaced; otherwise that would keep its old keys.
    path = Path(os.path.realpath(path))
    try:
        _make_folder(path.parent)
        # Written beside it and renamed, so that a reader never finds half a file.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            os.chmod(temporary, 0o600)  # mkstemp asks for this mode, but a strict umask may take from it
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(document, file, indent=2)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())  # a crash after the rename would otherwise leave an empty file
            os.replace(temporary, path)
        except BaseException:  # also for Ctrl-C: no temporary file with a key stays behind
            with suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError as error:
        raise _not_written(path, error) from None


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)


def _not_written(path: Path, error: OSError) -> ConfigError:
    return ConfigError({str(path): f"cannot be written: {error.strerror or type(error).__name__}"})
