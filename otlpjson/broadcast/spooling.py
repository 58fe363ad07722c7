# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A Broadcast whose entries wait in a spool: its holdings, and a commit for as many items as there are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Callable

from ..core.errors import ConfigError
from ..delivery.limits import QueueLimits
from ..delivery.receipt import Receipt
from ..delivery.spool import Spool
from ..delivery.spool.registry import Registered
from .destination import BroadcastDestination
from .fan_out import Item
from .problems import Problems
from .route import Route

__all__ = ["Spooling"]


class Spooling:
    """
    The spool of one Broadcast.

    Args:
        spool: The folder, or what was made of it.

        targets: All destinations.

        limits: How much is held in memory while the disk cannot be written, and when batches are due.

    Attributes:
        spool: Where entries wait.

        holdings: By the name of the destination; what a destination that is disabled has is parked.
    """

    def __init__(
        self,
        spool: str | os.PathLike[str] | Spool,
        targets: Iterable[BroadcastDestination],
        limits: QueueLimits,
    ) -> None:
        self.spool = spool if isinstance(spool, Spool) else Spool(spool)
        registered = [_registered(target) for target in targets if target.enabled]
        self.holdings = self.spool.register(registered, limits)

    def adopt(self, parked: str, target: BroadcastDestination) -> int:
        """
        Lets what is parked wait for a destination; returns the number of spans.

        Raises:
            ConfigError: Nothing is parked under that name, or it has content that must not be sent there.
        """
        to = _registered(target)
        stocks = [stock for stock in self.spool.stocks() if stock.name == parked and stock.parked]
        if not stocks:
            raise ConfigError({parked: "nothing is parked under this name"})
        if to.private and not all(stock.private for stock in stocks):
            raise ConfigError({parked: f"has content, and {target.name} is in privacy mode"})
        moved = sum(self.spool.requeue(stock, to) for stock in stocks)
        self.holdings[target.name].look()
        return moved

    def begin(self, routes: Iterable[Route]) -> bool:
        """Starts sending what an earlier process left; returns whether there is any."""
        holdings = self.holdings
        left = [route for route in routes if route.target.enabled and holdings[route.target.name].look()]
        for route in left:
            route.exporter.wake()
        return left != []

    def group(self, routes: Iterable[Route], send: Callable[[Item], bool], problems: Problems) -> _Group:
        """What is done with the items of the inbox."""
        return _Group(self.spool, [route.exporter.wake for route in routes], send, problems)

    def close(self) -> None:
        """Closes the spool."""
        self.spool.close()


def _registered(target: BroadcastDestination) -> Registered:
    return Registered(name=target.name, url=target.destination.url, private=target.privacy_mode)


class _Group:
    """As many items as wait, committed together."""

    max_items = 256
    every_s = 1.0

    def __init__(
        self,
        spool: Spool,
        wake: Sequence[Callable[[], None]],
        send: Callable[[Item], bool],
        problems: Problems,
    ) -> None:
        self._spool = spool
        self._wake = wake
        self._send = send
        self._problems = problems
        self._receipts: list[Receipt] = []

    def handle(self, item: Item) -> None:
        """Adds the entries of an item to the next commit."""
        receipt = self._spool.commit.receipt = item.receipt
        if receipt is not None:
            self._receipts.append(receipt)
        if not self._send(item) and receipt is not None:
            receipt.refuse()

    def end(self) -> None:
        """Commits."""
        try:
            self._spool.commit.write()
        except Exception as error:
            self._problems.refuse(error)
            for receipt in self._receipts:
                receipt.refuse()

    def acknowledge(self) -> None:
        """Completes the receipts, and wakes those that send."""
        receipts, self._receipts = self._receipts, []
        for receipt in receipts:
            receipt.complete()
        for wake in self._wake:
            wake()
        self._spool.announce()

    def tick(self) -> None:
        """What a spool wants about each second."""
        self._spool.tick()
