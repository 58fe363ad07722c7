# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A folder of files: read into a mapping, and replaced as a whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from .manifest import is_cache, is_source

if TYPE_CHECKING:
    from importlib.abc import Traversable

__all__ = ["is_empty", "read_folder", "read_sources", "replace_folder"]


def is_empty(folder: Path) -> bool:
    """Whether a folder holds no files, other than bytecode."""
    return next(_entries(folder), None) is None


def read_folder(folder: Path, wanted: Collection[str]) -> dict[str, bytes | None]:
    """
    Every file below a folder by its path with slashes, with the content of those in ``wanted``.

    The content of any other file, and of anything but a regular file, is ``None``.
    """
    # Links are not followed, and devices and pipes not opened: a copy has neither.
    return {
        name: folder.joinpath(name).read_bytes() if is_regular and name in wanted else None
        for name, is_regular in _entries(folder)
    }


def read_sources(package: Traversable, below: str = "") -> Iterator[tuple[str, bytes]]:
    """The source files of a package, by their paths with slashes; the package may be in a zip file."""
    for item in package.iterdir():
        if item.is_dir():
            if not is_cache(item.name):
                yield from read_sources(item, f"{below}{item.name}/")
        elif is_source(item.name):
            yield below + item.name, item.read_bytes()


def replace_folder(
    folder: Path, files: Mapping[str, bytes], rename: Callable[[Path, Path], None] = os.rename
) -> None:
    """
    Replaces a folder by one with exactly these files; the folder need not exist.

    Args:
        files: The content of each file, by its path with slashes.

        rename: Moves a folder.

    Raises:
        OSError:
            The old folder is unchanged; or, if it could not be moved back, it is in a hidden
            folder beside; or the new folder is complete, but the old one could not be deleted.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    # In the same parent, so that moving is a rename, and nobody ever sees an incomplete folder.
    workspace = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    new, old = workspace / "new", workspace / "old"
    try:
        _write(new, files)
        _swap(folder, (new, old), rename)
        shutil.rmtree(old, ignore_errors=not old.exists())
    finally:
        shutil.rmtree(new, ignore_errors=True)
        # It is not empty if it holds the only copy of the old folder.
        with suppress(OSError):
            workspace.rmdir()


def _entries(folder: Path, below: str = "") -> Iterator[tuple[str, bool]]:
    """The path of everything that is not a folder, and whether it is a regular file."""
    with os.scandir(folder / below) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield below + entry.name, entry.is_file(follow_symlinks=False)
            elif not is_cache(entry.name):
                yield from _entries(folder, f"{below}{entry.name}/")


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _swap(folder: Path, new_and_old: tuple[Path, Path], rename: Callable[[Path, Path], None]) -> None:
    new, old = new_and_old
    existed = folder.exists()
    if existed:
        rename(folder, old)
    try:
        rename(new, folder)
    except BaseException:
        # Also for Ctrl-C: between the two moves there is no folder at all.
        if existed:
            rename(old, folder)
        raise
