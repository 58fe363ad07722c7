# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Recording requests where they are made: at the transports of HTTP clients."""

from .capture import Capture, Report
from .clients import MODULES
from .endpoints import OPENROUTER, Endpoints, hosts_of
from .exchange import Exchange
from .imports import ImportHook
from .tap import uncaptured

__all__ = [
    "MODULES",
    "OPENROUTER",
    "Capture",
    "Endpoints",
    "Exchange",
    "ImportHook",
    "Report",
    "hosts_of",
    "uncaptured",
]
