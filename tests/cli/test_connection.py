# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``test-connection``: what it sends, and the sentence for what comes back."""

from __future__ import annotations

import gzip
import json
import os
import time
from pathlib import Path

import pytest

from otlpjson.delivery.user_folder import viewer_file
from otlpjson.delivery.viewer.rendezvous import Rendezvous, published
from otlpjson.receiver.server import Receiver
from otlpjson.view import Store, Viewer
from otlpjson.view.store.questions import Questions

from .. import oracle
from ..delivery.fault_server import FaultServer, answer, answering
from .commands import KEY, MODULE, Commands, Ran, credentials, free_port, process

JSON = "Content-Type: application/json"


def test_the_test_span_is_taken(commands: Commands) -> None:
    """One span, of now; the sentence is the data."""
    with Receiver(credentials=("123456", KEY)) as receiver:
        commands.configure(f"{receiver.base_url}/otlp/")
        ran = commands("test-connection")
        (line,) = receiver.lines
    ((span,),) = (
        [span for scope in group["scope_spans"] for span in scope["spans"]] for group in oracle.read(line)
    )

    assert ran == Ran(
        0, f"{receiver.base_url}/otlp/v1/traces answered 200: test span accepted.\n".encode(), ""
    )
    assert span["name"] == "openrouter-connection-test"
    assert abs(span["start_time_unix_nano"] / 1e9 - time.time()) < 60


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (
            answer(401, b'{"code":16,"message":"invalid credentials"}', JSON),
            "answered 401 (invalid credentials): check the instance ID and the API key: "
            "the server does not accept this pair.",
        ),
        (
            answer(403, b'{"message":"no"}', JSON),
            "answered 403 (no): the API key is valid but may not write traces; add "
            "the scope traces:write to its access policy.",
        ),
        (
            answer(404, b"404 page not found"),
            "answered 404 (404 page not found): nothing is served at this path; "
            "check that the base URL is the OTLP endpoint.",
        ),
        (
            answer(307, b"", "Location: https://login.example/"),
            "answered 307 (redirected to another address): the server redirected, perhaps to a login page; "
            "check the base URL.",
        ),
        (
            answer(200, b"<html><title>Grafana</title></html>", "Content-Type: text/html"),
            "answered 200 (an HTML page instead of OTLP: Grafana): a web page answered, "
            "such as a login page or a dashboard; check that the base URL is the OTLP endpoint.",
        ),
        (
            answer(503, b"later"),
            "answered 503 (later): the server is not available; try again in a minute.",
        ),
        (
            answer(400, b'{"message":"no spans today"}', JSON),
            "answered 400 (no spans today): the server rejected a plain span; "
            "check that the base URL is an OTLP endpoint.",
        ),
    ],
)
def test_a_no_comes_with_what_to_change(commands: Commands, reply: bytes, sentence: str) -> None:
    """After one request: whoever asks wants to know now."""
    with FaultServer(answering(reply)) as server:
        commands.configure(server.url)
        ran = commands("test-connection")

    assert ran == Ran(1, f"{server.url}/otlp/v1/traces {sentence}\n".encode(), "")
    assert len(server.received) == 1


def test_nobody_at_the_address_is_said(commands: Commands) -> None:
    """At once."""
    port = free_port()
    commands.configure(f"http://127.0.0.1:{port}")

    assert commands("test-connection") == Ran(
        1,
        f"http://127.0.0.1:{port}/otlp/v1/traces did not answer (connection refused): "
        "check the host of the base URL, the network and the proxy.\n".encode(),
        "",
    )


def test_a_key_over_plain_http_needs_a_decision(commands: Commands) -> None:
    """Without it no request is made."""
    commands.configure("http://nowhere.invalid")

    assert commands("test-connection") == Ran(
        2,
        b"",
        "otlpjson: OTLPJSON_BASE_URL: expected https, got http, which would send the API key unencrypted\n",
    )
    assert commands("test-connection", "--allow-plain-http") == Ran(
        1,
        b"http://nowhere.invalid/otlp/v1/traces did not answer (host name not found): "
        b"check the host of the base URL, the network and the proxy.\n",
        "",
    )


@pytest.mark.process
@pytest.mark.slow
def test_a_servers_words_fit_into_any_encoding_and_never_hold_the_key() -> None:
    """What the output cannot hold is escaped."""
    words = json.dumps({"message": f"Ключ {KEY} неверен"}).encode()
    with FaultServer(answering(answer(400, words, JSON))) as server:
        environ = {**credentials(server.url), "PYTHONIOENCODING": "cp1252"}
        ran = process(*MODULE, "test-connection", environ=environ)

    assert (ran.code, ran.err) == (1, "")
    assert b"(\\u041a\\u043b\\u044e\\u0447 [secure] \\u043d" in ran.out
    assert KEY.encode() not in ran.out
    assert gzip.decompress(server.received[0].body).startswith(b'{"resourceSpans":[')


def test_a_folder_is_tested_with_a_file(commands: Commands, saved_file: Path, tmp_path: Path) -> None:
    """And the sample trace is a file like any other; a folder that cannot be written is named."""
    folder = tmp_path / "traces"
    saved = commands("configure", "--kind=folder", "--path", folder, "--template={trace_id}.json")
    tested = commands("test-connection")
    sample = commands("send-trace")
    (tmp_path / "file").write_bytes(b"")
    commands("set", "default", f"path={tmp_path / 'file'}")
    wrong = commands("test-connection")

    assert saved == Ran(0, f"{folder}: test span written.\n".encode(), f"Saved as default in {saved_file}\n")
    assert (tested.code, tested.out) == (0, f"{folder}: test span written.\n".encode())
    assert sample.code == 0 and b"Test Generation" in sample.out
    assert len([path for path in folder.glob("*.json") if not path.name.startswith(".")]) == 1
    assert (wrong.code, wrong.out) == (
        1,
        f"{tmp_path / 'file'}: cannot be written: Not a directory.\n".encode(),
    )


def test_a_viewer_is_tested_like_any_other(commands: Commands) -> None:
    """With the test span and with the sample; none that runs is said."""
    commands.monkeypatch.setenv("OTLPJSON_KIND", "local")
    none = commands("test-connection")
    place = viewer_file(os.environ)
    assert place is not None
    with Store() as store, Viewer(store) as viewer:
        with published(place, Rendezvous(viewer.base_url, viewer.token)):
            tested, sent = commands("test-connection"), commands("send-trace")
        names = {one["name"] for one in Questions(store.database).traces(())["traces"]}

    assert none == Ran(1, b"viewer: no viewer is running; start one with `otlpjson view`.\n", "")
    assert tested == Ran(0, b"viewer: test span accepted.\n", "")
    assert sent.out.startswith(b"viewer: test span accepted.\n\ntrace ")
    assert names == {"openrouter-connection-test", "Test Generation"}
