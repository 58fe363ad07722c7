# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""An OpenRouter on loopback, without models, for tests of programs whose requests are recorded."""

from __future__ import annotations

import itertools
import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Final

import attrs

from .compressor import Compressor, compressor
from .openrouter_bodies import body_of, error_body
from .openrouter_events import events_of

__all__ = ["Answer", "LoopbackOpenRouter", "Received"]

# The longest first, because some end alike.
_APIS: Final = ("chat/completions", "completions", "messages", "responses", "embeddings")
_RESET: Final = struct.pack("ii", 1, 0)


@attrs.frozen(kw_only=True)
class Received:
    """
    A request that has come.

    Attributes:
        path: With its query.

        headers: By names in lower case; the values of credentials are not kept.

        body: The bytes.
    """

    path: str
    headers: Mapping[str, str]
    body: bytes = attrs.field(repr=False)

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object; empty if it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


@attrs.frozen(kw_only=True)
class Answer:
    """
    How one request is answered. All defaults together are a usual answer of OpenRouter's.

    Attributes:
        status: The status code.

        headers: Further headers.

        body: The bytes, or pieces of them. Default: what the API answers to the request.

        delay_s: Seconds before the head of the response.

        pause_s: Seconds before each piece of the body but the first.

        pieces: How many pieces of the body are sent before ``ending``; ``None``: all.

        ending:
            ``whole``: as HTTP has it. ``close``: the connection is closed, ``reset``: it is
            reset, ``hang``: nothing more comes until the server is closed.

        before_head: Whether the ending comes instead of the head of the response.

        coding:
            ``gzip``, ``deflate`` or, where that package is installed, ``br``: the body is
            compressed, a stream piece by piece.

        keep_alive: Whether the connection stays open afterwards.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Iterable[bytes] | None = attrs.field(default=None, repr=False)
    delay_s: float = 0.0
    pause_s: float = 0.0
    pieces: int | None = None
    ending: str = "whole"
    before_head: bool = False
    coding: str = ""
    keep_alive: bool = True

    @classmethod
    def error(cls, status: int, message: str = "An error", **named: Any) -> Answer:
        """An error of OpenRouter's; the other arguments are the attributes."""
        return cls(status=status, body=error_body(status, message), **named)


class LoopbackOpenRouter:
    """
    A server on a free port of loopback that answers like OpenRouter, as a context manager.

    It knows ``/chat/completions``, ``/completions``, ``/messages``, ``/responses`` and
    ``/embeddings``, with and without ``stream``. A request with tools gets a call of the first
    one, and, with the result of a tool in its conversation, a text.

    Attributes:
        base_url: What clients are given, such as ``http://127.0.0.1:41234/api/v1``.

        requests: What has come, in order.
    """

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self._script: deque[Answer] = deque()
        self._numbers = itertools.count(1)
        self._over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler_of(self._answer))
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/api/v1"

    def __enter__(self) -> LoopbackOpenRouter:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *details: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def script(self, *answers: Answer) -> None:
        """Sets what the next requests get, one after the other; after them, the usual again."""
        self._script.extend(answers)

    def _answer(self, connection: _Connection, received: Received) -> None:
        self.requests.append(received)
        api = _api_of(received.path)
        answer = self._script.popleft() if self._script else Answer()
        if api is None and answer.body is None:
            answer = Answer.error(404, "Not Found")
        self._over.wait(answer.delay_s)
        if answer.before_head:
            connection.end(answer.ending, self._over)
            return
        body, headers = self._body(answer, api or "", received.json)
        connection.head(answer, body, headers)
        pieces = iter([body] if isinstance(body, bytes) else body)
        for number, piece in enumerate(itertools.islice(pieces, answer.pieces)):
            if number and self._over.wait(answer.pause_s):
                return
            connection.piece(piece)
        connection.end(answer.ending, self._over)

    def _body(
        self, answer: Answer, api: str, request: Mapping[str, Any]
    ) -> tuple[bytes | Iterable[bytes], dict[str, str]]:
        generation_id = f"gen-1771005600-{next(self._numbers):020d}"
        headers = {"content-type": "application/json"}
        if answer.body is not None:
            body: bytes | Iterable[bytes] = answer.body
            if not isinstance(body, bytes):
                headers["content-type"] = "text/event-stream"
        elif request.get("stream") is True:
            headers = {"content-type": "text/event-stream", "x-generation-id": generation_id}
            body = events_of(api, request, generation_id)
        else:
            headers["x-generation-id"] = generation_id
            body = body_of(api, request, generation_id)
        return body, headers


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has left is no error here."""


class _Connection:
    """The connection of one request, on the server's side."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._handler = handler
        self._is_chunked = False
        self._compressor: Compressor | None = None

    def head(self, answer: Answer, body: bytes | Iterable[bytes], headers: Mapping[str, str]) -> None:
        handler = self._handler
        self._is_chunked = not isinstance(body, bytes) or bool(answer.coding)
        if answer.coding:
            self._compressor = compressor(answer.coding)
        handler.send_response(answer.status)
        framing = ("transfer-encoding", "chunked")
        if isinstance(body, bytes) and not self._is_chunked:
            framing = ("content-length", str(len(body)))
        coding = (("content-encoding", answer.coding),) if answer.coding else ()
        connection = () if answer.keep_alive else (("connection", "close"),)
        for name, value in (*headers.items(), framing, *coding, *connection, *answer.headers):
            handler.send_header(name, value)
        handler.end_headers()

    def piece(self, data: bytes) -> None:
        if self._compressor is not None:
            data = self._compressor.piece(data)
        self._write(data)

    def _write(self, data: bytes) -> None:
        # An empty chunk would be the end.
        if data:
            self._handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data) if self._is_chunked else data)
            self._handler.wfile.flush()

    def end(self, ending: str, over: threading.Event) -> None:
        handler = self._handler
        if ending == "whole":
            if self._compressor is not None:
                self._write(self._compressor.end())
            if self._is_chunked:
                handler.wfile.write(b"0\r\n\r\n")
            return
        handler.close_connection = True
        if ending == "hang":
            over.wait()
        elif ending == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            # The handler's own files would keep the connection open.
            handler.rfile.close()
            handler.connection.close()


def _api_of(path: str) -> str | None:
    return next((api for api in _APIS if path.partition("?")[0].endswith(f"/{api}")), None)


def _body_of(handler: BaseHTTPRequestHandler) -> bytes:
    """The body of a request, in either framing."""
    if handler.headers.get("transfer-encoding", "").lower() != "chunked":
        return handler.rfile.read(int(handler.headers.get("content-length", 0)))
    pieces = []
    while True:
        size = int(handler.rfile.readline(), 16)
        pieces.append(handler.rfile.read(size))
        handler.rfile.readline()
        if size == 0:
            return b"".join(pieces)


def _handler_of(answer: Callable[[_Connection, Received], None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

        def do_POST(self) -> None:
            body = _body_of(self)
            headers = {
                name.lower(): "" if name.lower() in ("authorization", "x-api-key") else value
                for name, value in self.headers.items()
            }
            answer(_Connection(self), Received(path=self.path, headers=headers, body=body))

    return Handler
