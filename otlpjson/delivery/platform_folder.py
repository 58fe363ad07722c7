# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Where each platform keeps the configuration files of a user; the same folders as ``platformdirs``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

__all__ = ["config_folder"]

_NAME: Final = "otlpjson"


def config_folder(environ: Mapping[str, str], platform: str, home: Path | None) -> Path | None:
    """
    The folder for this program's configuration; it may not exist yet.

    Args:
        environ: Usually ``os.environ``.

        platform: As ``sys.platform``.

        home: The user's home folder, or ``None`` if it is unknown, as in some containers.

    Returns:
        The folder, or ``None`` if neither a variable nor the home folder tells where it is.
    """
    if platform == "win32":
        local = environ.get("LOCALAPPDATA")
        base = Path(local) if local else home and home / "AppData" / "Local"
        # Windows groups programs by their author; where none is named, platformdirs repeats the name.
        return base and base / _NAME / _NAME
    # The XDG specification says to ignore relative paths.
    xdg = environ.get("XDG_CONFIG_HOME", "")
    if xdg.startswith("/"):
        return Path(xdg) / _NAME
    return home and home / ("Library/Application Support" if platform == "darwin" else ".config") / _NAME
