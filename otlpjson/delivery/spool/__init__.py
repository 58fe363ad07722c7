# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A durable queue: entries on disk until a server has them, shared by processes. Needs ``sqlite3``."""

from ..limits import SpoolLimits
from .database import Unavailable
from .listing import Kept, Stock
from .registry import Registered
from .schema import QUARANTINED, WAITING
from .spool import Spool

__all__ = ["QUARANTINED", "WAITING", "Kept", "Registered", "Spool", "SpoolLimits", "Stock", "Unavailable"]
