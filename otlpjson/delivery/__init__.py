# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Delivery of bodies: destinations, one POST, the loop around it, the queue. Needs ``requests``."""

from ..core.bodies import Body, fill
from .any_sender import sender_to
from .compression import Compression
from .destination import Destination, grafana_cloud, otel_collector, webhook
from .exporter import Exporter
from .folder_destination import folder
from .ledger import Counts, Fate, Settled
from .limits import Limits, QueueLimits, SpoolLimits
from .loop import Learned, deliver, settle
from .outcome import Outcome, OutcomeKind
from .probe import Verdict, judge
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
    "otel_collector",
    "sender_to",
    "settle",
    "webhook",
]
