# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Recording requests where they are made: at the transports of HTTP clients."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..core.first_use import on_first_use
from .by_hand import uncaptured

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

# A program that records by hand need not wait for what captures.
_ON_FIRST_USE: Final = MappingProxyType(
    {
        "MODULES": ".clients",
        "OPENROUTER": ".endpoints",
        "Capture": ".capture",
        "Endpoints": ".endpoints",
        "Exchange": ".exchange",
        "ImportHook": ".imports",
        "Report": ".capture",
        "hosts_of": ".endpoints",
    }
)

if TYPE_CHECKING:
    from .capture import Capture as Capture
    from .capture import Report as Report
    from .clients import MODULES as MODULES
    from .endpoints import OPENROUTER as OPENROUTER
    from .endpoints import Endpoints as Endpoints
    from .endpoints import hosts_of as hosts_of
    from .exchange import Exchange as Exchange
    from .imports import ImportHook as ImportHook
else:
    # Hidden from type checkers, which would take any name to exist.
    __getattr__, __dir__ = on_first_use(globals(), _ON_FIRST_USE)
