# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The processes that a process has started, and those that they have, read from /proc."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

__all__ = ["workers_below"]


def workers_below(pid: int) -> list[int]:
    """The processes below one that ``multiprocessing`` has started, without the one that cleans up."""
    return [child for child in _below(pid) if b"spawn_main" in _words(child)]


def _below(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError, ValueError):
                # The name of the program stands in brackets, and may have anything in it.
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return sorted(found)


def _words(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
