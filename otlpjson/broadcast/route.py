# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The route to one destination: which spans are sent there, in which form, and which are only counted."""

from __future__ import annotations

from typing import Callable

import attrs

from ..core.encoder import encode_entry
from ..core.model import ResourceSpans
from ..delivery.exporter import Exporter
from ..delivery.limits import QueueLimits
from ..delivery.sender import Sender
from ..openrouter import Generation, Policy, entries_of_generation, span_count
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
        timeout_s: float,
    ) -> Route:
        """A new route, with its own connection and its own queue."""
        sender = Sender(target.destination, timeout_s=timeout_s)
        return cls(
            target=target,
            policy=Policy(enabled=target.enabled, sampling_rate=target.sampling_rate, predicate=predicate),
            exporter=Exporter(sender, name=f"otlpjson: {target.name}", queue=queue),
        )

    def send(self, generation: Generation) -> None:
        """
        Queues the spans of a generation or, if they are not to be sent, counts them.

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
            # Before the mapping, so that a request that is sampled out costs next to nothing.
            self._drop(generation, refusal)
            return
        entries = entries_of_generation(generation, self.target.form)
        if entries:
            self.exporter.add(entries)
        else:
            # In the observed hierarchy, some requests have no spans; each counts as one.
            self.exporter.drop(1, "not_broadcast")

    def send_step(self, group: ResourceSpans, as_request: Generation) -> None:
        """
        Queues the span of a step or, if it is not to be sent, counts it.

        Args:
            group: The span.

            as_request: A generation with the step's trace and session, by which it is sampled.
        """
        # Sampled like the requests inside the step; the predicate judges requests alone.
        refusal = attrs.evolve(self.policy, predicate=None).refusal(as_request)
        if refusal is not None:
            self.exporter.drop(group.span_count, refusal)
        else:
            self.exporter.add([encode_entry(group, integers_as_numbers=self.target.form.integers_as_numbers)])

    def _drop(self, generation: Generation, reason: str) -> None:
        self.exporter.drop(span_count(generation, self.target.hierarchy), reason)
