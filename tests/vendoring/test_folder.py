# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A folder is read without following anything out of it, and replaced whole or not at all."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import pytest

from otlpjson.vendoring.folder import (
    is_empty,
    read_folder,
    read_sources,
    replace_folder,
)

NEW = {"a.py": b"new", "sub/b.py": b"deep"}


def tree(place: Path) -> list[str]:
    """Every path below a folder, hidden ones included."""
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*"))


class Renames:
    """Renames folders, except for the calls with these numbers."""

    def __init__(self, *failing: int) -> None:
        self.failing = failing
        self.count = 0

    def __call__(self, source: Path, target: Path) -> None:
        self.count += 1
        if self.count in self.failing:
            raise OSError(5, f"Input/output error in call {self.count}")
        os.rename(source, target)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with an old file, which the new files do not have, and a cache."""
    place = tmp_path / "copy"
    (place / "__pycache__").mkdir(parents=True)
    (place / "__pycache__" / "old.cpython-39.pyc").write_bytes(b"compiled")
    (place / "old.py").write_bytes(b"old")
    return place


def test_a_folder_is_made_with_the_folders_above_it(tmp_path: Path) -> None:
    """Open to whom the umask says, as any folder is; nothing is left beside it."""
    place = tmp_path / "app" / "_vendor" / "copy"
    replace_folder(place, NEW)

    assert tree(tmp_path / "app") == [
        *("_vendor", "_vendor/copy", "_vendor/copy/a.py", "_vendor/copy/sub", "_vendor/copy/sub/b.py"),
    ]
    assert {name: (place / name).read_bytes() for name in NEW} == NEW
    assert stat.S_IMODE(place.stat().st_mode) == stat.S_IMODE((tmp_path / "app").stat().st_mode)


def test_what_was_there_is_gone(old: Path) -> None:
    """Its caches too: they are of modules that are no more."""
    replace_folder(old, NEW)

    assert tree(old.parent) == ["copy", "copy/a.py", "copy/sub", "copy/sub/b.py"]


@pytest.mark.parametrize("failing", [1, 2])
def test_a_failure_leaves_what_was_there(old: Path, failing: int) -> None:
    """Whether the old one cannot be moved away or the new one cannot be moved in."""
    before = tree(old.parent)
    with pytest.raises(OSError, match=f"^.Errno 5. Input/output error in call {failing}$"):
        replace_folder(old, NEW, Renames(failing))

    assert tree(old.parent) == before


def test_a_failure_where_nothing_was_leaves_nothing(tmp_path: Path) -> None:
    """No half copy, no folder beside."""
    with pytest.raises(OSError, match=r"^.Errno 5. Input/output error in call 1$"):
        replace_folder(tmp_path / "copy", NEW, Renames(1))

    assert tree(tmp_path) == []


def test_an_old_folder_that_cannot_be_moved_back_is_kept_beside(old: Path) -> None:
    """Nothing of it is deleted."""
    with pytest.raises(OSError, match=r"^.Errno 5. Input/output error in call 3$"):
        replace_folder(old, NEW, Renames(2, 3))
    (beside,) = old.parent.iterdir()

    assert beside.name.startswith(".copy.")
    assert tree(beside) == [
        *("old", "old/__pycache__", "old/__pycache__/old.cpython-39.pyc", "old/old.py"),
    ]


def test_a_file_that_cannot_be_written_leaves_what_was_there(old: Path) -> None:
    """The others were written before it."""
    before = tree(old.parent)
    with pytest.raises(OSError) as caught:
        replace_folder(old, {**NEW, "a.py/inside.py": b""})

    assert isinstance(caught.value, (FileExistsError, NotADirectoryError))
    assert tree(old.parent) == before


def test_only_wanted_regular_files_are_read(tmp_path: Path) -> None:
    """A pipe would block, a device never end, and a link lead elsewhere."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_bytes(b"secret")
    place = tmp_path / "copy"
    for path in (place / "sub" / "__pycache__", place / "empty"):
        path.mkdir(parents=True)
    (place / "sub" / "b.py").write_bytes(b"deep")
    (place / "sub" / "__pycache__" / "b.pyc").write_bytes(b"compiled")
    (place / "own.py").write_bytes(b"own")
    os.mkfifo(place / "pipe")
    (place / "link").symlink_to(secret / "key")
    (place / "folder").symlink_to(secret)
    (place / "__pycache__").symlink_to(secret)

    assert read_folder(place, {"sub/b.py", "pipe", "link", "folder", "__pycache__", "gone"}) == {
        "sub/b.py": b"deep",
        **dict.fromkeys(("own.py", "pipe", "link", "folder", "__pycache__")),
    }


@pytest.mark.parametrize("zipped", [True, False])
def test_the_sources_of_a_package_are_its_modules_and_data_files(tmp_path: Path, zipped: bool) -> None:
    """The rest is Python's, the system's, or came with a copy."""
    files = {
        "__init__.py": b"a",
        "py.typed": b"",
        "LICENSE": b"",
        "sub/b.py": b"b",
        "sub/rules.md": b"d",
        "sub/deeper/__init__.py": b"c",
    }
    rest = dict.fromkeys(("__pycache__/b.py", "sub/__pycache__/b.pyc", "VENDORED.json", "sub/.DS_Store"), b"")
    replace_folder(tmp_path / "package", {**rest, **files})
    package: Path | zipfile.Path = tmp_path / "package"
    if zipped:
        with zipfile.ZipFile(tmp_path / "lib.zip", "w") as file:
            for name, content in {**rest, **files}.items():
                file.writestr(f"package/{name}", content)
        package = zipfile.Path(tmp_path / "lib.zip", "package/")

    assert dict(read_sources(package)) == files


def test_caches_and_empty_folders_do_not_fill_a_folder(tmp_path: Path) -> None:
    """They are what version control leaves of a copy that it takes away."""
    (tmp_path / "sub" / "__pycache__").mkdir(parents=True)
    (tmp_path / "sub" / "__pycache__" / "b.pyc").write_bytes(b"compiled")
    before = is_empty(tmp_path)
    (tmp_path / "sub" / "b.py").touch()

    assert (before, is_empty(tmp_path)) == (True, False)
