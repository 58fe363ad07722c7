# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A server that misbehaves, for any client: what it accepted is told by the names in the bodies.

Every span that is recorded has a name such as ``span-00017-here`` in it, which protobuf, JSON and
Sentry's envelopes all hold as plain bytes.
"""

from __future__ import annotations

import gzip
import re
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import brotli  # type: ignore[import-untyped]

__all__ = ["PeerServer", "name_of"]

_NAME: Final = re.compile(rb"span-\d{5}-here")
_DRIP_S: Final = 1.0
_BOMB: Final = 256 * 1024 * 1024


def name_of(number: int) -> str:
    """The name of a span."""
    return f"span-{number:05}-here"


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing of clients that left."""


class PeerServer:
    """
    A server on loopback, as a context manager.

    Args:
        behaviour:
            ``ok``, a status such as ``503``, ``redirect``, ``poison`` (a body with the span 7 is answered
            with 400), ``drip`` (the answer comes one byte per second), ``bomb`` (it is 256 MiB of zeros,
            compressed) or ``blackhole``.

    Attributes:
        behaviour: The same; may be changed while it runs.

        accepted: The names of spans for which the client was told that they arrived, or was told nothing.
    """

    def __init__(self, behaviour: str) -> None:
        self.behaviour = behaviour
        self.accepted: set[bytes] = set()
        self.again = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

            def do_POST(self) -> None:
                server._answer(self, _plain(self))

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> PeerServer:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *details: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        names = set(_NAME.findall(body))
        kind = self.behaviour
        if kind == "blackhole":
            time.sleep(3600)
        elif kind == "redirect":
            self._say(handler, 302, headers={"Location": f"{self.url}/elsewhere"})
        elif kind == "poison" and name_of(7).encode() in names:
            self._say(handler, 400)
        elif kind.isdigit():
            self._say(handler, int(kind))
        else:
            self.again += len(names & self.accepted)
            self.accepted |= names
            if kind == "drip":
                self._drip(handler)
            elif kind == "bomb":
                self._say(handler, 200, _bomb(), {"Content-Encoding": "gzip"})
            else:
                self._say(handler, 200)

    def _say(
        self,
        handler: BaseHTTPRequestHandler,
        status: int,
        body: bytes = b"{}",
        headers: dict[str, str] | None = None,
    ) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def _drip(self, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
        )
        try:
            for _ in range(100):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(_DRIP_S)
        except OSError:
            handler.close_connection = True


def _plain(handler: BaseHTTPRequestHandler) -> bytes:
    data = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
    coding = handler.headers.get("Content-Encoding")
    if coding == "br":
        plain: bytes = brotli.decompress(data)
        return plain
    return gzip.decompress(data) if coding == "gzip" else data


def _bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1024 * 1024)
    return b"".join(packer.compress(zeros) for _ in range(_BOMB // len(zeros))) + packer.flush()
