# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The list of trials: each with how often it is made, quickly and in full."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Callable, Final

from .damage import flips, torn
from .kills import kills
from .processes import processes
from .trial import Trial

__all__ = ["TRIALS"]

_Run = Callable[[Path, bool, int], Trial]

TRIALS: Final[Mapping[str, _Run]] = MappingProxyType(
    {
        "kill": lambda folder, full, seed: kills(folder, 1000 if full else 50, seed),
        "processes-2": lambda folder, full, seed: processes(folder, 2, 200 if full else 15, seed),
        "processes-8": lambda folder, full, seed: processes(folder, 8, 100 if full else 5, seed),
        "torn": lambda folder, full, seed: torn(folder, 3 if full else 499),
        "flips": lambda folder, full, seed: flips(folder, 10_000 if full else 200, seed),
    }
)
