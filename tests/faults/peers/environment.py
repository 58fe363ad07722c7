# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Installs the peers in an environment of their own and runs the faults there: ``make faults-peers``.

``python -m tests.faults.peers.environment --why-not`` prints why that cannot be, or nothing where it can.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from ...environments import ROOT, Environment

PEERS: Final = Environment("faults-peers", "test", Path(__file__).resolve().parent / "requirements.txt")


def main(arguments: list[str]) -> int:
    """Runs the faults, unless only the reason is wanted why that cannot be."""
    if "--why-not" in arguments:
        print(PEERS.why_not())
        return 0
    if not PEERS.install():
        return 1
    return subprocess.run(
        (PEERS.python, "-m", "tests.faults.peers", *arguments), cwd=ROOT, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
