# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A plan: what a delivery would send, how large it is, and what the destination's search would not find."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from ..core.bodies import Body
from ..core.entry_times import ends_of
from ..delivery.compression import Compression
from ..delivery.limits import DEFAULT_LIMITS, Limits

__all__ = ["Plan"]


@attrs.define(kw_only=True)
class Plan:
    """
    What has been planned so far.

    Attributes:
        limits: Those of the delivery.

        late_ns: Spans that ended before this moment are not found by a search; ``None``: nothing is known.

        spans, requests: Their numbers.

        body_bytes, sent_bytes: The size of all bodies, and what is left of it after compression.

        oldest_ns, newest_ns: When the first and the last span ended; ``None`` without any.

        late: How many spans ended before ``late_ns``.

        too_large: How many spans are in entries that are never sent, because no server accepts them.
    """

    limits: Limits = DEFAULT_LIMITS
    late_ns: int | None = None
    spans: int = 0
    requests: int = 0
    body_bytes: int = 0
    sent_bytes: int = 0
    oldest_ns: int | None = None
    newest_ns: int | None = None
    late: int = 0
    too_large: int = 0

    def add(self, bodies: Iterable[Body], compression: Compression) -> None:
        """Adds bodies, each of which is one request."""
        for body in bodies:
            if len(body.data) > self.limits.hard_max_body_bytes:
                self.too_large += body.span_count
                continue
            self.requests += 1
            self.spans += body.span_count
            self.body_bytes += len(body.data)
            self.sent_bytes += len(compression.compress(body.data))
            for entry in body.entries:
                self._add_times(ends_of(entry))

    def _add_times(self, ends_ns: list[int]) -> None:
        if not ends_ns:
            return
        first, last = min(ends_ns), max(ends_ns)
        self.oldest_ns = first if self.oldest_ns is None else min(self.oldest_ns, first)
        self.newest_ns = last if self.newest_ns is None else max(self.newest_ns, last)
        if self.late_ns is not None:
            self.late += sum(end < self.late_ns for end in ends_ns)
