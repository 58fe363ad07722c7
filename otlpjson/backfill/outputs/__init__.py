# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What shards are written as: lines of OTLP/JSON, or a table of spans."""

from .output import OUTPUTS, Output
from .packing import PACKINGS, Packing

__all__ = ["OUTPUTS", "PACKINGS", "Output", "Packing"]
