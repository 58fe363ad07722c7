# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Outages of every kind while a program records: nothing is lost, and soon after it all has arrived.

    python -m tests.processes.outages [SECONDS]

Runs all kinds at the same time, each with a server and a Broadcast of its own. Prints for each how many
requests the server got meanwhile, how long it took afterwards until everything had arrived, what did
not, and what arrived more than once.
"""

from __future__ import annotations

import gzip
import json
import socket
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import attrs

from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import otel_collector

from .forking import record

__all__ = ["KINDS", "Outage", "main", "run"]

KINDS: Final = ("refused", "blackhole", "503", "429", "401", "500", "400")
# What a server says with these is no reason to try again by itself, so what it refused is sent on request.
_RESENT: Final = ("500", "400")
_EVERY_S: Final = 0.05
_PATIENCE_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.05
# So that requests into the blackhole end within the outage.
_TIMEOUT_S: Final = 2.0


@attrs.frozen
class Outage:
    """
    What an outage came to.

    Attributes:
        kind: What the server did.

        recorded: How many spans were recorded meanwhile.

        requests: How many requests the server got meanwhile.

        caught_up_s: Seconds from its end until all had arrived.

        lost: How many did not arrive.

        twice: How many arrived more than once.
    """

    kind: str
    recorded: int
    requests: int
    caught_up_s: float
    lost: int
    twice: int

    def __str__(self) -> str:
        return (
            f"{self.kind:<10} {self.recorded} recorded, {self.requests} requests, all there after "
            f"{self.caught_up_s:.1f} s; {self.lost} lost, {self.twice} twice"
        )


class _Server:
    """A receiver that does not work until it is healed."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.is_healed = threading.Event()
        self.requests = 0
        self.arrived: Counter[str] = Counter()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1/traces"
        self._server: Any = None
        if kind != "refused":
            self._listen()

    def heal(self) -> None:
        self.is_healed.set()
        if self._server is None:
            self._listen()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _listen(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def _keep(self, body: bytes) -> None:
        for group in json.loads(body)["resourceSpans"]:
            for scope_spans in group["scopeSpans"]:
                self.arrived.update(span["name"] for span in scope_spans["spans"])

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["content-length"]))
                status = 200
                if not server.is_healed.is_set():
                    server.requests += 1
                    if server.kind == "blackhole":
                        server.is_healed.wait()
                        self.close_connection = True
                        return
                    status = int(server.kind)
                else:
                    is_coded = self.headers.get("content-encoding") == "gzip"
                    server._keep(gzip.decompress(data) if is_coded else data)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

        return Handler


def run(kind: str, seconds: float) -> Outage:
    """One outage of this length."""
    server = _Server(kind)
    target = BroadcastDestination(destination=otel_collector(server.url), name="here")
    broadcast = Broadcast([target], timeout_s=_TIMEOUT_S)
    recorded = 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        record(broadcast, f"{kind}-{recorded}")
        recorded += 1
        time.sleep(_EVERY_S)
    requests = server.requests
    server.heal()
    healed_s = time.monotonic()
    if kind in _RESENT:
        broadcast.flush()
        broadcast.resend("here")
    while len(server.arrived) < recorded and time.monotonic() < healed_s + _PATIENCE_S:
        time.sleep(_LOOK_EVERY_S)
    caught_up_s = time.monotonic() - healed_s
    broadcast.close()
    server.close()
    twice = sum(times > 1 for times in server.arrived.values())
    return Outage(kind, recorded, requests, caught_up_s, recorded - len(server.arrived), twice)


def main(seconds: float) -> int:
    """Prints the outages; 1 if anything was lost or came twice."""
    with ThreadPoolExecutor(len(KINDS)) as pool:
        outages = list(pool.map(lambda kind: run(kind, seconds), KINDS))
    for outage in outages:
        print(outage)
    return 1 if any(outage.lost or outage.twice for outage in outages) else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0))
