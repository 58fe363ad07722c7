# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Forks of every kind while a thread records into a spool that all of them share (C5)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ..processes.forks import run
from .trial import Trial

__all__ = ["fork_storm"]

_SHARE_TWICE: Final = 0.02


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
    # A child also sends what others left in the spool. One that ends after its flush, or after its half second
    # for closing, may have a request under way, which is then sent again: now and then, and not as a rule.
    if len(outcome.twice) > outcome.recorded * _SHARE_TWICE:
        trial.wrong.append(f"twice: {outcome.twice[:5]}")
    return trial
