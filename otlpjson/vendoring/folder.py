# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A folder of files: listed, read as one mapping, and replaced as a whole."""

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


def is_empty(place: Path) -> bool:
    """Whether a folder holds no file; Python's caches and empty folders do not count."""
    return next(_entries(place), None) is None


def read_folder(place: Path, wanted: Collection[str]) -> dict[str, bytes | None]:
    """
    Every file below a folder by its path with slashes, and its content where that is wanted.

    Nothing but a regular file is opened, and no link is followed.
    """
    return {
        name: place.joinpath(name).read_bytes() if regular and name in wanted else None
        for name, regular in _entries(place)
    }


def read_sources(package: Traversable, below: str = "") -> Iterator[tuple[str, bytes]]:
    """The sources of a package by their paths with slashes; it may lie in a zip file."""
    for item in package.iterdir():
        if item.is_dir():
            if not is_cache(item.name):
                yield from read_sources(item, f"{below}{item.name}/")
        elif is_source(item.name):
            yield below + item.name, item.read_bytes()


def replace_folder(
    place: Path, files: Mapping[str, bytes], rename: Callable[[Path, Path], None] = os.rename
) -> None:
    """
    Puts a folder with exactly these files in the place of what is there.

    They are written to a folder beside it first. The old folder is moved there and the new one
    moved out, so nobody sees a half one; where the latter fails, the old one is moved back.

    Raises:
        OSError: It could not be done. The old folder is in its place again or, where that failed
            too, in the folder beside; or the new one is there and the old one cannot be removed.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}."))
    new, old = beside / "new", beside / "old"
    try:
        _write(new, files)
        _swap(place, (new, old), rename)
        shutil.rmtree(old, ignore_errors=not old.exists())
    finally:
        shutil.rmtree(new, ignore_errors=True)
        with suppress(OSError):
            beside.rmdir()


def _entries(place: Path, below: str = "") -> Iterator[tuple[str, bool]]:
    """The path of whatever is no folder, and whether it is a regular file."""
    with os.scandir(place / below) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield below + entry.name, entry.is_file(follow_symlinks=False)
            elif not is_cache(entry.name):
                yield from _entries(place, f"{below}{entry.name}/")


def _write(place: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _swap(place: Path, folders: tuple[Path, Path], rename: Callable[[Path, Path], None]) -> None:
    new, old = folders
    existed = place.exists()
    if existed:
        rename(place, old)
    try:
        rename(new, place)
    except BaseException:
        if existed:
            rename(old, place)
        raise
