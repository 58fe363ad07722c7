# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The configuration file: where it is, and how it is read and replaced."""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from ..core.errors import ConfigError
from .document import parsed
from .platform_folder import config_folder

__all__ = ["config_path", "locked", "read_document", "save_document"]

_LOG: Final = logging.getLogger("otlpjson")
_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def config_path(environ: Mapping[str, str]) -> Path | None:
    """The file that ``OTLPJSON_CONFIG`` names, else ``destinations.json`` in the platform's folder."""
    named = environ.get("OTLPJSON_CONFIG")
    if named:
        return Path(named)
    home = os.path.expanduser("~")  # stays as it is if there is no home folder; Path.home() raises
    folder = config_folder(environ, sys.platform, Path(home) if os.path.isabs(home) else None)
    return folder and folder / "destinations.json"


def read_document(path: Path) -> dict[str, Any] | None:
    """
    The saved document, or ``None`` if there is no file.

    Raises:
        ConfigError: The file cannot be read, is not JSON, or describes a destination that cannot be used.
    """
    try:
        status = path.stat()
        # Reading a pipe would wait for somebody to write.
        if not stat.S_ISREG(status.st_mode):
            raise ConfigError({str(path): "not a regular file"})
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError({str(path): f"cannot be read: {_cause(error)}"}) from None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ConfigError({str(path): f"not JSON{place}"}) from None
    try:
        parsed(document)
    except ConfigError as error:
        raise ConfigError({f"{path}: {key}": reason for key, reason in error.problems.items()}) from None
    if os.name == "posix" and status.st_mode & _OTHERS_MAY_WRITE:
        _LOG.warning("%s can be changed by other users; run `chmod 600` on it", path)
    whole: dict[str, Any] = document
    return whole


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """
    Keeps other processes from changing the file while this one reads, changes and saves it.

    On Windows there is no such lock.

    Raises:
        ConfigError: The file beside it that stands for the lock cannot be opened.
    """
    try:
        fcntl = import_module("fcntl")
    except ImportError:
        yield
        return
    beside = path.with_name(f".{path.name}.lock")
    try:
        _make_folder(path.parent)
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ConfigError({str(path): f"cannot be written: {_cause(error)}"}) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


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
        raise ConfigError({str(path): f"cannot be written: {_cause(error)}"}) from None


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)


def _cause(error: Exception) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else "not UTF-8"
