# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The browser that the page is tried in: Chromium as the machine has it, or as Debian's package brings it."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Final

__all__ = ["FLAGS", "install", "path_of_chromium", "why_not"]

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
# It runs as root in CI, without a display, and asks nobody on the network.
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def path_of_chromium() -> str | None:
    """Where it is; ``None`` if it is not installed."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def why_not() -> str:
    """Why there is none and none can be installed, or nothing."""
    if path_of_chromium() is not None or (_can_install() and _is_offered()):
        return ""
    return "there is no Chromium, and no package of it can be installed here"


def install() -> bool:
    """Installs Debian's package unless there is a Chromium; returns whether there is one now."""
    if path_of_chromium() is not None:
        return True
    if not _can_install():
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ("apt-get", "update", "-qq"),
        ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"),
    ):
        subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return path_of_chromium() is not None


def _can_install() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def _is_offered() -> bool:
    """Whether the machine's package lists have it, after a look for new ones."""
    subprocess.run(("apt-get", "update", "-qq"), capture_output=True, check=False)
    found = subprocess.run(("apt-cache", "policy", "chromium"), capture_output=True, text=True, check=False)
    return "Candidate:" in found.stdout and "(none)" not in found.stdout
