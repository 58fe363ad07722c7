# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What ``make traceql`` installs is pinned to the byte, and from wherever npm is told to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent
PACKAGE: Final = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
LOCK_TEXT: Final = (FOLDER / "package-lock.json").read_text(encoding="utf-8")
LOCK: Final = json.loads(LOCK_TEXT)


def test_every_package_has_its_checksum() -> None:
    """Each entry but that of the folder itself."""
    locked = {name.partition("node_modules/")[2]: entry for name, entry in LOCK["packages"].items() if name}

    assert {name for name, entry in locked.items() if not entry["integrity"].startswith("sha512-")} == set()
    assert locked.keys() > PACKAGE["dependencies"].keys()
    assert {name: locked[name]["version"] for name in PACKAGE["dependencies"]} == PACKAGE["dependencies"]


def test_no_registry_is_named() -> None:
    """``omit-lockfile-registry-resolved`` stands in ``.npmrc``; without it npm writes addresses."""
    assert "resolved" not in LOCK_TEXT
    assert "://" not in LOCK_TEXT
