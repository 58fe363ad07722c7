# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Several processes on one spool, of which some are killed at random (A8)."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Final

from ..broken_receiver import BrokenReceiver
from .trial import Trial, Writer, compared, drained

__all__ = ["processes"]

_LIFE_S: Final = 0.15


def processes(folder: Path, count: int, rounds: int, seed: int) -> Trial:
    """
    So many writers at a time, all of which send; in each round each is killed, or ends by itself.

    At the end another takes over what they had.
    """
    trial = Trial(name=f"{count} processes on one file (A8)", tries=rounds)
    draw = random.Random(seed)
    names: list[str] = []
    with BrokenReceiver("refused") as receiver:
        receiver.heal()
        for number in range(rounds):
            writers = [
                Writer(receiver.base_url, folder, f"r{number}w{one}", None if draw.random() < 0.7 else 20)
                for one in range(count)
            ]
            for writer in writers:
                if not writer.first():
                    trial.wrong.append(f"a writer of round {number} did not start")
            time.sleep(draw.random() * _LIFE_S)
            for writer in writers:
                writer.kill()
            for writer in writers:
                names += writer.names()
        begun_s = time.monotonic()
        counts = drained(receiver, folder)
        # Printed and not judged: the machine may be busy.
        trial.facts["taken over after s"] = round(time.monotonic() - begun_s, 2)
        compared(trial, names, receiver, counts)
    return trial
