# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One connection: requests go out and answers come in, every phase of them under one deadline."""

from __future__ import annotations

import io
import socket
from http.client import HTTPException, HTTPResponse
from typing import Any, Final

import attrs

from .deadline import Deadline
from .exchange import MAX_ANSWER_BYTES, Answer
from .network_errors import NETWORK_ERRORS

__all__ = ["Connection"]

_PIECE: Final = 256 * 1024
_SWITCHING_PROTOCOLS: Final = 101


class Connection:
    """
    A connected socket, with TLS or without.

    Args:
        connected: The socket; closed with this.

    Attributes:
        lasts: Whether it may be used for another request.

        heard: Whether anything of the latest answer has arrived.
    """

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self.lasts = True
        self.heard = False

    def close(self) -> None:
        """Closes it on this side; another process that shares it goes on using it."""
        self._socket.close()

    def is_stale(self) -> bool:
        """Whether the server has closed it, or has said something that nobody asked for."""
        try:
            self._socket.settimeout(0.0)
            # The method of the plain socket, because one with TLS cannot peek.
            socket.socket.recv(self._socket, 1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True
        return True

    def send(self, data: bytes, deadline: Deadline) -> None:
        """
        Sends bytes.

        Raises:
            OSError: The connection is lost, or time is up.
        """
        left = memoryview(data)
        while left:
            self._socket.settimeout(deadline.left_s())
            left = left[self._socket.send(left[:_PIECE]) :]

    def status(self, deadline: Deadline) -> int:
        """
        The status of an answer without a body, such as that of a proxy which opened a tunnel.

        Raises:
            OSError, HTTPException: As for ``answer``.
        """
        return _final_response(_Incoming(self._socket, deadline)).status

    def answer(self, deadline: Deadline) -> Answer:
        """
        The answer to a request; one that was cut off after its headers is not complete.

        Raises:
            OSError: There is none, or not in time.
            HTTPException: What came is no HTTP.
        """
        self.lasts = False
        incoming = _Incoming(self._socket, deadline)
        try:
            response = _final_response(incoming)
        finally:
            self.heard = incoming.has_begun
        headers = _headers_of(response)
        begun = Answer(status=response.status, headers=headers, complete=False)
        if incoming.has_ended:
            return begun
        try:
            body = response.read(MAX_ANSWER_BYTES + 1)
        except NETWORK_ERRORS:
            return begun
        length = str(len(body))
        complete = len(body) <= MAX_ANSWER_BYTES and headers.get("content-length", length) == length
        self.lasts = complete and not response.will_close
        return attrs.evolve(begun, body=body[:MAX_ANSWER_BYTES], complete=complete)


class _Incoming(io.RawIOBase):
    """What arrives at a socket, read under a deadline."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline
        self.has_begun = self.has_ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(self._deadline.left_s())
        count = self._socket.recv_into(buffer)
        self.has_begun = self.has_begun or count > 0
        self.has_ended = count == 0
        return count


class _File:
    """What ``HTTPResponse`` needs of a socket."""

    def __init__(self, reader: io.BufferedReader) -> None:
        self._reader = reader

    def makefile(self, mode: str) -> io.BufferedReader:
        return self._reader


class _Response(HTTPResponse):
    """A response whose reader may be collected before it, as both are if they are in one cycle."""

    def flush(self) -> None:
        """Nothing was written; flushing a closed reader would raise, and print that at the end of both."""


def _final_response(incoming: _Incoming) -> HTTPResponse:
    """The status and headers of the first answer that is not an interim one."""
    reader = io.BufferedReader(incoming)
    while True:
        response = _Response(_File(reader), method="POST")  # type: ignore[arg-type]
        response.begin()
        if not 100 <= response.status < 200 or response.status == _SWITCHING_PROTOCOLS:
            return response
        # Otherwise it would close the reader when it is forgotten.
        response.fp = None  # type: ignore[assignment]


def _headers_of(response: HTTPResponse) -> dict[str, str]:
    """The headers by their names in lower case; the values of a repeated one on lines of their own."""
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        known = headers.get(name.lower())
        headers[name.lower()] = value if known is None else f"{known}\n{value}"
    if "\n" in headers.get("content-length", ""):
        raise HTTPException("two lengths")
    return headers
