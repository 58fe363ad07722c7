# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Getting bytes there: destinations, one POST, and the loop around it. Needs ``requests``."""

from .deliver import Fate, Limits, Report, Settled, Transport, deliver, settle
from .destination import Destination, grafana_cloud
from .exchange import Outcome, OutcomeKind
from .probe import Verdict, judge
from .sender import Sender

__all__ = [
    "Destination",
    "Fate",
    "Limits",
    "Outcome",
    "OutcomeKind",
    "Report",
    "Sender",
    "Settled",
    "Transport",
    "Verdict",
    "deliver",
    "grafana_cloud",
    "judge",
    "settle",
]
