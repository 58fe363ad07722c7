# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Forks of every kind while a thread records into a spool that all of them share (C5)."""

from __future__ import annotations

from pathlib import Path

from ..processes.forks import run
from .trial import Trial

__all__ = ["fork_storm"]


def fork_storm(folder: Path, forks: int, seed: int) -> Trial:
    """So many forks, one after the other."""
    outcome = run(forks, seed, folder)
    trial = Trial(
        name="forks with a shared spool (C5)",
        tries=forks,
        acknowledged=outcome.recorded,
        lost=len(outcome.lost),
        twice=len(outcome.twice),
    )
    if outcome.hung:
        trial.wrong.append(f"{outcome.hung} children hung")
    # Nobody is killed here, so nothing has to come twice.
    if outcome.twice:
        trial.wrong.append(f"twice: {outcome.twice[:5]}")
    return trial
