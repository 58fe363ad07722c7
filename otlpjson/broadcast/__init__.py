# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Broadcast for Python programs: requests in, traces at every destination."""

from .broadcast import Broadcast
from .call import Call
from .destination import BroadcastDestination
from .environment import destination_from
from .instrumentation import instrument, uninstrument

__all__ = [
    "Broadcast",
    "BroadcastDestination",
    "Call",
    "destination_from",
    "instrument",
    "uninstrument",
]
