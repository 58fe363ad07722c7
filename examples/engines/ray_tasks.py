# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A backfill on Ray: each part of the files is a task.

    pip install ray "otlpjson-broadcast[parquet]"
    python examples/engines/ray_tasks.py spans calls.jsonl …
"""

from __future__ import annotations

import sys
from pathlib import Path

import ray

from otlpjson.backfill import Job, Mapper, Output, shards_of
from otlpjson.openrouter import Form, Policy

job = Job(mapper=Mapper(form=Form(), policy=Policy()), output=Output(name="parquet"), folder=sys.argv[1])
job.prepare()
shards = list(shards_of(map(Path, sys.argv[2:]), format_name=None, shard_bytes=16_000_000))

rows = ray.data.from_items(shards, override_num_blocks=len(shards))
reports = rows.map(lambda row: {"records": job.run(row["item"]).records})
print(f"{reports.sum('records')} records")
