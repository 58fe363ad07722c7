# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The viewer's server: its page, its API, what it accepts and what it refuses. Each test speaks HTTP to it."""

from __future__ import annotations

import gzip
import http.client
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import attrs
import pytest

from otlpjson.core.encoder import encode
from otlpjson.core.errors import InvalidDocument
from otlpjson.view import Store, Viewer
from otlpjson.view import viewer as viewer_module

from .spans import NOW_NS, fixture, generation

GUIDE = "addc2f052d437fec14c79a7193ea8135"
PAGE = sorted((Path(viewer_module.__file__).parent / "page").iterdir())
JSON = {"Content-Type": "application/json"}


@attrs.frozen
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@pytest.fixture
def viewer(tmp_path: Path) -> Iterator[Viewer]:
    """A viewer with the guide's example."""
    with Store(tmp_path / "t.db", now_ns=lambda: NOW_NS) as store, Viewer(store) as running:
        running.add(fixture("guide"))
        yield running


@contextmanager
def connected(viewer: Viewer) -> Iterator[http.client.HTTPConnection]:
    """A connection to it."""
    port = urlsplit(viewer.base_url).port
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        yield connection


def ask(viewer: Viewer, path: str, body: bytes | None = None, method: str = "", **headers: str) -> Reply:
    """One request below the address of the page; in names of headers, "_" stands for "-"."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    with connected(viewer) as connection:
        verb = method or ("GET" if body is None else "POST")
        connection.request(verb, f"/{viewer.token}{path}", body, given)
        response = connection.getresponse()
        return Reply(response.status, dict(response.headers), response.read())


def test_the_page_is_served_below_the_token(viewer: Viewer) -> None:
    """Its address has everything."""
    path = urlsplit(viewer.page_url).path
    with connected(viewer) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        page = response.read()

    assert path == f"/{viewer.token}/"
    assert len(viewer.token) == 32
    assert (response.status, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b'<script type="module" src="main.js">' in page


@pytest.mark.parametrize("file", PAGE, ids=lambda file: file.name)
def test_each_file_of_the_page_is_served(file: Path, viewer: Viewer) -> None:
    """With its type, and with the headers that keep a page safe."""
    types = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
    reply = ask(viewer, f"/{file.name}")

    assert (reply.status, reply.body) == (200, file.read_bytes())
    assert reply.headers["Content-Type"].startswith(types[file.suffix])


def test_every_answer_has_the_safe_headers(viewer: Viewer) -> None:
    """Also a refusal and an error."""
    for reply in (ask(viewer, "/"), ask(viewer, "/api/traces"), ask(viewer, "/none"), ask(viewer, "/", b"x")):
        assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in reply.headers["Content-Security-Policy"]
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/none.js", "/../viewer.py", "/%2e%2e/viewer.py", "/page", "/api", "/api/", "/api/none", "/.."]
)
def test_nothing_else_is_served(path: str, viewer: Viewer) -> None:
    """No path leads out of the page."""
    assert ask(viewer, path).status == 404


def test_the_page_is_small_and_takes_nothing_from_the_network() -> None:
    """Its bound is 300 kB; no address of another host, no inline code, no HTML out of texts."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in PAGE}

    assert sum(file.stat().st_size for file in PAGE) < 100_000
    assert [
        name
        for name, text in texts.items()
        if "//" in text.replace("http://www.w3.org", "").replace("// ", "")
    ] == []
    assert [
        name
        for name, text in texts.items()
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "new Function",
            "srcdoc",
        )
        if word in text
    ] == []
    assert " style=" not in texts["index.html"] and "onclick" not in texts["index.html"]


def test_the_api_answers_what_the_store_knows(viewer: Viewer) -> None:
    """Each of its addresses."""
    status = ask(viewer, "/api/status").json
    traces = ask(viewer, f"/api/traces?where={quote('model ~ gpt')}&order=newest&limit=5&offset=0").json
    trace = ask(viewer, f"/api/traces/{GUIDE}").json
    number = trace["rows"][1]["id"]
    whole = ask(viewer, f"/api/traces/{GUIDE}/otlp")
    alone = ask(viewer, f"/api/spans/{number}/otlp")
    text = ask(viewer, f"/api/spans/{number}/text?at=messages.0.0")

    assert (status["traces"], status["spans"], status["fields"]["cost"]) == (1, 2, "US dollars")
    assert [one["name"] for one in traces["traces"]] == ["Metric Analysis Pipeline"]
    assert ask(viewer, "/api/sums").json["traces"] == 1
    assert ask(viewer, "/api/sessions").json["sessions"][0]["session_id"] == "session_abc"
    assert ask(viewer, "/api/values?field=model").json == {"values": ["openai/gpt-4o"]}
    assert [row["name"] for row in trace["rows"]] == ["Metric Analysis Pipeline", "Anomaly Detection"]
    assert ask(viewer, f"/api/spans/{number}").json["name"] == "Anomaly Detection"
    assert whole.body == encode(fixture("guide"))
    assert whole.headers["Content-Disposition"] == f'attachment; filename="trace-{GUIDE}.json"'
    assert alone.headers["Content-Disposition"] == f'attachment; filename="span-{number}.json"'
    assert (text.body, text.headers["Content-Type"]) == (
        b"Analyze this metric...",
        "text/plain; charset=utf-8",
    )


@pytest.mark.parametrize(
    "path",
    [
        f"/api/traces/{'0' * 32}",
        f"/api/traces/{'0' * 32}/otlp",
        "/api/spans/9",
        "/api/spans/9/otlp",
        "/api/spans/2/text?at=x",
        "/api/spans/2/text",
    ],
)
def test_what_is_not_there_is_not_found(path: str, viewer: Viewer) -> None:
    """In JSON, as every answer of the API."""
    reply = ask(viewer, path)

    assert (reply.status, reply.json) == (404, {"error": "not found"})


@pytest.mark.parametrize("path", ["traces", "sums", "sessions"])
def test_a_condition_that_means_nothing_is_explained(path: str, viewer: Viewer) -> None:
    """With the words of the terminal."""
    reply = ask(viewer, f"/api/{path}?where={quote('colour = red')}")

    assert reply.status == 400
    assert reply.json["error"].startswith("unknown field colour; known are text, name, model,")


@pytest.mark.parametrize(
    "query", ["limit=x&offset=-1", "limit=99999999999999999999", "&" * 200, "where=&where=&limit=1000000"]
)
def test_numbers_that_are_none_are_the_usual_ones(query: str, viewer: Viewer) -> None:
    """A page may be changed by hand."""
    assert ask(viewer, f"/api/traces?{query}").json["total"] == 1


@pytest.mark.parametrize("path", ["/v1/traces", "/otlp/v1/traces"])
def test_bodies_are_accepted_where_the_token_is(path: str, viewer: Viewer) -> None:
    """In the path or in a header; plain and compressed."""
    body = encode(generation(7))
    port = urlsplit(viewer.base_url).port
    assert ask(viewer, path, body, **JSON).status == 200
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        headers = {**JSON, "Authorization": f"Bearer {viewer.token}", "Content-Encoding": "gzip"}
        connection.request("POST", path, gzip.compress(encode(generation(8))), headers)
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b'{"partialSuccess":{}}')
        connection.request("POST", path, body, JSON)
        refused = connection.getresponse()
        assert (refused.status, json.loads(refused.read())["code"]) == (401, 16)

    assert ask(viewer, "/api/status").json["traces"] == 3


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/v1/logs", b"{}", JSON, 404),
        ("/v1/traces", b"{}", {"Content-Type": "text/plain"}, 415),
        ("/v1/traces", b"nope", JSON, 400),
        ("/v1/traces", b'{"resourceSpans":5}', JSON, 400),
        ("/v1/traces", b"{}", {**JSON, "Origin": "http://evil.test"}, 403),
        ("/v1/traces", b"{}", {**JSON, "Host": "evil.test"}, 403),
    ],
)
def test_what_is_no_delivery_is_refused(
    path: str, body: bytes, headers: dict[str, str], status: int, viewer: Viewer
) -> None:
    """And nothing is stored."""
    assert ask(viewer, path, body, **headers).status == status
    assert ask(viewer, "/api/status").json["traces"] == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_other_methods_are_refused(method: str, viewer: Viewer) -> None:
    """Also a browser's question whether it may ask."""
    reply = ask(viewer, "/api/traces", method=method)

    assert reply.status == 405
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_a_body_that_a_strict_reader_refuses_is_read_as_far_as_it_goes(viewer: Viewer) -> None:
    """As in the terminal."""
    body = (
        b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","kind":"x"}]}]}]}'
        % (5, 6)
    )

    assert ask(viewer, "/v1/traces", body, **JSON).status == 200
    assert ask(viewer, f"/api/traces/{5:032x}").status == 200


def test_a_store_that_fails_is_an_error_and_loses_nothing(viewer: Viewer) -> None:
    """A sender tries again after a 503."""
    with viewer._store.database.writing() as connection:
        connection.execute("DROP TABLE traces")

    failed = ask(viewer, "/v1/traces", encode(generation(7)), **JSON)
    assert (failed.status, failed.json["code"]) == (503, 14)
    assert failed.json["message"].startswith("the spans cannot be stored: no such table")
    assert ask(viewer, "/api/traces").status == 500


class News:
    """Server-sent events, read one by one."""

    def __init__(self, viewer: Viewer, **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", urlsplit(viewer.base_url).port, timeout=10)
        self.connection.request("GET", f"/{viewer.token}/api/events", headers=headers)
        self.response = self.connection.getresponse()

    def next(self) -> dict[str, str]:
        """The members of the next event; empty at the end."""
        lines = []
        while line := self.response.readline().decode().rstrip("\n"):
            lines.append(line)
        return dict(one.split(": ", 1) for one in lines)

    def close(self) -> None:
        """Goes away."""
        self.connection.close()


def test_news_come_as_traces_do(viewer: Viewer) -> None:
    """With numbers, by which a page that lost its connection goes on."""
    with closing(News(viewer)) as news:
        assert news.response.headers["Content-Type"] == "text/event-stream"
        hello = news.next()
        assert (hello["event"], hello["id"]) == ("hello", "1")
        viewer.add(generation(1))
        first = news.next()
        assert (first["event"], first["id"]) == ("traces", "2")
    (trace_id,) = json.loads(first["data"])["trace_ids"]
    viewer.add(generation(2))
    with closing(News(viewer, **{"Last-Event-ID": "2"})) as news:
        news.next()
        assert json.loads(news.next()["data"])["trace_ids"] != [trace_id]
    with closing(News(viewer, **{"Last-Event-ID": "nonsense"})) as news:
        assert news.next()["id"] == "3"


def test_a_page_that_waits_hears_that_the_viewer_is_there(
    viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A comment now and then; the end of the viewer ends the news."""
    monkeypatch.setattr(viewer_module, "_HEARTBEAT_S", 0.01)
    with closing(News(viewer)) as news:
        news.next()
        assert news.response.readline() == b": nothing new\n"
        viewer._feed.close()
        assert set(news.response.read().split(b"\n")) <= {b"", b": nothing new"}


def test_it_ends_while_pages_wait(tmp_path: Path) -> None:
    """Without waiting for them."""
    with Store(tmp_path / "t.db", now_ns=lambda: NOW_NS) as store:
        with Viewer(store) as viewer:
            news = News(viewer)
            news.next()
        assert news.response.read() in (b"", b": nothing new\n\n")
        news.close()


def test_a_port_that_is_in_use_is_an_error(viewer: Viewer) -> None:
    """The system's."""
    with pytest.raises(OSError):
        Viewer(viewer._store, port=urlsplit(viewer.base_url).port or 0)


def test_a_body_that_cannot_be_read_is_refused_for_good(
    viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it is nested about as deep as Python can read: the decoder is called from deeper inside."""

    def refuse(body: bytes) -> None:
        raise InvalidDocument("body", "JSON", "JSON that is nested too deeply")

    monkeypatch.setattr(viewer_module, "decode_lenient", refuse)
    reply = ask(viewer, "/v1/traces", b"{}", **JSON)

    assert (reply.status, reply.json["code"]) == (400, 3)
    assert reply.json["message"] == "body: expected JSON, got JSON that is nested too deeply"
