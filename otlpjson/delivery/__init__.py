# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Getting bytes there: destinations, one POST, and the loop around it. Needs ``requests``."""

from .counts import Counts
from .deliver import Fate, Limits, Report, Settled, Transport, deliver, settle
from .destination import Destination, grafana_cloud, otel_collector, webhook
from .exporter import Exporter
from .outcome import Outcome, OutcomeKind
from .probe import Verdict, judge
from .queue import Queue
from .sender import Sender

__all__ = [
    "Counts",
    "Destination",
    "Exporter",
    "Fate",
    "Limits",
    "Outcome",
    "OutcomeKind",
    "Queue",
    "Report",
    "Sender",
    "Settled",
    "Transport",
    "Verdict",
    "deliver",
    "grafana_cloud",
    "judge",
    "otel_collector",
    "settle",
    "webhook",
]
