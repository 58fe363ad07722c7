# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A receiver that is busy until it is told otherwise: what is recorded meanwhile waits in the program."""

from __future__ import annotations

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["BusyReceiver"]


class BusyReceiver:
    """
    A receiver on loopback, as a context manager.

    Attributes:
        base_url: What the program sends to.

        is_busy: Whether it answers 503, with a wait of two seconds.

        asked: How many bodies have come, accepted or not.
    """

    def __init__(self) -> None:
        self.is_busy = True
        self.asked = 0
        self._bodies: list[dict[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> BusyReceiver:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *details: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def spans(self) -> list[dict[str, Any]]:
        """Every span that was accepted."""
        return [
            span
            for body in self._bodies
            for group in body["resourceSpans"]
            for scope_spans in group["scopeSpans"]
            for span in scope_spans["spans"]
        ]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["content-length"]))
                receiver.asked += 1
                if receiver.is_busy:
                    self.send_response(503)
                    self.send_header("Retry-After", "2")
                else:
                    is_coded = self.headers.get("content-encoding") == "gzip"
                    receiver._bodies.append(json.loads(gzip.decompress(data) if is_coded else data))
                    self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

        return Handler
