# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Installs the peers in an environment of their own and runs the benchmarks there: ``make bench``.

    python -m tests.bench.environment [NAME …]

With names, such as ``encode``, only these. Needs the standard library alone.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path
from typing import Final

from ..environments import ROOT, Environment

_SCRIPTS: Final = (
    *("instructions", "imports", "encode", "decode", "bombs", "streams", "recording", "capture"),
    *("sending", "growth"),
)
PEERS: Final = Environment("bench", "test", Path(__file__).resolve().parent / "requirements.txt")


def main(names: list[str]) -> int:
    """Runs them, one after the other; the exit code is that of the first that failed."""
    if not PEERS.install():
        return 1
    print(
        f"{platform.python_implementation()} {platform.python_version()} on {platform.platform()}", flush=True
    )
    code = 0
    for name in names or _SCRIPTS:
        print(f"\n== tests.bench.{name}", flush=True)
        done = subprocess.run((PEERS.python, "-m", f"tests.bench.{name}"), cwd=ROOT, check=False)
        code = code or done.returncode
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
