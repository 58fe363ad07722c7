# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A batch import: each line of a log is a record and becomes a trace.

    python examples/import_log.py log.jsonl

Import a log once: a second import gives the same ids, but Tempo does not remove duplicates, and
counts every cost twice. Of requests older than some minutes, Tempo's search finds few or none;
they can be opened by their trace id.
"""

from __future__ import annotations

import json
import sys

from otlpjson import Broadcast
from otlpjson.delivery import QueueLimits


def main() -> int:
    """Records every line; returns 1 if one was refused or not delivered."""
    with (
        open(sys.argv[1], encoding="utf-8") as log,
        Broadcast.from_config(queue=QueueLimits(max_age_s=0)) as broadcast,
    ):
        for line in log:
            broadcast.record(json.loads(line))
        done = broadcast.flush(60)
        for name, counts in broadcast.counts().items():
            print(f"{name}: {counts.recorded} spans, {counts.delivered} delivered")
        for error in broadcast.errors:
            print(error)
    return 0 if done and not broadcast.refused else 1


if __name__ == "__main__":
    sys.exit(main())
