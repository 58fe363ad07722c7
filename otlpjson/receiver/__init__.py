# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A local OTLP/JSON server for tests and demonstrations."""

from ..core.traces import Trace
from .server import Receiver

__all__ = [
    "Receiver",
    "Trace",
]
