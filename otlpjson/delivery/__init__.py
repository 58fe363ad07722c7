# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Delivery of bodies: destinations, one POST, the loop around it, the queue. Needs ``requests``."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..core.bodies import Body, fill
from ..core.first_use import on_first_use
from .any_sender import sender_to
from .compression import Compression
from .destination import Destination, grafana_cloud, otel_collector, webhook
from .exporter import Exporter
from .ledger import Counts, Fate, Settled
from .limits import Limits, QueueLimits, SpoolLimits
from .loop import Learned, deliver, settle
from .outcome import Outcome, OutcomeKind
from .sender import Sender
from .transport import Transport

__all__ = [
    "Body",
    "Compression",
    "Counts",
    "Destination",
    "Exporter",
    "Fate",
    "Learned",
    "Limits",
    "Outcome",
    "OutcomeKind",
    "QueueLimits",
    "Sender",
    "Settled",
    "SpoolLimits",
    "Transport",
    "Verdict",
    "deliver",
    "fill",
    "folder",
    "grafana_cloud",
    "judge",
    "local",
    "otel_collector",
    "sender_to",
    "settle",
    "webhook",
]

# What records needs neither: they are for set-up.
_ON_FIRST_USE: Final = MappingProxyType(
    {"Verdict": ".probe", "folder": ".folder_destination", "local": ".local_destination", "judge": ".probe"}
)

if TYPE_CHECKING:
    from .folder_destination import folder as folder
    from .local_destination import local as local
    from .probe import Verdict as Verdict
    from .probe import judge as judge
else:
    # Hidden from type checkers, which would take any name to exist.
    __getattr__, __dir__ = on_first_use(globals(), _ON_FIRST_USE)
