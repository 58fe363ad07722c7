# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Broadcast for Python programs: requests in, traces at every destination. Needs ``requests``."""

from .broadcast import Broadcast
from .call import Call
from .destination import BroadcastDestination
from .environment import destination_from

__all__ = [
    "Broadcast",
    "BroadcastDestination",
    "Call",
    "destination_from",
]
