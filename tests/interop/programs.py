# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The two foreign programs that the tests start: their versions, and where a built one is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs

__all__ = ["COLLECTOR", "GO_NEEDED", "JAEGER", "PROGRAMS", "Program", "cache_folder", "go_version"]

GO_NEEDED: Final = (1, 25)
"""What the ``go`` line of the modules asks for."""

_GO_VERSION: Final = re.compile(r"go version (?:devel )?go(\d+)\.(\d+)")


@attrs.frozen(kw_only=True)
class Program:
    """
    A program that is built from source.

    Attributes:
        name: What its file is called.

        version: Which one; part of the file's name, so that a new version is built anew.
    """

    name: str
    version: str

    def path(self, cache: Path, platform: str) -> Path:
        """Where it is kept; ``platform`` is Go's name of system and processor, such as ``linux-amd64``."""
        suffix = ".exe" if platform.startswith("windows") else ""
        return cache / f"{self.name}-{self.version}-{platform}{suffix}"


COLLECTOR: Final = Program(name="collector", version="0.158.0")
JAEGER: Final = Program(name="jaeger", version="1.76.0")
PROGRAMS: Final = (COLLECTOR, JAEGER)


def cache_folder(environ: Mapping[str, str], home: Path) -> Path:
    """Outside of the tree, in the user's cache; a relative ``XDG_CACHE_HOME`` does not count."""
    named = Path(environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else home / ".cache") / "otlpjson-servers"


def go_version(text: str) -> tuple[int, int] | None:
    """The version out of what ``go version`` prints; ``None`` where it is something else."""
    found = _GO_VERSION.match(text)
    return (int(found[1]), int(found[2])) if found else None
