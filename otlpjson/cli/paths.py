# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The files that a command is given: names, and patterns where the shell did not expand them."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path

from ..core.errors import ConfigError

__all__ = ["paths_of"]


def paths_of(names: Sequence[str]) -> tuple[Path, ...]:
    """
    The files with these names; a pattern such as ``logs/*.jsonl`` gives those that it matches, sorted.

    A file that is named twice is given once.

    Raises:
        ConfigError: There is no such file, or a pattern matches none.
    """
    problems = {}
    found: dict[str, Path] = {}
    for name in names:
        matches = [name] if _is_file(name) else sorted(filter(_is_file, glob.glob(name, recursive=True)))
        if not matches:
            is_folder = Path(name).is_dir()
            problems[name] = f"a folder; name its files, such as {name}/*" if is_folder else "no such file"
        for match in matches:
            found.setdefault(str(Path(match).resolve()), Path(match))
    if problems:
        raise ConfigError(problems)
    return tuple(found.values())


def _is_file(name: str) -> bool:
    # A pipe is one, too.
    return os.path.exists(name) and not os.path.isdir(name)
