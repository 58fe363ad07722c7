# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The receipt of a record: whether and when it was written."""

from __future__ import annotations

from .latch import Latch

__all__ = ["Receipt"]


class Receipt:
    """Handed in with a record, and completed by the thread that writes it."""

    def __init__(self) -> None:
        self.accepted = True
        self._done = Latch()

    def refuse(self) -> None:
        """Notes that a part of the record could not be kept."""
        self.accepted = False

    def complete(self) -> None:
        """Lets go whoever waits."""
        self._done.open()

    def wait(self, timeout_s: float) -> bool:
        """Waits until it is complete; returns whether it is."""
        return self._done.wait(timeout_s)
