# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The folder of this user for this program, and the file in it by which a viewer is found."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from .platform_folder import config_folder

__all__ = ["user_folder", "viewer_file"]


def user_folder(environ: Mapping[str, str]) -> Path | None:
    """The platform's folder for this program's configuration; ``None`` if nothing says where it is."""
    home = os.path.expanduser("~")  # stays as it is if there is no home folder; Path.home() raises
    return config_folder(environ, sys.platform, Path(home) if os.path.isabs(home) else None)


def viewer_file(environ: Mapping[str, str]) -> Path | None:
    """Where the viewer of this user publishes its address; ``None`` as for ``user_folder``."""
    folder = user_folder(environ)
    return folder and folder / "viewer.json"
