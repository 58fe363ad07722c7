# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Whether the work became more: instructions as multiples of the floor, beside those that are recorded.

    python -m tests.bench.gate [--record]

Fails where one is 3 % above what ``ratios.json`` says for this build of Python; another build is counted
and not judged. With ``--record`` the file is written.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from .instructions import counted, why_not
from .measures import FLOOR

__all__ = ["build", "main", "verdicts"]

_RATIOS: Final = Path(__file__).with_name("ratios.json")
_JUDGED: Final = ("encode", "build", "decode", "record")
_TOLERANCE: Final = 1.03


def main(argv: Sequence[str] | None = None) -> int:
    """Counts, prints and judges; 1 if one grew."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.gate", description="Judges.")
    parser.add_argument("--record", action="store_true", help="write the ratios down")
    parser.add_argument("--why-not", action="store_true", help="print why nothing can be counted here")
    options = parser.parse_args(argv)
    if options.why_not:
        print(why_not())
        return 0
    floor = counted(FLOOR)
    found = {name: round(counted(name) / floor, 3) for name in _JUDGED}
    known = json.loads(_RATIOS.read_text("utf-8"))
    if options.record:
        _RATIOS.write_text(json.dumps({**known, build(): found}, indent=2, sort_keys=True) + "\n", "utf-8")
        return 0
    lines, grew = verdicts(found, known.get(build()))
    print("\n".join([build(), *lines]))
    for name in grew:
        print(
            f"look at it with: valgrind --tool=callgrind {sys.executable} -m tests.bench.instructions {name} --run 5"
        )
    return 1 if grew else 0


def build() -> str:
    """This build of Python; another one needs other numbers of instructions."""
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    kind = "optimized" if "--enable-optimizations" in arguments else "plain"
    return f"{platform.python_implementation()} {platform.python_version()} {platform.machine()} {kind}"


def verdicts(found: Mapping[str, float], known: Mapping[str, float] | None) -> tuple[list[str], list[str]]:
    """A line for each measure, and the names of those that grew."""
    if known is None:
        return [f"{name:<8} {ratio:6.2f} × floor, not recorded" for name, ratio in found.items()], []
    lines, grew = [], []
    for name, ratio in found.items():
        change = ratio / known[name] - 1
        lines.append(f"{name:<8} {ratio:6.2f} × floor, recorded {known[name]:.2f}, {change:+.1%}")
        if ratio > known[name] * _TOLERANCE:
            grew.append(name)
    return lines, grew


if __name__ == "__main__":
    sys.exit(main())
