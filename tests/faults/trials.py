# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The list of trials: each with how often it is made, quickly and in full, and why it cannot be made here."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Callable, Final

import attrs

from . import disks, power, shim
from .canaries import canaries
from .clocks import clock_steps
from .damage import flips, torn
from .endings import endings
from .fork_storms import fork_storm
from .kills import kills
from .network import cuts, herd
from .pace import pace
from .processes import processes
from .simulation import lives
from .syscalls import failures, kills_at_calls
from .trial import Trial

__all__ = ["TRIALS", "Kind"]


def _always() -> str:
    return ""


@attrs.frozen
class Kind:
    """
    A kind of trial.

    Attributes:
        run: Makes it: in this folder, in full or quickly, from this seed.

        why_not: Why it cannot be made on this machine; empty if it can.
    """

    run: Callable[[Path, bool, int], Trial]
    why_not: Callable[[], str] = _always


def _below_shim(run: Callable[[Path, Path, bool, int], Trial]) -> Kind:
    """A trial below the shim, which is built for it."""

    def built(folder: Path, full: bool, seed: int) -> Trial:
        with tempfile.TemporaryDirectory() as place:
            return run(folder, shim.build(Path(place)), full, seed)

    return Kind(built, shim.why_not)


TRIALS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "kill": Kind(lambda folder, full, seed: kills(folder, 1000 if full else 50, seed)),
        "calls-killed": _below_shim(
            lambda folder, library, full, seed: kills_at_calls(folder, library, 1 if full else 17, seed)
        ),
        "calls-failing": _below_shim(
            lambda folder, library, full, seed: failures(folder, library, 2 if full else 31, seed)
        ),
        "power": Kind(
            lambda folder, full, seed: power.power_cuts(folder, 100 if full else 5, seed), power.why_not
        ),
        "full-disk": Kind(lambda folder, full, seed: disks.full_disk(folder), disks.why_not),
        "torn": Kind(lambda folder, full, seed: torn(folder, 3 if full else 499)),
        "flips": Kind(lambda folder, full, seed: flips(folder, 10_000 if full else 100, seed)),
        "forks": Kind(lambda folder, full, seed: fork_storm(folder, 2000 if full else 80, seed)),
        "clocks": _below_shim(lambda folder, library, full, seed: clock_steps(folder, library)),
        "processes-2": Kind(lambda folder, full, seed: processes(folder, 2, 200 if full else 10, seed)),
        "processes-8": Kind(lambda folder, full, seed: processes(folder, 8, 100 if full else 3, seed)),
        "pace": _below_shim(lambda folder, library, full, seed: pace(folder, library)),
        "cuts": Kind(lambda folder, full, seed: cuts(1 if full else 31)),
        "herd": Kind(lambda folder, full, seed: herd(seed)),
        "endings": Kind(lambda folder, full, seed: endings(500 if full else 20, seed)),
        "canaries": Kind(lambda folder, full, seed: canaries(folder)),
        "lives": Kind(lambda folder, full, seed: lives(folder, 500 if full else 20, seed)),
    }
)
