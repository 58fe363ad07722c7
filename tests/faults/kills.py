# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Kill -9 at any moment, again and again on the same spool (A1, C3)."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Final

from ..broken_receiver import BrokenReceiver
from .trial import Trial, Writer, compared, drained

__all__ = ["kills"]

_LONGEST_S: Final = 0.06


def kills(folder: Path, cycles: int, seed: int) -> Trial:
    """
    A writer is killed within 60 ms of its first acknowledgement, so many times.

    For the first half the server answers 503; then it accepts, so that the second half is killed while
    it sends, too.
    """
    trial = Trial(name="kill -9 (A1)", tries=cycles)
    draw = random.Random(seed)
    names: list[str] = []
    with BrokenReceiver("503") as receiver:
        for cycle in range(cycles):
            if cycle == cycles // 2:
                receiver.heal()
            writer = Writer(receiver.base_url, folder, f"a{cycle}")
            if not writer.first():
                trial.wrong.append(f"cycle {cycle} did not start")
            time.sleep(draw.random() * _LONGEST_S)
            writer.kill()
            names += writer.names()
        begun_s = time.monotonic()
        counts = drained(receiver, folder)
        trial.facts["drained_s"] = round(time.monotonic() - begun_s, 2)
        compared(trial, names, receiver, counts)
    return trial
