# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What a program calls to have the requests of its HTTP clients recorded where they are made."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ..delivery.forks import watch
from ..delivery.loading import LOADING
from .fan_out import Captured, Item
from .inbox import Inbox
from .place import Place
from .problems import Problems
from .recording import Recording
from .remote_parent import RemoteParent

if TYPE_CHECKING:
    from ..capture import Capture, Exchange, Report

__all__ = ["Capturing", "capture_of"]

_Client = TypeVar("_Client")


class Capturing(Recording):
    """
    The capturing half of ``Broadcast``.

    Args:
        inbox: Where items go.

        problems: Where is counted what could not be recorded.
    """

    def __init__(self, inbox: Inbox[Item], problems: Problems) -> None:
        super().__init__(inbox, problems)
        self._capture: Capture | None = None

    def capture(
        self,
        client: _Client,
        *,
        hosts: str | Iterable[str] | None = None,
        traceparent_hosts: str | Iterable[str] = (),
    ) -> _Client:
        """
        Records every request that a client makes to an API of OpenRouter; returns the client.

        The methods of its transports are replaced in place. What the client receives, raises and
        does stays the same: the response is copied as the program reads it, up to 16 MiB, and each
        attempt of a retry is a record of its own. Capturing a client twice is the same as once.

        Args:
            client:
                A ``Client``, ``AsyncClient`` or transport of httpx or httpx2, a ``Session`` or
                adapter of requests, a ``ClientSession`` of aiohttp, or a client of an SDK that is
                built on one: openai, anthropic, openrouter.

            hosts: The hosts whose requests are recorded, by name. Default: every host, by its path.

            traceparent_hosts: The hosts that get the header ``traceparent`` of the open trace or span.

        Raises:
            InvalidValue: The client is of another kind, or recorded by another ``Broadcast``.
        """
        # As in ``capture_of``.
        from ..capture import Endpoints, hosts_of

        endpoints = Endpoints(
            hosts=None if hosts is None else hosts_of("Broadcast.capture.hosts", hosts),
            traceparent_hosts=hosts_of("Broadcast.capture.traceparent_hosts", traceparent_hosts),
        )
        capture_of(self).put_into(client, endpoints, "Broadcast.capture.client")
        return client

    def release(self, client: _Client) -> _Client:
        """
        Ends ``capture`` for a client; responses that are still being read are recorded.

        Raises:
            InvalidValue: The client is of another kind.
        """
        capture_of(self).take_from(client, "Broadcast.release.client")
        return client

    def _start(self) -> Report:
        return partial(self._put_captured, self._here())

    def _put_captured(self, place: Place | RemoteParent | None, exchange: Exchange) -> None:
        size = exchange.size
        # From here on its bytes count in the inbox.
        exchange.give_back()
        self._hand_in(Captured(exchange=exchange, place=place, receipt=self._receipt(waits=False)), size)

    def _traceparent(self) -> str | None:
        here: Any = self._here()
        return None if here is None else here.traceparent


def capture_of(capturing: Capturing) -> Capture:
    """What puts its taps into clients and modules."""
    with LOADING:
        if capturing._capture is None:
            # Loaded here and not at the top: a program that records by hand need not wait for it.
            from ..capture import Capture

            capturing._capture = Capture(
                start=capturing._start,
                on_error=capturing._problems.refuse,
                traceparent=capturing._traceparent,
            )
            watch(capturing._capture)
        return capturing._capture
