# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Runs the rig.

    python -m tests.faults [--full] [--seed N] [WORD …]

With words, only trials whose name has one of them. Exits with 1 if a trial failed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from .trials import TRIALS


def main() -> int:
    """Runs the trials, and prints a line for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    failed = ran = 0
    for name, kind in TRIALS.items():
        if options.words and not any(word in name for word in options.words):
            continue
        if why := kind.why_not():
            print(f"skipped {name}: {why}")
            continue
        begun_s = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            trial = kind.run(Path(folder) / "spool", options.full, options.seed)
        ran += 1
        failed += not trial.passed
        print(f"{trial}  [{time.monotonic() - begun_s:.1f} s]", flush=True)
        for line in trial.wrong[1:10]:
            print(f"        {line}")
    print(f"{ran} trials, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
