# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A raw HTTP server on loopback that misbehaves exactly as it is told, and remembers what it got."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from types import TracebackType

import attrs

__all__ = [
    "OK",
    "Behaviour",
    "FaultServer",
    "Received",
    "Visit",
    "answer",
    "answering",
    "blackhole",
    "cut_answer",
    "drip",
    "endless",
    "forwarding",
    "hang_up",
    "one_after_another",
    "refuse_to_read",
    "reset",
]


@attrs.frozen(kw_only=True)
class Received:
    """One request as it came: its first line, its headers with names in lower case, its body."""

    line: str
    headers: dict[str, str]
    body: bytes


@attrs.define(kw_only=True)
class Visit:
    """One connection, as a behaviour sees it."""

    connection: socket.socket
    server: FaultServer
    rest: bytes = b""

    def read(self) -> Received | None:
        """The next request, or ``None`` when the client has gone."""
        while b"\r\n\r\n" not in self.rest:
            if not self._more():
                return None
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)
        }
        length = int(headers.get("content-length", "0"))
        while len(self.rest) < length:
            if not self._more():
                return None
        body, self.rest = self.rest[:length], self.rest[length:]
        received = Received(line=line, headers=headers, body=body)
        self.server.note(received)
        return received

    def write(self, data: bytes) -> None:
        """Sends; the client may have gone."""
        self.connection.sendall(data)

    def pause(self, seconds: float = 60.0) -> bool:
        """Waits, unless the server closes; says whether it goes on."""
        return not self.server.closing.wait(seconds)

    def _more(self) -> bool:
        got = self.connection.recv(65536)
        self.rest += got
        return bool(got)


Behaviour = Callable[[Visit], None]


class FaultServer:
    """
    Serves every connection by a behaviour, each in its own thread, until it is closed.

    Args:
        behaviour: What to do with a connection; it is closed afterwards.

        certificate: PEM file with certificate and key; the server then speaks TLS.

        clients: PEM file of the authorities whose certificates clients must have; ``None``: none is asked for.

        small_buffer: Take in as little as possible before the behaviour reads.
    """

    def __init__(
        self,
        behaviour: Behaviour,
        *,
        certificate: Path | None = None,
        clients: Path | None = None,
        small_buffer: bool = False,
    ) -> None:
        self.closing = Event()
        self.received: list[Received] = []
        self.connections = 0
        self._behaviour = behaviour
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[Thread] = []
        self._tls: ssl.SSLContext | None = None
        if certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
            if clients is not None:
                self._tls.load_verify_locations(clients)
                self._tls.verify_mode = ssl.CERT_REQUIRED
        self._listener = socket.socket()
        if small_buffer:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(64)
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = Thread(target=self._accept, daemon=True)

    def __enter__(self) -> FaultServer:
        self._acceptor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        # Closing alone does not wake up an accept() or recv() of another thread.
        self._end(self._listener)
        self._acceptor.join(10)
        with self._lock:
            for connection in self._open:
                self._end(connection)
        for thread in self._threads:
            thread.join(10)

    @property
    def url(self) -> str:
        """Its address, by the scheme it speaks."""
        return f"{'http' if self._tls is None else 'https'}://127.0.0.1:{self.port}"

    def note(self, received: Received) -> None:
        """Remembers a request."""
        with self._lock:
            self.received.append(received)

    def _accept(self) -> None:
        with self._listener:
            while not self.closing.is_set():
                try:
                    connection, _ = self._listener.accept()
                except OSError:
                    return
                with self._lock:
                    self.connections += 1
                    self._open.add(connection)
                thread = Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        spoken = connection
        try:
            if self._tls is not None:
                spoken = self._tls.wrap_socket(connection, server_side=True)
                with self._lock:
                    self._open.discard(connection)
                    self._open.add(spoken)
            self._behaviour(Visit(connection=spoken, server=self))
        except OSError:
            pass  # The client has gone, which most of these tests are about.
        finally:
            with self._lock:
                self._open -= {connection, spoken}
            spoken.close()
            connection.close()

    @staticmethod
    def _end(connection: socket.socket) -> None:
        with suppress(OSError):  # It may be closed already.
            connection.shutdown(socket.SHUT_RDWR)


def answer(status: int, body: bytes = b"", *headers: str) -> bytes:
    """A well-formed answer."""
    lines = (f"HTTP/1.1 {status} Some Reason", *headers, f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


OK = answer(200, b"{}", "Content-Type: application/json")


def answering(data: bytes) -> Behaviour:
    """The same bytes for every request, over one connection as long as the client likes."""

    def behave(visit: Visit) -> None:
        while visit.read():
            visit.write(data)

    return behave


def one_after_another(behaviours: Iterable[Behaviour]) -> Behaviour:
    """The first connection by the first behaviour, the next one by the next."""
    waiting = iter(behaviours)

    def behave(visit: Visit) -> None:
        next(waiting)(visit)

    return behave


def hang_up(visit: Visit) -> None:
    """Reads a request and closes."""
    visit.read()


def reset(data: bytes) -> Behaviour:
    """Reads a request, says something, and resets the connection."""

    def behave(visit: Visit) -> None:
        visit.read()
        visit.write(data)
        visit.pause(0.1)  # A reset takes away what the client has not read yet.
        visit.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return behave


def cut_answer(data: bytes) -> Behaviour:
    """Reads a request, says something, and closes in good order."""

    def behave(visit: Visit) -> None:
        visit.read()
        visit.write(data)

    return behave


def drip(at_once: bytes, slowly: bytes, interval_s: float = 0.02) -> Behaviour:
    """Reads a request, says something, then goes on byte by byte; again and again from the start."""

    def behave(visit: Visit) -> None:
        visit.read()
        visit.write(at_once)
        while visit.pause(interval_s):
            for at in range(len(slowly)):
                visit.write(slowly[at : at + 1])
                if not visit.pause(interval_s):
                    return

    return behave


def blackhole(visit: Visit) -> None:
    """Reads a request and says nothing."""
    visit.read()
    visit.pause()


def refuse_to_read(visit: Visit) -> None:
    """Takes the connection and nothing else."""
    visit.pause()


def endless(at_once: bytes, piece: bytes) -> Behaviour:
    """Reads a request, says something, then one thing for ever, as fast as it goes."""

    def behave(visit: Visit) -> None:
        visit.read()
        visit.write(at_once)
        while True:
            visit.write(piece)

    return behave


def forwarding(visit: Visit) -> None:
    """A proxy: makes the tunnel that it is asked for, and passes bytes on both ways."""
    asked = visit.read()
    if asked is None:
        return
    host, _, port = asked.line.split(" ")[1].rpartition(":")
    with socket.create_connection((host, int(port)), timeout=10) as onward:
        visit.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        onward.sendall(visit.rest)
        back = Thread(target=_pass_on, args=(onward, visit.connection), daemon=True)
        back.start()
        _pass_on(visit.connection, onward)
        back.join(10)


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # One of the two has gone.
