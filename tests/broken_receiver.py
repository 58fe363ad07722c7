# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A receiver that does not work until it is healed: what is recorded meanwhile waits in the program."""

from __future__ import annotations

import gzip
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .sent_spans import spans_of

__all__ = ["BrokenReceiver"]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing of clients that left, or were killed."""


class BrokenReceiver:
    """
    A receiver on loopback, as a context manager.

    Args:
        kind: ``refused``: nothing listens; ``blackhole``: no answer comes; or the status it answers.

        retry_after_s: How long it asks to wait; 0 to say nothing.

    Attributes:
        base_url: What a program sends to.

        requests: How many bodies came before it was healed.

        spans: Every span that was accepted.

        names_only: Whether of each span only the name is kept, so that hours of them find room.
    """

    def __init__(self, kind: str, retry_after_s: int = 0) -> None:
        self.names_only = False
        self.requests = 0
        self.spans: list[dict[str, Any]] = []
        self._kind = kind
        self._retry_after_s = retry_after_s
        self._is_healed = threading.Event()
        self._server: ThreadingHTTPServer | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> BrokenReceiver:
        if self._kind != "refused":
            self._listen()
        return self

    def __exit__(self, *details: object) -> None:
        self._is_healed.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def fail(self, kind: str) -> None:
        """From now on it does this instead; it accepts everything again if that is empty."""
        self._kind = kind
        if kind:
            self._is_healed.clear()
        else:
            self.heal()

    def heal(self) -> None:
        """From now on it accepts everything."""
        self._is_healed.set()
        if self._server is None:
            self._listen()

    def _listen(self) -> None:
        self._server = _Server(("127.0.0.1", self._port), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["content-length"]))
                if receiver._is_healed.is_set():
                    is_coded = self.headers.get("content-encoding") == "gzip"
                    spans = spans_of(gzip.decompress(data) if is_coded else data)
                    if receiver.names_only:
                        spans = [{"name": span["name"]} for span in spans]
                    receiver.spans += spans
                    self.answer(200)
                    return
                receiver.requests += 1
                if receiver._kind == "blackhole":
                    receiver._is_healed.wait()
                    self.close_connection = True
                else:
                    self.answer(int(receiver._kind))

            def answer(self, status: int) -> None:
                self.send_response(status)
                if status != 200 and receiver._retry_after_s:
                    self.send_header("Retry-After", str(receiver._retry_after_s))
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

        return Handler
