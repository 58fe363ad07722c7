# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Broadcast for Python programs: requests in, traces at every destination."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..core.first_use import on_first_use
from .broadcast import Broadcast
from .call import Call
from .destination import BroadcastDestination

__all__ = [
    "Broadcast",
    "BroadcastDestination",
    "Call",
    "destination_from",
    "instrument",
    "uninstrument",
]

# A program that names its destinations and records by hand need not wait for what configures and captures.
_ON_FIRST_USE: Final = MappingProxyType(
    {
        "destination_from": ".environment",
        "instrument": ".instrumentation",
        "uninstrument": ".instrumentation",
    }
)

if TYPE_CHECKING:
    from .environment import destination_from as destination_from
    from .instrumentation import instrument as instrument
    from .instrumentation import uninstrument as uninstrument
else:
    # Hidden from type checkers, which would take any name to exist.
    __getattr__, __dir__ = on_first_use(globals(), _ON_FIRST_USE)
