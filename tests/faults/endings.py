# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Threads that record while the Broadcast is closed (B18), without a spool."""

from __future__ import annotations

import random
import threading
import time
from typing import Final

from otlpjson import Broadcast

from ..broken_receiver import BrokenReceiver
from .trial import Trial, compared
from .writer import broadcast_to, record_of

__all__ = ["endings"]

_THREADS: Final = 8
_LIFE_S: Final = 0.01
_PAUSE_S: Final = 0.0005
_PATIENCE_S: Final = 60.0


def endings(rounds: int, seed: int) -> Trial:
    """What ``record`` accepted arrives, and what it did not is said to be refused."""
    trial = Trial(name="threads that record during the end (B18)", tries=rounds)
    draw = random.Random(seed)
    for number in range(rounds):
        with BrokenReceiver("refused") as receiver:
            receiver.heal()
            broadcast = broadcast_to(receiver.base_url, None)
            names: list[str] = []
            threads = [
                threading.Thread(target=_record, args=(broadcast, f"e{number}t{one}", names))
                for one in range(_THREADS)
            ]
            for thread in threads:
                thread.start()
            time.sleep(draw.random() * _LIFE_S)
            broadcast.close(_PATIENCE_S)
            for thread in threads:
                thread.join()
            compared(trial, names, receiver, broadcast.counts()["here"])
    return trial


def _record(broadcast: Broadcast, name: str, names: list[str]) -> None:
    number = 0
    while broadcast.record(record_of(f"{name}-{number}")):
        names.append(f"{name}-{number}")
        number += 1
        time.sleep(_PAUSE_S)
