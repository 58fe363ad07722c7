# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The file with the saved destinations: for its owner alone, and old or new but never in between."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..core.errors import ConfigError
from .config import VERSION, parsed

__all__ = ["changed", "read_document", "save_document"]


def read_document(path: Path) -> dict[str, Any] | None:
    """
    The saved document, or ``None`` where there is no file.

    Raises:
        ConfigError: The file cannot be read, is no JSON, or holds what no destination can be made of.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError({str(path): f"expected a readable file, got {_cause(error)}"}) from None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise ConfigError({str(path): f"expected JSON, got something else{place}"}) from None
    try:
        parsed(document)
    except ConfigError as error:
        raise ConfigError({f"{path}: {key}": reason for key, reason in error.problems.items()}) from None
    whole: dict[str, Any] = document
    return whole


def changed(document: dict[str, Any] | None, name: str, entry: dict[str, Any] | None) -> dict[str, Any]:
    """A document with one destination set or, with ``None``, taken out."""
    destinations = dict((document or {}).get("destinations", {}))
    destinations.pop(name, None) if entry is None else destinations.update({name: entry})
    return {"version": VERSION, "destinations": destinations}


def save_document(path: Path, document: dict[str, Any]) -> None:
    """
    Replaces the file in one step; mode 0600, in a folder of mode 0700 where that is new.

    Raises:
        ConfigError: The document holds what no destination can be made of, or cannot be written.
    """
    parsed(document)
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.parent.chmod(0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            os.chmod(temporary, 0o600)  # which mkstemp made it, less what the umask takes from its owner
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(document, file, indent=2)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError as error:
        raise ConfigError({str(path): f"expected a file that can be written, got {_cause(error)}"}) from None


def _cause(error: Exception) -> str:
    return (
        (error.strerror or type(error).__name__) if isinstance(error, OSError) else "text that is not UTF-8"
    )
