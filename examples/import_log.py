# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A batch import: every line of a log with one record each becomes a trace.

    python examples/import_log.py log.jsonl

The same log imported twice gives the same ids twice, so nothing is there twice that removes
duplicates by span id.
"""

from __future__ import annotations

import json
import os
import sys

from otlpjson.broadcast.broadcast import Broadcast
from otlpjson.delivery import QueueLimits

CONFIG = os.environ.get("OTLPJSON_CONFIG", "destinations.json")


def main() -> int:
    """Records every line; 1 where one was refused or not delivered."""
    with (
        open(sys.argv[1], encoding="utf-8") as log,
        Broadcast.from_config(CONFIG, queue=QueueLimits(max_age_s=0)) as broadcast,
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
