# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Where the viewer keeps spans: a database of SQLite, its bounds, and the questions that it answers."""

from .conditions import Condition, conditions_of
from .store import Bounds, Store

__all__ = [
    "Bounds",
    "Condition",
    "Store",
    "conditions_of",
]
