# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A program that forks while it records, for ``forks.py``.

    python -m tests.processes.forking URL FORKS SEED [FOLDER]

With a folder, all processes have their spool there.
Prints the number of children that hung, and how many spans were recorded by whom: one JSON object.
Each span has a name of its own, which begins with the kind of its child.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Callable, Final, NoReturn

from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import otel_collector

__all__ = ["KINDS", "main"]

_PATIENCE_S: Final = 20.0
_FORK: Final[Any] = multiprocessing.get_context("fork")


_New = Callable[[], Broadcast]


def new(url: str, spool: str | None) -> Broadcast:
    """A Broadcast of one process."""
    return Broadcast([BroadcastDestination(destination=otel_collector(url), name="here")], spool=spool)


def record(broadcast: Broadcast, name: str) -> None:
    """One span of this name."""
    accepted = broadcast.record(
        {
            "request": {"model": "a/b", "messages": [], "trace": {"generation_name": name}},
            "response": {
                "id": f"gen-{name}",
                "choices": [{"message": {"content": "x"}, "finish_reason": "stop"}],
            },
            "started_at": 1771005600000000000,
            "ended_at": 1771005601000000000,
        }
    )
    assert accepted, name


def _idle(broadcast: Broadcast, own: _New, name: str) -> NoReturn:
    """Never touches the library, and runs what runs at exit."""
    _leave()


def _returns(broadcast: Broadcast, own: _New, name: str) -> NoReturn:
    record(broadcast, name)
    _leave()


def _flushes(broadcast: Broadcast, own: _New, name: str) -> NoReturn:
    record(broadcast, name)
    broadcast.flush()
    os._exit(0)


def _closes(broadcast: Broadcast, own: _New, name: str) -> NoReturn:
    record(broadcast, name)
    broadcast.close()
    os._exit(0)


def _own(broadcast: Broadcast, own: _New, name: str) -> NoReturn:
    with own() as another:
        record(another, name)
    _leave()


def _grandchild(broadcast: Broadcast, own: _New, name: str) -> NoReturn:
    """Forks again while it records itself."""
    record(broadcast, name)
    child = os.fork()
    if child == 0:
        record(broadcast, f"{name}-below")
        _leave()
    os.waitpid(child, 0)
    _leave()


def _leave() -> NoReturn:
    """Ends a child as a program that returns, without returning into the parent's code."""
    import atexit

    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(0)


def _of_multiprocessing(broadcast: Broadcast, own: _New, name: str) -> None:
    record(broadcast, name)


def _own_of_multiprocessing(broadcast: Broadcast, own: _New, name: str) -> None:
    record(own(), name)


KINDS: Final[Mapping[str, Callable[[Broadcast, _New, str], None]]] = MappingProxyType(
    {
        "idle": _idle,
        "returns": _returns,
        "flushes": _flushes,
        "closes": _closes,
        "own": _own,
        "grandchild": _grandchild,
        "multiprocessing": _of_multiprocessing,
        "own-multiprocessing": _own_of_multiprocessing,
    }
)
"""What children do; the last two are started by multiprocessing, with the start method ``fork``."""


def main(url: str, forks: int, seed: int, spool: str | None = None) -> None:
    """Forks so many children, one after the other, while a thread records."""
    draw = random.Random(seed)

    def own() -> Broadcast:
        return new(url, spool)

    broadcast = own()
    counts: Counter[str] = Counter()
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            record(broadcast, f"parent-{counts['parent']}")
            counts["parent"] += 1
            time.sleep(draw.random() * 0.002)

    worker = threading.Thread(target=work)
    worker.start()
    hung = 0
    kinds = list(KINDS)
    for number in range(forks):
        kind = kinds[number % len(kinds)]
        time.sleep(draw.random() * 0.005)
        if _run(kind, broadcast, own, f"{kind}-{number}"):
            counts[kind] += 1
        else:
            hung += 1
    over.set()
    worker.join()
    # With a spool, what children left in it too.
    broadcast.flush(timeout_s=30)
    broadcast.close(timeout_s=30)
    print(json.dumps({"hung": hung, "counts": counts}))


def _run(kind: str, broadcast: Broadcast, own: _New, name: str) -> bool:
    """Whether a child of this kind ended by itself."""
    if "multiprocessing" in kind:
        process = _FORK.Process(target=KINDS[kind], args=(broadcast, own, name))
        process.start()
        process.join(_PATIENCE_S)
        if process.is_alive():
            process.kill()
            return False
        return True
    child = os.fork()
    if child == 0:
        KINDS[kind](broadcast, own, name)
    until = time.monotonic() + _PATIENCE_S
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return False
        time.sleep(0.001)
    return True


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
