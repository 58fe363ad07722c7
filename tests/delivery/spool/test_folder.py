# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The folder of a spool: who may read it, and what is refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import attrs
import pytest

from otlpjson.core.errors import ConfigError
from otlpjson.delivery.spool import Spool
from otlpjson.delivery.spool import folder as folder_module
from otlpjson.delivery.spool.folder import SpoolFolder

from .spools import added, entry, opened


def modes(folder: Path) -> dict[str, str]:
    """The mode of each file."""
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in [folder, *folder.iterdir()]}


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_only_the_owner_can_read_what_is_made(tmp_path: Path, umask: int) -> None:
    """Under any umask; files of sqlite itself included."""
    before = os.umask(umask)
    try:
        spool, [here] = opened(tmp_path / "new" / "spool")
        added(spool, here, entry("1"))
        found = modes(tmp_path / "new" / "spool")
    finally:
        os.umask(before)
        for folder in (tmp_path / "new", tmp_path / "new" / "spool"):
            folder.chmod(0o700)

    assert found.pop("spool") == "0o700"
    assert set(found) == {"spool.db", "spool.db-wal", "spool.db-shm", "lock", "reserve"}
    assert set(found.values()) == {"0o600"}


def link_to_a_folder(path: Path) -> None:
    path.with_name("other").mkdir()
    path.symlink_to(path.with_name("other"))


def link_to_a_file(path: Path) -> None:
    path.mkdir()
    path.with_name("other").write_bytes(b"")
    (path / "spool.db").symlink_to(path.with_name("other"))


def link_of_the_lock(path: Path) -> None:
    path.mkdir()
    (path / "lock").symlink_to(path.with_name("other"))


def a_file(path: Path) -> None:
    path.write_text("x")


def others_may_write(path: Path) -> None:
    path.mkdir()
    path.chmod(0o770)


def file_others_may_write(path: Path) -> None:
    path.mkdir()
    (path / "spool.db").touch()
    (path / "spool.db").chmod(0o606)


def a_folder_inside(path: Path) -> None:
    (path / "spool.db").mkdir(parents=True)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (link_to_a_folder, "spool: a symbolic link; expected a folder"),
        (link_to_a_file, "spool/spool.db: a symbolic link; expected a regular file"),
        (link_of_the_lock, "spool/lock: a symbolic link; expected a regular file"),
        (a_file, "spool: not a folder"),
        (others_may_write, "spool: can be changed by other users; run `chmod go-w` on it"),
        (file_others_may_write, "spool/spool.db: can be changed by other users; run `chmod go-w` on it"),
        (a_folder_inside, "spool/spool.db: not a regular file"),
    ],
)
def test_what_somebody_else_could_have_put_there_is_refused(tmp_path: Path, make: Any, reason: str) -> None:
    """In one line that says where and why."""
    make(tmp_path / "spool")

    with pytest.raises(ConfigError) as caught:
        Spool(tmp_path / "spool")

    assert str(caught.value) == f"{tmp_path}/{reason}"


def test_what_belongs_to_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if it can be written."""
    monkeypatch.setattr(os, "geteuid", lambda: 12345)

    with pytest.raises(ConfigError, match="belongs to another user"):
        Spool(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """As a configuration that somebody has to mend."""
    (tmp_path / "file").touch()

    with pytest.raises(ConfigError, match=r"spool: cannot be used as a spool: Not a directory"):
        Spool(tmp_path / "file" / "spool")


def test_the_reserve_is_made_once_and_given_up_once(tmp_path: Path) -> None:
    """At most an eighth of what is free."""
    folder = SpoolFolder(tmp_path)
    folder.keep_reserve(5000)
    folder.keep_reserve(9000)
    size = folder.reserve.stat().st_size

    assert size == 5000
    assert (folder.give_up_reserve(), folder.give_up_reserve()) == (True, False)


def test_the_reserve_takes_an_eighth_of_a_small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise it would fill the disk itself."""

    @attrs.frozen
    class Disk:
        f_bavail: int = 8
        f_frsize: int = 1000

    folder = SpoolFolder(tmp_path)
    monkeypatch.setattr(os, "statvfs", lambda path: Disk())
    folder.keep_reserve(5000)

    assert folder.reserve.stat().st_size == 1000


def test_the_reserve_needs_no_figures_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has none; nor modes, nor owners."""
    monkeypatch.delattr(os, "statvfs")
    monkeypatch.setattr(folder_module, "_POSIX", False)
    folder = SpoolFolder(tmp_path / "spool")
    folder.prepare()
    folder.keep_reserve(5000)

    assert folder.reserve.stat().st_size == 5000


def test_two_that_keep_a_reserve_at_the_same_time_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one was faster after this one had looked."""
    folder = SpoolFolder(tmp_path)
    folder.keep_reserve(5000)
    monkeypatch.setattr(Path, "exists", lambda path: False)
    folder.keep_reserve(9000)
    monkeypatch.undo()

    assert folder.reserve.stat().st_size == 5000
