# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The route to one destination: which spans are sent there, in which form, and which are only counted."""

from __future__ import annotations

from typing import Callable

import attrs

from ..core.entry import Entry
from ..delivery.exporter import Exporter
from ..delivery.holding import Holding
from ..delivery.limits import QueueLimits
from ..delivery.transport import Transport
from ..openrouter import Form, Generation, Policy, span_count
from .destination import BroadcastDestination

__all__ = ["Route"]


@attrs.frozen(kw_only=True)
class Route:
    """
    The way of spans to one destination.

    Attributes:
        target: The destination, with the form of what is sent there.

        policy: Which generations are sent there.

        exporter: Sends them, in a thread of its own.
    """

    target: BroadcastDestination
    policy: Policy
    exporter: Exporter

    @classmethod
    def to(
        cls,
        target: BroadcastDestination,
        *,
        predicate: Callable[[Generation], bool] | None,
        queue: QueueLimits,
        transport: Transport,
        holding: Holding | None = None,
    ) -> Route:
        """A new route, with its own queue; ``holding`` is where its entries wait, by default in memory."""
        return cls(
            target=target,
            policy=target.policy(predicate),
            exporter=Exporter(transport, name=f"otlpjson: {target.name}", queue=queue, holding=holding),
        )

    def send(self, generation: Generation, entries_in: Callable[[Form], tuple[Entry, ...]]) -> None:
        """
        Queues the spans of a generation or, if they are not to be sent, counts them.

        Args:
            generation: The request.

            entries_in: Gives its entries in a form; not called for a request that is not sent.

        Raises:
            Exception: Whatever the predicate raises; the spans are counted as ``internal_error``.
        """
        try:
            refusal = self.policy.refusal(generation)
        except Exception:
            # Counted here in spans; the caller counts the record and keeps the error.
            self._drop(generation, "internal_error")
            raise
        if refusal is not None:
            self._drop(generation, refusal)
            return
        entries = entries_in(self.target.form)
        if entries:
            self.exporter.add(entries)
        else:
            # In the observed hierarchy, some requests have no spans; each counts as one.
            self.exporter.drop(1, "not_broadcast")

    def send_step(self, as_request: Generation, entry_in: Callable[[Form], Entry]) -> None:
        """
        Queues the span of a step or, if it is not to be sent, counts it.

        Args:
            as_request: A generation with the step's trace and session, by which it is sampled.

            entry_in: Gives the entry of its one span in a form.
        """
        # Sampled like the requests inside the step; everything else judges requests alone.
        refusal = self.policy.of_step().refusal(as_request)
        if refusal is not None:
            self.exporter.drop(1, refusal)
        else:
            self.exporter.add([entry_in(self.target.form)])

    def _drop(self, generation: Generation, reason: str) -> None:
        self.exporter.drop(span_count(generation, self.target.hierarchy), reason)
