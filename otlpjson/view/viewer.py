# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The viewer: a local page of traces, an API of JSON, and a receiver of OTLP/JSON, in one server."""

from __future__ import annotations

import json
import secrets
import sqlite3
from functools import partial
from types import TracebackType
from typing import Any, Final

from ..core.decoder import decode_lenient
from ..core.errors import InvalidDocument
from ..core.model import TracesData
from ..receiver.delivered_body import UNAVAILABLE, Refusal
from ..receiver.http_server import DELIVERY_PATHS, Handler, HttpServer, not_found
from .access import SAFE_HEADERS, Access
from .feed import Feed
from .page_files import page_file
from .routes import answer_to
from .store.questions import Questions
from .store.store import Store

__all__ = ["Viewer"]

_MAX_BODY_BYTES: Final = 64 * 1024 * 1024
# A connection that says nothing is closed by some programs between.
_HEARTBEAT_S: Final = 15.0


class Viewer:
    """
    A server on 127.0.0.1 that shows the spans of a store and accepts new ones, in a ``with`` block.

    Args:
        store: Where the spans are.

        port: The port; 0 picks a free one.

    Raises:
        OSError: It cannot listen on the port.
    """

    def __init__(self, store: Store, *, port: int = 0) -> None:
        self._store = store
        self._feed = Feed()
        self._server = HttpServer("127.0.0.1", port, partial(_Handler, self))
        self.token = secrets.token_urlsafe(24)
        self._access = Access(self.token, self._server.server_address[1])

    def __enter__(self) -> Viewer:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._feed.close()
        self._server.stop()

    @property
    def base_url(self) -> str:
        """The base URL to send to, with the token in the header ``Authorization: Bearer``."""
        return self._server.base_url

    @property
    def page_url(self) -> str:
        """The address of the page. Who knows it can read everything."""
        return f"{self.base_url}/{self.token}/"

    def add(self, traces: TracesData) -> None:
        """
        Shows the spans of a body.

        Raises:
            sqlite3.Error: They cannot be stored.
        """
        self._feed.publish(self._store.add(traces))


class _Handler(Handler):
    server_version = "otlpjson-viewer"

    def __init__(self, viewer: Viewer, *connection: Any) -> None:
        self._viewer = viewer
        super().__init__(*connection)

    def do_GET(self) -> None:
        """Answers with a file of the page, of the API, or with news as they come."""
        try:
            path, _, query = self._allowed().partition("?")
            if path == "/api/events":
                self._send_news()
            else:
                self._send_page(path, query)
        except Refusal as refusal:
            self.refuse(refusal)
        except sqlite3.Error as error:
            self.refuse(Refusal(500, f"the store cannot be read: {error}", UNAVAILABLE))

    def do_POST(self) -> None:
        """Accepts a delivery, or says why not."""
        try:
            if self._allowed().partition("?")[0] not in DELIVERY_PATHS:
                raise not_found()
            self._viewer.add(decode_lenient(self.delivered(_MAX_BODY_BYTES)).traces)
        except Refusal as refusal:
            self.refuse(refusal)
        except InvalidDocument as error:
            self.refuse(Refusal(400, str(error), 3))
        except sqlite3.Error as error:
            # The sender tries again.
            self.refuse(Refusal(503, f"the spans cannot be stored: {error}", UNAVAILABLE))
        else:
            self.accept()

    def do_PUT(self) -> None:
        """Refuses every other method."""
        self.refuse(Refusal(405, "405 method not allowed, supported: [GET, POST]"))

    do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_PUT

    def _allowed(self) -> str:
        return self._viewer._access.path_of(self.path, self.headers)

    def _send_page(self, path: str, query: str) -> None:
        answer = answer_to(path, query, Questions(self._viewer._store.database))
        if answer is not None:
            attachment = f'attachment; filename="{answer.file_name}"'
            saved = (("Content-Disposition", attachment),) if answer.file_name else ()
            self.answer(answer.status, answer.body, answer.media_type, *saved)
            return
        file = page_file(path)
        if file is None:
            raise not_found()
        self.answer(200, *file)

    def answer(self, status: int, body: bytes, media_type: str, *headers: tuple[str, str]) -> None:
        """Sends a whole answer with the headers that keep a page safe."""
        super().answer(status, body, media_type, *SAFE_HEADERS, *headers)

    def _send_news(self) -> None:
        """Server-sent events, until the page or the viewer is closed."""
        feed = self._viewer._feed
        given = self.headers.get("Last-Event-ID", "")
        seen = int(given) if given.isascii() and given.isdigit() and len(given) < 16 else feed.number
        self.close_connection = True
        self.send_response(200)
        for name, value in (("Content-Type", "text/event-stream"), ("Connection", "close"), *SAFE_HEADERS):
            self.send_header(name, value)
        self.end_headers()
        self._send(f"retry: 1000\nid: {seen}\nevent: hello\ndata: {{}}\n\n")
        while not feed.closed:
            news = feed.wait(seen, _HEARTBEAT_S)
            if news is None:
                self._send(": nothing new\n\n")
                continue
            seen, changed = news
            self._send(f"id: {seen}\nevent: traces\ndata: {json.dumps({'trace_ids': changed})}\n\n")

    def _send(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()
