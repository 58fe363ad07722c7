# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Forks while a program records: none may hang, and each span arrives once.

    python -m tests.processes.forks [FORKS]

Starts ``forking.py`` and a receiver, and compares what was recorded with what arrived.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import attrs

from otlpjson.receiver import Receiver

from ..sent_spans import spans_of
from .forking import KINDS

__all__ = ["Outcome", "main", "run"]


@attrs.frozen
class Outcome:
    """
    What a run of forks came to.

    Attributes:
        forks: How many children there were.

        recorded: How many spans were recorded, by all processes together.

        hung: How many children did not end.

        twice: The names of spans that arrived more than once.

        lost: The names of spans that did not arrive.
    """

    forks: int
    recorded: int
    hung: int
    twice: list[str]
    lost: list[str]

    def __str__(self) -> str:
        return (
            f"{self.forks} forks, {self.recorded} spans recorded: "
            f"{self.hung} hung, {len(self.twice)} twice, {len(self.lost)} lost"
        )


def run(forks: int, seed: int = 0, spool: Path | None = None) -> Outcome:
    """Forks so many children, which all have their spool in this folder if one is given."""
    with Receiver() as receiver:
        command = (sys.executable, "-m", "tests.processes.forking", f"{receiver.base_url}/v1/traces")
        done = subprocess.run(
            (*command, str(forks), str(seed), *([] if spool is None else [str(spool)])),
            stdout=subprocess.PIPE,
            check=True,
            timeout=60 + forks,
        )
        arrived = Counter(span["name"] for line in receiver.lines for span in spans_of(line))
    report = json.loads(done.stdout)
    recorded = _recorded(report["counts"], forks)
    return Outcome(
        forks,
        len(recorded),
        report["hung"],
        [name for name, times in arrived.items() if times > 1],
        sorted(recorded - arrived.keys()),
    )


def _recorded(counts: dict[str, int], forks: int) -> set[str]:
    """The names of all spans that were recorded."""
    kinds = list(KINDS)
    names = {f"parent-{number}" for number in range(counts["parent"])}
    for number in range(forks):
        kind = kinds[number % len(kinds)]
        if kind != "idle":
            names.add(f"{kind}-{number}")
        if kind == "grandchild":
            names.add(f"{kind}-{number}-below")
    return names


def main(forks: int) -> int:
    """Prints the outcome; 1 if anything hung, came twice or was lost."""
    outcome = run(forks)
    print(outcome)
    for name in (*outcome.twice, *outcome.lost):
        print(f"  {name}")
    return 1 if outcome.hung or outcome.twice or outcome.lost else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
