# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The configuration file: where it is, and what it holds."""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ..core.errors import ConfigError
from ..delivery.user_folder import user_folder
from .document import parsed

__all__ = ["config_path", "read_document"]

_LOG: Final = logging.getLogger("otlpjson")
_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def config_path(environ: Mapping[str, str]) -> Path | None:
    """The file that ``OTLPJSON_CONFIG`` names, else ``destinations.json`` in the platform's folder."""
    named = environ.get("OTLPJSON_CONFIG")
    if named:
        return Path(named)
    folder = user_folder(environ)
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


def _cause(error: Exception) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else "not UTF-8"
