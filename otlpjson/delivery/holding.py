# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What an exporter needs of the place where its entries wait: memory, or a spool on disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..core.entry import Entry
from .ledger import Counts, Settled
from .outcome import Outcome

__all__ = ["Holding"]


class Holding(Protocol):
    """
    The entries of one destination that are not settled, and the counts of all.

    An exporter calls it with its own lock held, and never waits for the network meanwhile.

    Attributes:
        look_every_s: How often to look whether something changed that nobody announces.
    """

    look_every_s: float

    def after_fork(self) -> None:
        """In a child process: nothing of its parent's."""

    def add(self, entries: Sequence[Entry], now_s: float) -> str | None:
        """Holds entries; or drops all, counts them, and returns the reason."""

    def drop(self, spans: int, reason: str) -> None:
        """Counts spans that are never sent."""

    def due_s(self, *, urgent: bool) -> float | None:
        """When to take the next batch, on ``time.monotonic``; ``None`` if nothing waits."""

    def take(self) -> list[Entry]:
        """Takes a batch from the front; empty if there is nothing to take after all."""

    def settle(self, settled: Settled) -> None:
        """Counts the front of what was taken, and keeps what was refused."""

    def renew(self) -> None:
        """Keeps what was taken, where other processes could take it."""

    def put_back(self, entries: Sequence[Entry]) -> None:
        """Returns what was taken and not settled."""

    def mark(self) -> int:
        """A number that stands for all that is held now."""

    def is_settled(self, mark: int) -> bool:
        """Whether all of that is settled."""

    def note(self, outcome: Outcome) -> None:
        """Keeps an outcome that settled nothing."""

    def quarantined(self) -> tuple[Settled, ...]:
        """What the server refused, in order, with its answers."""

    def resend(self) -> int:
        """Lets all that was refused wait again; returns the number of spans."""

    def at_risk(self) -> int:
        """How many spans that are not settled end with the process."""

    def counts(self) -> Counts:
        """All spans, counted by what happened to them; a copy."""
