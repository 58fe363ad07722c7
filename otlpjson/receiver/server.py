# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The receiver: a local HTTP server for OTLP/JSON that answers like an OpenTelemetry Collector.

It checks that a body is a JSON object with a list of groups, and leaves the spans in it to a decoder.
"""

from __future__ import annotations

import base64
import hmac
import json
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Final, cast

from ..core.lines import one_line
from .delivered_body import UNAUTHENTICATED, UNAVAILABLE, Refusal, delivered_body

__all__ = ["Receiver"]

_PATHS: Final = frozenset({"/otlp/v1/traces", "/v1/traces"})
_LINGER_S: Final = 1.0
_JSON: Final = "application/json"


class Receiver:
    """
    An HTTP server in a thread of its own; it runs inside a ``with`` block.

    Args:
        host: The IPv4 or IPv6 address to listen on.

        port: The port; 0 picks a free one.

        credentials: User name and password to require as Basic auth, or ``None`` for none.

        max_body_bytes: Larger bodies are refused, before or after decompression. Default: the Collector's.

        on_body:
            Called with each accepted body as one line, one call at a time, instead of keeping it
            in ``lines``. If it raises an OSError, the answer is 503, so that the sender tries again.

    Raises:
        OSError: It cannot listen on the address.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        credentials: tuple[str, str] | None = None,
        max_body_bytes: int = 20 * 1024 * 1024,
        on_body: Callable[[bytes], None] | None = None,
    ) -> None:
        self.max_body_bytes = max_body_bytes
        self._token = credentials and base64.b64encode(":".join(credentials).encode())
        self._on_body = on_body
        self._lock = Lock()
        self._lines: list[bytes] = []
        self._server = _Server(host, port, self)
        # It looks this often, in seconds, whether it should stop.
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Receiver:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        """The base URL to send to."""
        host, port = self._server.server_address[:2]
        shown = f"[{host!s}]" if ":" in str(host) else str(host)
        return f"http://{shown}:{port}"

    @property
    def lines(self) -> tuple[bytes, ...]:
        """Every accepted body so far, in order, each as one line of JSON without a line end."""
        with self._lock:
            return tuple(self._lines)

    def _keep(self, body: bytes) -> None:
        line = one_line(body)
        with self._lock:
            if self._on_body is None:
                self._lines.append(line)
                return
            try:
                self._on_body(line)
            except OSError as error:
                raise Refusal(503, f"the body cannot be stored: {error}", UNAVAILABLE) from None

    def _authorized(self, given: str) -> bool:
        if self._token is None:
            return True
        # The scheme's name has no case (RFC 9110, 11.1).
        scheme, _, token = given.partition(" ")
        # Compared in constant time, so that an answer's delay says nothing about the password.
        same = hmac.compare_digest(token.strip().encode("utf-8", "replace"), self._token)
        return same and scheme.lower() == "basic"


class _Server(ThreadingMixIn, TCPServer):
    """A server with a thread per connection; closing it waits for answers that have begun."""

    allow_reuse_address = True
    # The default of 5 refuses connections when many senders start at once.
    request_queue_size = 128

    def __init__(self, host: str, port: int, receiver: Receiver) -> None:
        self.receiver = receiver
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._open: set[Any] = set()
        super().__init__((host, port), _Handler)

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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "otlpjson-receiver"
    sys_version = ""  # no Python version in the Server header
    timeout = 30.0  # seconds without a byte from a client, after which its thread ends
    # An answer is sent in one piece; in two, the second would wait until the first is acknowledged.
    wbufsize = -1

    def do_POST(self) -> None:
        """Accepts a delivery, or says why not."""
        receiver = cast(_Server, self.server).receiver
        try:
            self._check_request(receiver)
            receiver._keep(delivered_body(self.rfile, self.headers, receiver.max_body_bytes))
        except Refusal as refusal:
            self._refuse(refusal)
            return
        self._answer(200, b'{"partialSuccess":{}}', _JSON)

    def do_GET(self) -> None:
        """Refuses every other method."""
        known = self._known_path()
        self._refuse(Refusal(405, "405 method not allowed, supported: [POST]") if known else _not_found())

    do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_GET

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answers what is no HTTP request that this server reads, without a page."""
        self.close_connection = True
        self.command = self.command or "POST"
        # Before the version of the request is known, Python would send a body alone.
        self.request_version = self.protocol_version
        self._answer(code, json.dumps({"code": 3, "message": message or "bad request"}).encode(), _JSON)

    def handle_expect_100(self) -> bool:
        """Asks for the body at once, because a client may wait for that."""
        asked = super().handle_expect_100()
        self.wfile.flush()
        return asked

    def log_message(self, *args: Any) -> None:
        """Logs nothing."""

    def _known_path(self) -> bool:
        return self.path.partition("?")[0] in _PATHS

    def _check_request(self, receiver: Receiver) -> None:
        if not self._known_path():
            raise _not_found()
        given = self.headers.get("Authorization")
        if not receiver._authorized(given or ""):
            words = "invalid credentials" if given else "no basic auth provided"
            raise Refusal(401, words, UNAUTHENTICATED)
        media_type = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type != _JSON:
            raise Refusal(415, "415 unsupported media type, supported: [application/json]")

    def _refuse(self, refusal: Refusal) -> None:
        # The body may not have been read, so the connection cannot be used again.
        self.close_connection = True
        if refusal.code is None:
            self._answer(refusal.status, refusal.message.encode(), "text/plain")
        else:
            status = json.dumps({"code": refusal.code, "message": refusal.message})
            self._answer(refusal.status, status.encode(), _JSON)
        self._linger()

    def _linger(self) -> None:
        """Reads the rest of a refused body."""
        # Closing a socket with unread data resets the connection, and the client may lose the answer.
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER_S)
        while self.rfile.read(64 * 1024):
            pass

    def _answer(self, status: int, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="otlpjson"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _not_found() -> Refusal:
    return Refusal(404, "404 page not found")
