# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Many rows: files of logs converted part by part, by several processes or a cluster."""

from .job import Job
from .mapping import Mapped, Mapper
from .outputs import Output
from .plan import Plan
from .report import Report
from .shards import Shard, shards_of
from .workers import Workers

__all__ = ["Job", "Mapped", "Mapper", "Output", "Plan", "Report", "Shard", "Workers", "shards_of"]
