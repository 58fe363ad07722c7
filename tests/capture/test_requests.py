# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""requests and urllib3 beyond the exits: adapters of every kind, retries below them, bodies that are files."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter

from otlpjson import instrument, uninstrument
from otlpjson.testing import Answer, LoopbackOpenRouter

from .recorder import BODY, WHOLE, Recorder, brief, url

TEXT = json.dumps(BODY).encode()


@pytest.fixture
def instrumented(recorder: Recorder) -> Iterator[Recorder]:
    instrument(recorder.broadcast, hosts="127.0.0.1", traceparent_hosts="127.0.0.1")
    yield recorder
    uninstrument()


def new_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


class Answering(BaseAdapter):
    """An adapter without a network, as tests have."""

    def __init__(self, raw: Any = None) -> None:
        super().__init__()
        self.raw = raw

    def send(self, request: Any, *args: Any, **named: Any) -> Any:
        response = requests.Response()
        response.status_code = 200
        response.request, response.url = request, request.url
        if self.raw is None:
            response._content = b'{"id":"gen-1","choices":[]}'
        else:
            response.raw = self.raw
        return response

    def close(self) -> None:
        """Nothing is open."""


RAW_KINDS: list[tuple[Any, str | None]] = [
    (None, "gen-1"),
    (
        lambda: urllib3.HTTPResponse(io.BytesIO(b'{"id":"gen-2","choices":[]}'), preload_content=False),
        "gen-2",
    ),
    # Of an object that is not urllib3's, nothing can be seen but that it came.
    (lambda: io.BytesIO(b'{"id":"gen-3","choices":[]}'), None),
]


@pytest.mark.parametrize(("raw", "generation_id"), RAW_KINDS, ids=["content", "urllib3", "file"])
def test_an_adapter_without_a_server_is_recorded(
    recorder: Recorder, raw: Any, generation_id: str | None
) -> None:
    session = new_session()
    session.mount("https://", Answering(raw and raw()))
    recorder.broadcast.capture(session)
    answer = session.post("https://openrouter.ai/api/v1/chat/completions", json=BODY).json()

    assert answer["id"].startswith("gen-")
    assert [each.generation_id for each in recorder.generations()] == [generation_id]


def test_an_adapter_itself_may_be_captured(recorder: Recorder, server: LoopbackOpenRouter) -> None:
    with new_session() as session:
        session.mount("http://", recorder.broadcast.capture(HTTPAdapter()))
        session.post(url(server), json=BODY)
        assert [brief(each) for each in recorder.generations()] == [WHOLE]


def test_retries_below_an_adapter_are_attempts(recorder: Recorder, server: LoopbackOpenRouter) -> None:
    retries = urllib3.Retry(2, status_forcelist=[429], allowed_methods=None)
    server.script(Answer.error(429, "Slow down"), Answer(ending="close", before_head=True))
    with new_session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retries))
        recorder.broadcast.capture(session)
        assert session.post(url(server), json=BODY).status_code == 200
        first, second, third = recorder.generations()

    assert brief(first)["failure"] == "Slow down"
    assert second.failure is not None and second.failure.message == "RemoteDisconnected"
    assert brief(third) == WHOLE


def test_bodies_in_memory_are_copied_and_others_are_left(
    recorder: Recorder, server: LoopbackOpenRouter, tmp_path: Path
) -> None:
    (tmp_path / "body.json").write_bytes(TEXT)
    with recorder.broadcast.capture(new_session()) as session, (tmp_path / "body.json").open("rb") as file:
        for data in (TEXT, TEXT.decode(), io.BytesIO(TEXT), io.StringIO(TEXT.decode()), file, iter([TEXT])):
            session.post(url(server), data=data)
        generations = recorder.generations()

    assert [request.json for request in server.requests] == [BODY] * 6
    assert [each.request_model is not None for each in generations] == [True] * 4 + [False] * 2
    assert len(recorder.broadcast.errors) == 2


def test_a_session_that_is_released_is_as_before(recorder: Recorder, server: LoopbackOpenRouter) -> None:
    """Also its pools, which were found by its requests."""
    with new_session() as session:
        recorder.broadcast.capture(session)
        session.post(url(server), json=BODY)
        recorder.broadcast.release(session)
        session.post(url(server), json=BODY)
        assert len(recorder.generations()) == 1
        assert not any("send" in vars(adapter) for adapter in session.adapters.values())


def test_urllib3_alone_is_recorded(instrumented: Recorder, server: LoopbackOpenRouter) -> None:
    """Whole, in pieces, retried, and with headers for the trace."""
    with urllib3.PoolManager() as pools, instrumented.broadcast.trace("Flow"):
        pools.request("POST", url(server), body=TEXT)
        streamed = pools.request("POST", url(server), body=TEXT, preload_content=False)
        assert json.loads(b"".join(streamed.stream(64)))["model"] == BODY["model"]
        server.script(Answer.error(429, "Slow down"))
        retries = urllib3.Retry(1, status_forcelist=[429], allowed_methods=None)
        pools.request("POST", url(server), body=TEXT, retries=retries)
        pools.request("GET", f"{server.base_url}/models")
    generations = instrumented.generations()

    assert [brief(each) for each in generations if each.failure is None] == [WHOLE] * 3
    assert [each.failure.message for each in generations if each.failure] == ["Slow down"]
    traces = [request.headers["traceparent"] for request in server.requests if request.body]
    assert len(set(traces)) == 1 and len(traces) == 4


@pytest.mark.parametrize("decodes", [True, False])
@pytest.mark.parametrize("preloads", [True, False])
def test_urllib3_may_leave_the_coding_to_the_caller(
    instrumented: Recorder, server: LoopbackOpenRouter, decodes: bool, preloads: bool
) -> None:
    server.script(Answer(coding="gzip"))
    with urllib3.PoolManager() as pools:
        response = pools.request(
            "POST", url(server), body=TEXT, decode_content=decodes, preload_content=preloads
        )
        assert (response.data[:1] == b"{") is decodes
    assert [brief(each) for each in instrumented.generations()] == [WHOLE]


def test_every_session_is_recorded_once_when_captured_and_instrumented(
    instrumented: Recorder, server: LoopbackOpenRouter
) -> None:
    with new_session() as session, new_session() as other:
        instrumented.broadcast.capture(session)
        session.post(url(server), json=BODY)
        other.post(url(server), json=BODY)
        assert [brief(each) for each in instrumented.generations()] == [WHOLE] * 2


def test_a_pool_without_the_method_is_seen_by_its_adapter_alone(
    recorder: Recorder, server: LoopbackOpenRouter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with urllib3 1, whose attempts have no method of their own."""

    def make(
        self: Any, conn: Any, method: Any, url: Any, timeout: Any = None, chunked: bool = False, **named: Any
    ) -> Any:
        return original(self, conn, method, url, timeout=timeout, chunked=chunked, **named)

    original = urllib3.connectionpool.HTTPConnectionPool._make_request
    monkeypatch.setattr(urllib3.connectionpool.HTTPConnectionPool, "_make_request", make)
    with recorder.broadcast.capture(new_session()) as session:
        session.post(url(server), json=BODY)
        assert [brief(each) for each in recorder.generations()] == [WHOLE]
