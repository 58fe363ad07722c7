# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A small HTTP server: a thread for each connection, and handlers whose answers are sent in one piece."""

from __future__ import annotations

import json
import socket
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from typing import Any, Callable, Final, cast

from .delivered_body import Refusal, delivered_body

__all__ = ["DELIVERY_PATHS", "JSON", "Handler", "HttpServer", "not_found"]

DELIVERY_PATHS: Final = frozenset({"/otlp/v1/traces", "/v1/traces"})
"""Where bodies are posted to."""
JSON: Final = "application/json"
_LINGER_S: Final = 1.0


class HttpServer(ThreadingMixIn, TCPServer):
    """
    A server with a thread per connection; closing it waits for answers that have begun.

    Args:
        host: The IPv4 or IPv6 address to listen on.

        port: The port; 0 picks a free one.

        handler: Makes the handler of a connection.

    Raises:
        OSError: It cannot listen on the address.
    """

    allow_reuse_address = True
    # The default of 5 refuses connections when many senders start at once.
    request_queue_size = 128

    def __init__(self, host: str, port: int, handler: Callable[..., Handler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._open: set[Any] = set()
        super().__init__((host, port), cast(Any, handler))
        # It looks this often, in seconds, whether it should stop.
        self._thread = Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        """``http://`` with address and port."""
        host, port = self.server_address[:2]
        shown = f"[{host!s}]" if ":" in str(host) else str(host)
        return f"http://{shown}:{port}"

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the answers that have begun."""
        self.shutdown()
        self.server_close()
        self._thread.join()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Handles a connection, and remembers it."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forgets the connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Stops reading from all connections, so that their threads end after the current answer."""
        for request in tuple(self._open):
            with suppress(OSError):  # the client may have closed it already
                request.shutdown(socket.SHUT_RD)
        super().server_close()

    def handle_error(self, *args: Any) -> None:
        """Prints nothing for a client that went away."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(*args)


class Handler(BaseHTTPRequestHandler):
    """What every handler does: it answers, refuses, and reads what is delivered."""

    protocol_version = "HTTP/1.1"
    server_version = "otlpjson-receiver"
    sys_version = ""  # no Python version in the Server header
    timeout = 30.0  # seconds without a byte from a client, after which its thread ends
    # An answer is sent in one piece; in two, the second would wait until the first is acknowledged.
    wbufsize = -1

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answers what is no HTTP request that this server reads, without a page."""
        self.close_connection = True
        self.command = self.command or "POST"
        # Before the version of the request is known, Python would send a body alone.
        self.request_version = self.protocol_version
        self.answer(code, json.dumps({"code": 3, "message": message or "bad request"}).encode(), JSON)

    def handle_expect_100(self) -> bool:
        """Asks for the body at once, because a client may wait for that."""
        asked = super().handle_expect_100()
        self.wfile.flush()
        return asked

    def log_message(self, *args: Any) -> None:
        """Logs nothing."""

    def delivered(self, max_bytes: int) -> bytes:
        """
        The body of a delivery.

        Raises:
            Refusal: It is of another type, too large, or no OTLP/JSON.
        """
        media_type = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type != JSON:
            raise Refusal(415, "415 unsupported media type, supported: [application/json]")
        return delivered_body(self.rfile, self.headers, max_bytes)

    def refuse(self, refusal: Refusal) -> None:
        """Answers with a refusal, and closes the connection."""
        # The body may not have been read, so the connection cannot be used again.
        self.close_connection = True
        if refusal.code is None:
            self.answer(refusal.status, refusal.message.encode(), "text/plain")
        else:
            status = json.dumps({"code": refusal.code, "message": refusal.message})
            self.answer(refusal.status, status.encode(), JSON)
        self._linger()

    def accept(self) -> None:
        """Answers a delivery that was accepted."""
        self.answer(200, b'{"partialSuccess":{}}', JSON)

    def answer(self, status: int, body: bytes, media_type: str, *headers: tuple[str, str]) -> None:
        """Sends a whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _linger(self) -> None:
        """Reads the rest of a refused body."""
        # Closing a socket with unread data resets the connection, and the client may lose the answer.
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER_S)
        while self.rfile.read(64 * 1024):
            pass


def not_found() -> Refusal:
    """The refusal of an unknown path."""
    return Refusal(404, "404 page not found")
