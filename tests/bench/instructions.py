# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Instructions per span, which a busy machine does not change: ``python -m tests.bench.instructions``.

Each candidate runs twice under valgrind's callgrind, once with twice the repetitions, in a
process of its own. The difference is encoding alone: starting Python, building the spans and
the first, warming repetition are in both.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from . import workload
from .peers import BASELINE, OURS

__all__ = ["main"]

_ROOT: Final = Path(__file__).resolve().parent.parent.parent
_CANDIDATES: Final = MappingProxyType({"ours": OURS, "baseline": BASELINE})
_SPANS: Final = 100
_REPETITIONS: Final = 20
_SEED: Final = 1
_COLLECTED: Final = re.compile(r"^==\d+== Collected : (\d+)", re.MULTILINE)


def main(argv: Sequence[str] | None = None) -> int:
    """Counts and prints; 0 also where there is no valgrind, 1 where it fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.instructions", description="Counts.")
    parser.add_argument("--spans", type=int, default=_SPANS, help="spans in a body; default: %(default)s")
    parser.add_argument("--repetitions", type=int, default=_REPETITIONS, help="default: %(default)s")
    parser.add_argument("--run", choices=_CANDIDATES, help="only encode, as the process that is counted does")
    options = parser.parse_args(argv)
    if options.run is not None:
        _encode(options.run, options.spans, options.repetitions)
        return 0
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        print("valgrind is not on the PATH: no instructions were counted")
        return 0
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python}, a body of {options.spans} spans of 16 attributes each,")
    print(f"{2 * options.repetitions} repetitions less {options.repetitions}.\n", flush=True)
    try:
        counts = {name: _per_span(valgrind, name, options.spans, options.repetitions) for name in _CANDIDATES}
    except subprocess.CalledProcessError as error:
        print(error.stderr, file=sys.stderr)
        return 1
    width = max(len(candidate.name) for candidate in _CANDIDATES.values())
    print(f"{'instructions per span':<{width}}  {'count':>9}  ratio")
    for name, candidate in _CANDIDATES.items():
        print(f"{candidate.name:<{width}}  {counts[name]:9,.0f}  {counts[name] / counts['ours']:5.2f}")
    return 0


def _encode(name: str, span_count: int, repetitions: int) -> None:
    encode = _CANDIDATES[name].encode
    traces = workload.traces(_SEED, span_count)
    for _ in range(repetitions + 1):
        encode(traces)


def _per_span(valgrind: str, name: str, span_count: int, repetitions: int) -> float:
    fewer, more = (_collected(valgrind, name, span_count, times) for times in (repetitions, 2 * repetitions))
    return (more - fewer) / (repetitions * span_count)


def _collected(valgrind: str, name: str, span_count: int, repetitions: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *(valgrind, "--tool=callgrind", f"--callgrind-out-file={folder}/out"),
            *(sys.executable, "-m", __spec__.name, "--run", name),
            *("--spans", str(span_count), "--repetitions", str(repetitions)),
        ]
        environ = {**os.environ, "PYTHONHASHSEED": "0"}
        done = subprocess.run(command, cwd=_ROOT, env=environ, capture_output=True, text=True, check=True)
    found = _COLLECTED.search(done.stderr)
    if found is None:
        raise subprocess.CalledProcessError(0, command, done.stdout, done.stderr)
    return int(found[1])


if __name__ == "__main__":
    raise SystemExit(main())
