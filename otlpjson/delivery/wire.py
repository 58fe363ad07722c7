# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The wire to a server: a connection that stays open, and is opened anew where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone

from .conclusion import conclude
from .connection import Connection
from .deadline import Deadline
from .destination import Destination
from .dialling import Dialling, Line
from .exchange import Answer, NoAnswer, Request
from .http_head import head_of
from .network_errors import NETWORK_ERRORS, no_answer
from .outcome import Outcome
from .tls import Tls

__all__ = ["Wire"]


class Wire:
    """
    Exchanges requests and answers, one at a time.

    Args:
        destination: Where requests go.

        proxies: Proxy URLs by scheme; ``None`` for those of the environment.

        tls: Whom to trust, and the certificate of this side.
    """

    def __init__(self, destination: Destination, *, proxies: Mapping[str, str] | None, tls: Tls) -> None:
        self._destination = destination
        self._dialling = Dialling(destination.url, proxies=proxies, tls=tls)
        self._kept: Line | None = None

    def after_fork(self) -> None:
        """In a child process: a connection of its own."""
        self._dialling.after_fork()
        self.hang_up()

    def hang_up(self) -> None:
        """Closes the connection; the next request opens another one."""
        if self._kept is not None:
            self._kept.connection.close()
            self._kept = None

    def exchange(self, request: Request, deadline: Deadline) -> Outcome:
        """One request, and what its answer means; never raises because of the network or the server."""
        destination = self._destination
        return conclude(
            self._answer(request, deadline),
            now=datetime.now(timezone.utc),
            secrets=destination.secrets,
            is_webhook=destination.is_webhook,
        )

    def _answer(self, request: Request, deadline: Deadline) -> Answer | NoAnswer:
        try:
            return self._asked(request, deadline)
        except NETWORK_ERRORS as error:
            return no_answer(error)

    def _asked(self, request: Request, deadline: Deadline) -> Answer:
        kept, self._kept = self._kept, None
        if kept is not None and kept.connection.is_stale():
            kept.connection.close()
            kept = None
        if kept is not None:
            try:
                return self._ask(kept, request, deadline)
            except ConnectionError:
                # The server closed it while the request was on its way, which happens to any connection.
                if kept.connection.heard:
                    raise
        return self._ask(self._dialling.open(deadline), request, deadline)

    def _ask(self, line: Line, request: Request, deadline: Deadline) -> Answer:
        connection = line.connection
        # Only after a complete answer: a later request could be given the rest of this one's.
        connection.lasts = False
        try:
            head = head_of(request, line.target, line.host, line.headers)
            try:
                connection.send(head + request.body, deadline)
            except ConnectionError as error:
                return _early_answer(connection, deadline, error)
            return connection.answer(deadline)
        finally:
            if connection.lasts:
                self._kept = line
            else:
                connection.close()


def _early_answer(connection: Connection, deadline: Deadline, error: ConnectionError) -> Answer:
    """What a server said that did not read all of a request; otherwise the error of sending it."""
    try:
        answer = connection.answer(deadline)
    except NETWORK_ERRORS:
        raise error from None
    connection.lasts = False
    return answer
