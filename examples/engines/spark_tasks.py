# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A backfill on Spark: each part of the files is a task.

    pip install pyspark "otlpjson-broadcast[parquet]"
    python examples/engines/spark_tasks.py spans calls.jsonl …
"""

from __future__ import annotations

import sys
from pathlib import Path

from pyspark.sql import SparkSession

from otlpjson.backfill import Job, Mapper, Output, shards_of
from otlpjson.openrouter import Form, Policy

job = Job(mapper=Mapper(form=Form(), policy=Policy()), output=Output(name="parquet"), folder=sys.argv[1])
job.prepare()
shards = list(shards_of(map(Path, sys.argv[2:]), format_name=None, shard_bytes=16_000_000))

spark = SparkSession.builder.getOrCreate()
reports = spark.sparkContext.parallelize(shards, len(shards)).map(job.run)
print(f"{sum(report.records for report in reports.collect())} records")
spark.stop()
