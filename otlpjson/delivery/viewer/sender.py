# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Sends bodies to the viewer that runs at the moment, whichever it is."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Final

from ...core.errors import ConfigError
from ..compression import UNCOMPRESSED
from ..destination import Destination
from ..forks import watch
from ..outcome import Outcome, OutcomeKind
from ..real_time import RealTime
from ..sender import Sender
from .rendezvous import Rendezvous, rendezvous_at

__all__ = ["LocalSender"]

# Trying again helps only once somebody has started one.
_NO_VIEWER: Final = Outcome(
    kind=OutcomeKind.MISCONFIGURED, message="no viewer is running; start one with `otlpjson view`"
)


class LocalSender(RealTime):
    """
    Sends bodies to the running viewer. It is a context manager, and may be used from several threads.

    Args:
        destination: One that ``local`` made.

        timeout_s: As for ``Sender``.

    Raises:
        ConfigError: It is another one.
    """

    def __init__(self, destination: Destination, *, timeout_s: float | None = None) -> None:
        if destination.rendezvous is None:
            raise ConfigError({"destination": "expected a local viewer"})
        self._destination = destination
        self._path = Path(destination.rendezvous)
        self._timeout_s = timeout_s
        self._found: Rendezvous | None = None
        self._sender: Sender | None = None
        self.after_fork()
        watch(self)

    def after_fork(self) -> None:
        """In a child process: a lock that nobody holds. Called by itself."""
        self._lock = Lock()

    def __enter__(self) -> LocalSender:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"LocalSender({self._destination!r})"

    def send(self, body: bytes, *, test: bool = False) -> Outcome:
        """
        One request with this body; never raises because of the network or the viewer.

        Args:
            body: OTLP/JSON, not compressed.

            test: Whether it is a connection test; it makes no difference.
        """
        found = rendezvous_at(self._path)
        if found is None:
            return _NO_VIEWER
        return self._sender_to(found).send(body, test=test)

    def close(self) -> None:
        """Closes the connection; the next request opens another one."""
        with self._lock:
            sender, self._sender = self._sender, None
        if sender is not None:
            sender.close()

    def _sender_to(self, found: Rendezvous) -> Sender:
        with self._lock:
            if self._sender is not None and found == self._found:
                return self._sender
            before, self._sender = self._sender, self._new_sender(found)
            self._found, sender = found, self._sender
        # That of a viewer that has ended.
        if before is not None:
            before.close()
        return sender

    def _new_sender(self, found: Rendezvous) -> Sender:
        destination = Destination(
            url=f"{found.url}/v1/traces",
            headers=(("Authorization", f"Bearer {found.token}"),),
            secrets=(found.token,),
            # It is as near as memory.
            compression=UNCOMPRESSED,
        )
        return Sender(destination, timeout_s=self._timeout_s)
