# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The configuration file while it is changed: by one process at a time, in one step."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ..core.errors import ConfigError
from ..delivery.files.replacing import replacing
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
        with replacing(path) as file:
            file.write(json.dumps(document, indent=2).encode("utf-8") + b"\n")
    except OSError as error:
        raise _not_written(path, error) from None


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)


def _not_written(path: Path, error: OSError) -> ConfigError:
    return ConfigError({str(path): f"cannot be written: {error.strerror or type(error).__name__}"})
