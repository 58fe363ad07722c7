# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Power cuts: only what had reached the disk is there afterwards (A3).

The spool is on a file system in a file. A cut is a copy of that file while the writer is stopped: what
the system had not written to it yet is not in the copy.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ..broken_receiver import BrokenReceiver
from .trial import Trial, Writer, compared, drained

__all__ = ["power_cuts", "why_not"]

_SIZE: Final = 64 * 1024 * 1024
_LONGEST_S: Final = 0.5
# So that the file system writes nothing by itself meanwhile.
_OPTIONS: Final = "loop,commit=300"


def why_not() -> str:
    """Why power cannot be cut here; empty if it can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "it needs root"
    if not shutil.which("mkfs.ext4"):
        return "there is no mkfs.ext4"
    with tempfile.TemporaryDirectory() as folder:
        image = _image(Path(folder) / "image")
        try:
            with _mounted(image, Path(folder) / "mounted"):
                return ""
        except subprocess.CalledProcessError:
            return "the system mounts no file"


def power_cuts(folder: Path, cuts: int, seed: int) -> Trial:
    """So many cuts, each of a spool of its own."""
    trial = Trial(name="power cut (A3)", tries=cuts)
    draw = random.Random(seed)
    folder.mkdir()
    for cut in range(cuts):
        image, copy, saved = folder / "image", folder / "copy", folder / "saved"
        with BrokenReceiver("503") as receiver:
            with _mounted(_image(image), folder / "mounted") as mounted:
                writer = Writer(receiver.base_url, mounted / "spool", f"p{cut}")
                writer.first()
                time.sleep(draw.random() * _LONGEST_S)
                writer.stop()
                subprocess.run(("cp", "--sparse=always", image, copy), check=True)
                writer.kill()
                names = writer.names()
            with _mounted(copy, folder / "after") as after:
                shutil.copytree(after / "spool", saved)
            receiver.heal()
            compared(trial, names, receiver, drained(receiver, saved))
        shutil.rmtree(saved)
        copy.unlink()
        image.unlink()
    return trial


def _image(path: Path) -> Path:
    """A file with an empty file system."""
    with open(path, "wb") as file:
        file.truncate(_SIZE)
    subprocess.run(("mkfs.ext4", "-q", "-F", path), check=True)
    return path


@contextmanager
def _mounted(image: Path, where: Path) -> Iterator[Path]:
    where.mkdir(exist_ok=True)
    subprocess.run(("mount", "-o", _OPTIONS, image, where), check=True, capture_output=True)
    try:
        yield where
    finally:
        for _ in range(100):  # a process that was killed may take a moment to let go
            if subprocess.run(("umount", where), capture_output=True, check=False).returncode == 0:
                break
            time.sleep(0.05)
