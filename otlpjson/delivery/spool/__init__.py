# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A durable queue: entries on disk until a server has them, shared by processes. Needs ``sqlite3``."""

from .database import Unavailable
from .listing import Kept, Stock
from .spool import Spool

__all__ = ["Kept", "Spool", "Stock", "Unavailable"]
