# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A disk that fills up while a program records, and has room again later (A6).

    python -m tests.faults.disks FOLDER

Runs in a mount namespace of its own, with a file system of one mebibyte, and prints the trial as JSON.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import attrs

from ..broken_receiver import BrokenReceiver
from .trial import ROOT, Trial, compared, drained
from .writer import broadcast_to, record_of

__all__ = ["full_disk", "why_not"]

_SIZE: Final = "1m"
_PATIENCE_S: Final = 30.0
_RECORDS: Final = 600
_NAMESPACE: Final = ("unshare", "-rm")


def why_not() -> str:
    """Why there is no small file system to be had; empty if there is."""
    if not shutil.which("unshare"):
        return "there is no unshare"
    tried = subprocess.run(
        (*_NAMESPACE, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", tempfile.gettempdir()),
        capture_output=True,
        check=False,
    )
    return "" if tried.returncode == 0 else "the system allows no namespace of mounts"


def full_disk(folder: Path) -> Trial:
    """Records until the disk is full and beyond; then the server accepts; then there is room again."""
    folder.mkdir()
    script = f"mount -t tmpfs -o size={_SIZE} tmpfs {folder} && exec {sys.executable} -m tests.faults.disks {folder}"
    done = subprocess.run(
        (*_NAMESPACE, "sh", "-c", script),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=120,
    )
    return Trial(**json.loads(done.stdout.splitlines()[-1]))


def _filled(folder: Path) -> Trial:
    trial = Trial(name="a full disk (A6)", tries=1)
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(300_000))
    spool = folder / "spool"
    names: list[str] = []
    slowest_ms = 0.0
    with BrokenReceiver("503") as receiver:
        broadcast = broadcast_to(receiver.base_url, spool)
        full_at = None
        for number in range(_RECORDS):
            begun_s = time.perf_counter()
            accepted = broadcast.record(record_of(f"d{number}", 500))
            slowest_ms = max(slowest_ms, (time.perf_counter() - begun_s) * 1000)
            if accepted:
                names.append(f"d{number}")
            if full_at is None and not broadcast.durable:
                full_at = number
        in_memory = broadcast.counts()["here"].in_memory
        trial.facts.update(
            {"full at record": full_at, "in memory": in_memory, "slowest ms": round(slowest_ms, 1)}
        )
        if full_at is None or not in_memory:
            trial.wrong.append("the disk did not fill up")
        # All of it can be sent, and leaves the disk, which is still full.
        receiver.heal()
        if not broadcast.flush(20.0):
            trial.wrong.append(f"not drained on a full disk: {broadcast.counts()['here']}")
        after = broadcast.counts()["here"]
        if after.pending:
            trial.wrong.append(f"{after.pending} spans pending although all arrived")
        _fill(ballast)
        ballast.unlink()
        begun_s = time.monotonic()
        while not broadcast.durable and time.monotonic() < begun_s + _PATIENCE_S:
            broadcast.record(record_of(f"h{len(names)}", 500))
            names.append(f"h{len(names)}")
            time.sleep(0.05)
        trial.facts["healed after s"] = round(time.monotonic() - begun_s, 1)
        if not broadcast.durable:
            trial.wrong.append("did not heal")
        broadcast.close()
        compared(trial, names, receiver, drained(receiver, spool))
    return trial


def _fill(path: Path) -> None:
    """Writes until nothing fits."""
    try:
        with open(path, "ab") as file:
            while True:
                file.write(bytes(4096))
                file.flush()
    except OSError:
        pass


def main(folder: str) -> None:
    """Prints the trial."""
    known: dict[str, Any] = attrs.asdict(_filled(Path(folder)))
    print(json.dumps(known))


if __name__ == "__main__":
    main(*sys.argv[1:])
