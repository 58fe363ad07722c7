# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The receiver: a local HTTP server for OTLP/JSON that answers like an OpenTelemetry Collector.

It checks that a body is a JSON object with a list of groups, and leaves the spans in it to a decoder.
"""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Callable
from functools import partial
from threading import Condition
from types import TracebackType
from typing import Any

from ..core.decoder import decode
from ..core.lines import one_line
from ..core.model import TracesData
from ..core.traces import Trace, traces_of
from ..core.words import plural
from .delivered_body import UNAUTHENTICATED, UNAVAILABLE, Refusal
from .http_server import DELIVERY_PATHS, Handler, HttpServer, not_found

__all__ = ["Receiver"]


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
        self._changed = Condition()
        self._lines: list[bytes] = []
        self._decoded: list[TracesData] = []
        self._server = HttpServer(host, port, partial(_Handler, self))

    def __enter__(self) -> Receiver:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    @property
    def base_url(self) -> str:
        """The base URL to send to."""
        return self._server.base_url

    @property
    def lines(self) -> tuple[bytes, ...]:
        """Every accepted body so far, in order, each as one line of JSON without a line end."""
        with self._changed:
            return tuple(self._lines)

    @property
    def traces(self) -> tuple[Trace, ...]:
        """
        The traces in all bodies so far, in the order in which they came.

        A span that was sent twice is there twice.

        Raises:
            InvalidDocument: A body is no OTLP/JSON that a strict reader accepts.
        """
        with self._changed:
            return self._traces()

    def wait_for(self, count: int, *, timeout_s: float = 10.0) -> tuple[Trace, ...]:
        """
        The traces, as soon as there are this many.

        A trace counts from its first span on: more of them may follow in other bodies.

        Raises:
            TimeoutError: There are fewer after ``timeout_s`` seconds.
            InvalidDocument: As for ``traces``.
        """
        deadline_s = time.monotonic() + timeout_s
        with self._changed:
            while len(found := self._traces()) < count:
                left_s = deadline_s - time.monotonic()
                if left_s <= 0:
                    came = f"{plural(len(found), 'trace')} in {plural(len(self._lines), 'request')}"
                    raise TimeoutError(f"expected {plural(count, 'trace')}, got {came} in {timeout_s} s")
                self._changed.wait(left_s)
        return found

    def _traces(self) -> tuple[Trace, ...]:
        new = self._lines[len(self._decoded) :]
        self._decoded += map(decode, new)
        return traces_of(self._decoded)

    def _keep(self, body: bytes) -> None:
        line = one_line(body)
        with self._changed:
            if self._on_body is None:
                self._lines.append(line)
                self._changed.notify_all()
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


class _Handler(Handler):
    def __init__(self, receiver: Receiver, *connection: Any) -> None:
        self._receiver = receiver
        super().__init__(*connection)

    def do_POST(self) -> None:
        """Accepts a delivery, or says why not."""
        try:
            self._check_request()
            self._receiver._keep(self.delivered(self._receiver.max_body_bytes))
        except Refusal as refusal:
            self.refuse(refusal)
            return
        self.accept()

    def do_GET(self) -> None:
        """Refuses every other method."""
        known = self._known_path()
        self.refuse(Refusal(405, "405 method not allowed, supported: [POST]") if known else not_found())

    do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_GET

    def _known_path(self) -> bool:
        return self.path.partition("?")[0] in DELIVERY_PATHS

    def _check_request(self) -> None:
        if not self._known_path():
            raise not_found()
        given = self.headers.get("Authorization")
        if not self._receiver._authorized(given or ""):
            words = "invalid credentials" if given else "no basic auth provided"
            raise Refusal(401, words, UNAUTHENTICATED)

    def answer(self, status: int, body: bytes, media_type: str, *headers: tuple[str, str]) -> None:
        """Sends a whole answer; a refusal of credentials says which are expected."""
        wanted = (("WWW-Authenticate", 'Basic realm="otlpjson"'),) if status == 401 else ()
        super().answer(status, body, media_type, *wanted, *headers)
