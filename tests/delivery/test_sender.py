# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows on a server that misbehaves what a sender concludes, how long it takes and what it leaves behind."""

from __future__ import annotations

import base64
import copy
import gc
import gzip
import itertools
import json
import logging
import os
import pickle
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import attrs
import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from otlpjson import __version__
from otlpjson.core.errors import ConfigError
from otlpjson.delivery import (
    Compression,
    Destination,
    Outcome,
    OutcomeKind,
    Sender,
    grafana_cloud,
    lookup,
    otel_collector,
    webhook,
)
from otlpjson.delivery import sender as sender_module
from otlpjson.delivery.connection import Connection
from otlpjson.delivery.deadline import Deadline
from otlpjson.delivery.dialling import Dialling
from otlpjson.delivery.tls import Tls

from .certificates import Certificates
from .fault_server import (
    OK,
    Behaviour,
    FaultServer,
    Visit,
    answer,
    answering,
    blackhole,
    cut_answer,
    drip,
    endless,
    forwarding,
    hang_up,
    one_after_another,
    refuse_to_read,
    reset,
)

KEY = "glc_eyJ0aGlzIjoiaXMtYS1jYW5hcnkifQ=="
TOKEN = base64.b64encode(f"123456:{KEY}".encode()).decode()
BODY = b'{"resourceSpans":[]}'

ACCEPTED = Outcome(kind=OutcomeKind.ACCEPTED, status=200)
UNCONFIRMED = Outcome(kind=OutcomeKind.UNCONFIRMED, status=200)
PORTAL = Outcome(
    kind=OutcomeKind.MISCONFIGURED,
    status=200,
    message="an HTML page instead of OTLP: a page without a title",
)

SHORT_S = 0.3
GENEROUS_S = 3.0
"""A deadline of 0.3 s must be kept; but a busy machine may stop everything for a while."""


def unreachable(reason: str) -> Outcome:
    return Outcome(kind=OutcomeKind.UNREACHABLE, message=reason)


def permanent(reason: str) -> Outcome:
    return Outcome(kind=OutcomeKind.MISCONFIGURED, message=reason)


NO_ANSWER = unreachable("timed out")
NOT_HTTP = unreachable("the answer is not HTTP")
LOST = unreachable("connection lost")


def to(url: str, **options: Any) -> Sender:
    """A sender to Grafana Cloud's path at this address."""
    return Sender(grafana_cloud(url, 123456, KEY), **options)


def send_once(url: str, **options: Any) -> Outcome:
    with to(url, **options) as one:
        return one.send(BODY)


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


# What goes out


def test_a_request_is_exactly_this_on_the_wire() -> None:
    with FaultServer(answering(OK)) as server:
        outcome = send_once(server.url)

    [received] = server.received
    assert outcome == ACCEPTED
    assert received.line == "POST /otlp/v1/traces HTTP/1.1"
    assert received.headers == {
        "host": f"127.0.0.1:{server.port}",
        "content-type": "application/json",
        "content-encoding": "gzip",
        "accept-encoding": "identity",
        "user-agent": f"otlpjson/{__version__}",
        "authorization": f"Basic {TOKEN}",
        "content-length": str(len(received.body)),
    }
    assert gzip.decompress(received.body) == BODY


@pytest.mark.slow
def test_many_posts_share_one_connection_and_leave_no_threads_or_files_behind() -> None:
    """B14: one connection when all is well; files and threads stay as they were."""
    with FaultServer(answering(OK)) as server, to(server.url) as one:
        assert one.send(BODY) == ACCEPTED
        before = len(os.listdir("/dev/fd")), threading.active_count()
        outcomes = [one.send(BODY) for _ in range(200)]
        after = len(os.listdir("/dev/fd")), threading.active_count()

    assert outcomes == [ACCEPTED] * 200
    assert (server.connections, len(server.received)) == (1, 201)
    assert after[0] <= before[0] + 2
    assert after[1] <= before[1] + 2


@pytest.mark.slow
def test_failures_leave_no_threads_or_files_behind() -> None:
    with FaultServer(hang_up) as server, to(server.url) as one:
        one.send(BODY)
        before = len(os.listdir("/dev/fd")), threading.active_count()
        outcomes = [one.send(BODY) for _ in range(50)]
        after = len(os.listdir("/dev/fd")), threading.active_count()

    assert outcomes == [LOST] * 50
    assert after[0] <= before[0] + 4
    assert after[1] <= before[1] + 4


def test_a_sender_works_from_several_threads_and_after_close() -> None:
    outcomes: list[Outcome] = []
    with FaultServer(answering(OK)) as server, to(server.url) as one:
        threads = [threading.Thread(target=lambda: outcomes.append(one.send(BODY))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        one.close()
        one.close()
        outcomes.append(one.send(BODY))

    assert outcomes == [ACCEPTED] * 9
    assert server.connections == 2


def test_a_connection_that_the_server_gave_up_in_the_meantime_is_not_used() -> None:
    """B11: what the server closed while nothing was sent costs no request."""

    def answer_once(visit: Visit) -> None:
        visit.read()
        visit.write(OK)

    with FaultServer(answer_once) as server, to(server.url) as one:
        first = one.send(BODY)
        time.sleep(0.2)
        second = one.send(BODY)

    assert (first, second, server.connections) == (ACCEPTED, ACCEPTED, 2)


@pytest.mark.parametrize(
    "said", [answer(200, b"{}", "Connection: close"), b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"]
)
def test_a_connection_that_is_over_is_really_closed(said: bytes) -> None:
    """The second handle on it does not keep it open."""
    ended = threading.Event()

    def behave(visit: Visit) -> None:
        visit.read()
        visit.write(said)
        visit.connection.shutdown(socket.SHUT_WR)
        if visit.read() is None:
            ended.set()

    with FaultServer(behave) as server, to(server.url) as one:
        assert one.send(BODY).delivered
        assert ended.wait(GENEROUS_S)


def test_netrc_does_not_replace_the_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """E3: the Authorization header is always ours."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with FaultServer(answering(OK)) as server:
        send_once(server.url)

    assert [received.headers["authorization"] for received in server.received] == [f"Basic {TOKEN}"]


def test_cookies_are_not_kept() -> None:
    """E6: what a server sets does not come back to it."""
    said = answer(200, b"{}", "Set-Cookie: a=b; Path=/")
    with FaultServer(answering(said)) as server, to(server.url) as one:
        one.send(BODY)
        one.send(BODY)

    assert ["cookie" in received.headers for received in server.received] == [False, False]


# What comes back


def test_an_empty_204_is_accepted() -> None:
    with FaultServer(answering(b"HTTP/1.1 204 No Content\r\n\r\n")) as server, to(server.url) as one:
        outcomes = [one.send(BODY), one.send(BODY)]

    assert outcomes == [Outcome(kind=OutcomeKind.ACCEPTED, status=204)] * 2
    assert server.connections == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_never_success(status: int) -> None:
    """SND-7: it is not followed; neither the body nor the credentials reach the other server."""
    with FaultServer(answering(OK)) as other:
        location = f"Location: {other.url}/otlp/v1/traces"
        with FaultServer(answering(answer(status, b"", location))) as server:
            outcome = send_once(server.url)

    assert outcome == Outcome(
        kind=OutcomeKind.MISCONFIGURED, status=status, message="redirected to another address"
    )
    assert (len(server.received), other.connections) == (1, 0)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
PAGE_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n"
BUSY_HEAD = b"HTTP/1.1 503 No\r\nRetry-After: 7\r\nContent-Length: 100\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BUSY = Outcome(kind=OutcomeKind.TRY_LATER, status=503, retry_after_s=7.0)

FAULTS: dict[str, tuple[Behaviour, Outcome]] = {
    "it closes without a word": (hang_up, LOST),
    "it resets without a word": (reset(b""), LOST),
    "it resets in the status line": (reset(b"HTTP/1.1 2"), LOST),
    "it resets in the body": (reset(HEAD + b"{"), UNCONFIRMED),
    "it resets in the body of a page": (reset(PAGE_HEAD + b"<"), PORTAL),
    "it resets in the body of a 503": (reset(BUSY_HEAD + b"x"), BUSY),
    "it closes in the status line": (cut_answer(b"HTTP/1.1 2"), NOT_HTTP),
    "it closes in the body": (cut_answer(HEAD + b"{}"), attrs.evolve(UNCONFIRMED, message="{}")),
    "it closes before the body": (cut_answer(HEAD), UNCONFIRMED),
    "it closes in a chunk": (cut_answer(CHUNKED + b"5\r\n{"), UNCONFIRMED),
    "it closes in a chunk's size": (cut_answer(CHUNKED + b"5"), UNCONFIRMED),
    "it makes up a chunk's size": (cut_answer(CHUNKED + b"no size\r\n{}"), UNCONFIRMED),
    "it drips the status line": (drip(b"", b"HTTP/1.1 200 OK\r\n", 0.1), NO_ANSWER),
    "it drips headers": (drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), NO_ANSWER),
    "it drips the body": (drip(HEAD, b" "), UNCONFIRMED),
    "it drips the body of a page": (drip(PAGE_HEAD, b" "), PORTAL),
    "it drips the body of a 503": (drip(BUSY_HEAD, b" "), BUSY),
    "it drips chunks": (drip(CHUNKED, b"1\r\n{\r\n"), UNCONFIRMED),
    "it drips a body without length": (drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"), UNCONFIRMED),
    "it drips a body and closes": (
        drip(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\n", b" "),
        UNCONFIRMED,
    ),
    "it never answers": (blackhole, NO_ANSWER),
    "it has no HTTP": (cut_answer(b"\x16\x03\x01 what?\r\n\r\n"), NOT_HTTP),
    "it speaks HTTP 0.9": (cut_answer(b"<html>hello</html>"), NOT_HTTP),
    "its header has no end": (endless(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65536), NOT_HTTP),
    "its headers have no end": (endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 100), NOT_HTTP),
    "its status line has no end": (endless(b"HTTP/1.1 200 ", b"x" * 65536), NOT_HTTP),
    "its body has no end": (endless(b"HTTP/1.1 200 OK\r\n\r\n", b" " * 65536), UNCONFIRMED),
    "its chunks have no end": (endless(CHUNKED, b"1\r\n \r\n" * 1000), UNCONFIRMED),
    "its trailers have no end": (endless(CHUNKED + b"0\r\n", b"X-A: b\r\n"), UNCONFIRMED),
    "it names two lengths": (
        cut_answer(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"),
        NOT_HTTP,
    ),
}


@pytest.mark.parametrize(("behaviour", "outcome"), FAULTS.values(), ids=FAULTS.keys())
def test_every_fault_has_its_outcome_in_time_and_the_next_request_works(
    behaviour: Behaviour, outcome: Outcome
) -> None:
    """B9, B10, B12: the deadline holds in every phase, and nothing of the fault is left."""
    in_turn = one_after_another([behaviour, answering(OK)])
    with FaultServer(in_turn) as server, to(server.url, timeout_s=SHORT_S) as one:
        started_s = time.monotonic()
        concluded = one.send(BODY)
        took_s = time.monotonic() - started_s
        next_one = one.send(BODY)

    assert concluded == outcome
    assert took_s < GENEROUS_S
    assert next_one == ACCEPTED


def slowly(visit: Visit) -> None:
    """A good answer, one byte at a time; all of it takes ten times as long as a sender here waits."""
    visit.read()
    for at in range(len(OK)):
        visit.write(OK[at : at + 1])
        if not visit.pause(0.05):
            return


def test_slow_answer_ends_at_the_deadline() -> None:
    """B9: the timeout is a total; that every byte comes soon enough does not prolong it."""
    with FaultServer(slowly) as server:
        outcome = send_once(server.url, timeout_s=SHORT_S)

    assert outcome == NO_ANSWER


@pytest.mark.parametrize(
    ("step_s", "behaviour", "expected"), [(3600, answering(OK), ACCEPTED), (-3600, slowly, NO_ANSWER)]
)
def test_deadline_ignores_the_wall_clock(
    monkeypatch: pytest.MonkeyPatch, step_s: int, behaviour: Behaviour, expected: Outcome
) -> None:
    """Set forward by an hour whenever it is read, it cuts nothing off; set back, it prolongs nothing."""
    readings = itertools.count(1_800_000_000, step_s)
    monkeypatch.setattr(time, "time", lambda: float(next(readings)))
    with FaultServer(behaviour) as server:
        timeout_s = GENEROUS_S if expected == ACCEPTED else SHORT_S
        outcome = send_once(server.url, timeout_s=timeout_s)

    assert outcome == expected


def test_preliminary_answers_without_end_are_no_answer() -> None:
    with FaultServer(endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n")) as server:
        outcome = send_once(server.url, timeout_s=SHORT_S)

    assert outcome.kind is OutcomeKind.UNREACHABLE


@pytest.mark.slow
def test_a_server_that_does_not_read_the_upload_is_left_at_the_deadline() -> None:
    """B9: the socket's buffer is full, and nothing moves."""
    body = os.urandom(16 * 1024 * 1024)
    server = FaultServer(refuse_to_read, small_buffer=True)
    with server, to(server.url, timeout_s=SHORT_S) as one:
        started_s = time.monotonic()
        outcome = one.send(body)
        took_s = time.monotonic() - started_s

    assert outcome == NO_ANSWER
    assert took_s < GENEROUS_S


def gzip_bomb(size: int) -> bytes:
    """Zeros, packed: one packed MiB over and over, without the checksum that nobody would reach."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"")[:10] + piece * (size // (1024 * 1024))


@pytest.mark.parametrize("size", [32 * 1024 * 1024, pytest.param(1024 * 1024 * 1024, marks=pytest.mark.slow)])
def test_answer_is_read_up_to_a_limit(size: int) -> None:
    """B10: an answer that would unpack to a gigabyte costs little memory."""
    said = answer(200, gzip_bomb(size), "Content-Encoding: gzip")
    with FaultServer(answering(said)) as server, to(server.url) as one:
        tracemalloc.start()
        try:
            outcome = one.send(BODY)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert outcome == UNCONFIRMED
    assert peak < 8 * 1024 * 1024


# No connection


def test_nobody_listening_is_a_refused_connection() -> None:
    assert send_once(f"http://127.0.0.1:{closed_port()}") == unreachable("connection refused")


def test_a_name_that_does_not_exist_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_found(*asked: object, **more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", not_found)
    assert send_once("https://otlp.invalid") == unreachable("host name not found")


@pytest.fixture
def hanging_look_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Name look-ups that come back only when the event is set."""
    released = threading.Event()
    real = socket.getaddrinfo

    def hang(*asked: Any, **more: Any) -> Any:
        released.wait(30)
        return real(*asked, **more)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield released
    released.set()


def test_a_hanging_name_look_up_costs_one_thread_at_most(hanging_look_up: threading.Event) -> None:
    """B13: the deadline holds, and when the look-up comes back nothing is sent after all."""
    with (
        FaultServer(answering(OK)) as server,
        to(server.url.replace("127.0.0.1", "localhost"), timeout_s=SHORT_S) as one,
    ):
        threads = threading.active_count()
        started_s = time.monotonic()
        outcomes = [one.send(BODY) for _ in range(3)]
        took_s = time.monotonic() - started_s
        one.close()
        left_behind = threading.active_count() - threads
        hanging_look_up.set()
        recovered = one.send(BODY)

    earlier = unreachable("an earlier DNS lookup is still pending")
    assert outcomes == [NO_ANSWER, earlier, earlier]
    assert took_s < 3 * GENEROUS_S
    assert left_behind == 1
    assert recovered == ACCEPTED
    assert len(server.received) == 1


# TLS


def test_a_server_with_a_trusted_certificate_gets_the_body(certificates: Certificates) -> None:
    with FaultServer(answering(OK), certificate=certificates.here) as server:
        with to(server.url, ca_file=certificates.authority) as one:
            outcomes = [one.send(BODY), one.send(BODY)]
        by_name = send_once(f"https://localhost:{server.port}", ca_file=str(certificates.authority))

    assert (outcomes, by_name) == ([ACCEPTED, ACCEPTED], ACCEPTED)
    assert [received.headers["authorization"] for received in server.received] == [f"Basic {TOKEN}"] * 3
    assert server.connections == 2


def test_a_key_with_a_password_is_refused(certificates: Certificates, tmp_path: Path) -> None:
    """Nobody is there to type it."""
    key = load_pem_private_key(certificates.here.read_bytes(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    (tmp_path / "key.pem").write_bytes(locked)
    tls = Tls(client_certificate=str(certificates.here), client_key=str(tmp_path / "key.pem"))
    with pytest.raises(ConfigError) as caught:
        Sender(attrs.evolve(otel_collector("https://a.test"), tls=tls))

    assert list(caught.value.problems) == ["client_key"]


def test_a_server_that_asks_who_this_is(certificates: Certificates) -> None:
    """It gets the certificate of the destination; without one the connection fails."""
    with FaultServer(answering(OK), certificate=certificates.here, clients=certificates.authority) as server:
        destination = otel_collector(server.url)
        own = Tls(ca_file=str(certificates.authority), client_certificate=str(certificates.here))
        with Sender(attrs.evolve(destination, tls=own)) as one:
            known = one.send(BODY)
        with Sender(destination, ca_file=certificates.authority) as other:
            unknown = other.send(BODY)

    assert known == ACCEPTED
    assert not unknown.delivered
    assert len(server.received) == 1


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_names_authorities(
    monkeypatch: pytest.MonkeyPatch, variable: str, certificates: Certificates
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "")
    monkeypatch.setenv(variable, str(certificates.authority))
    with FaultServer(answering(OK), certificate=certificates.here) as server:
        assert send_once(server.url) == ACCEPTED


def test_a_given_file_of_authorities_goes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    with FaultServer(answering(OK), certificate=certificates.here) as server:
        assert send_once(server.url, ca_file=certificates.authority) == ACCEPTED


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_bundle_that_cannot_be_used_is_said_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, content: str | None
) -> None:
    """It is no outage, and nothing is asked of the server."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "bundle.pem"))
    if content is not None:
        (tmp_path / "bundle.pem").write_text(content)

    assert send_once(f"https://127.0.0.1:{closed_port()}") == permanent(
        f"{variable} names no readable file of certificates"
    )


def test_a_folder_of_authorities_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty one trusts nobody."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))

    assert send_once(f"https://127.0.0.1:{closed_port()}") == unreachable("connection refused")


@pytest.mark.parametrize(
    ("certificate", "known", "why"),
    [
        ("here", False, "unable to get local issuer certificate"),
        ("expired", True, "certificate has expired"),
    ],
    ids=["unknown authority", "expired"],
)
def test_a_certificate_that_fails_ends_it_before_any_credential(
    certificates: Certificates, certificate: str, known: bool, why: str
) -> None:
    """E5: refused before the first byte of the request, and for good."""
    with FaultServer(answering(OK), certificate=getattr(certificates, certificate)) as server:
        outcome = send_once(server.url, ca_file=certificates.authority if known else None)

    assert outcome == permanent(f"the certificate is not trusted: {why}")
    assert server.received == []


def test_a_certificate_of_another_host_ends_it_before_any_credential(certificates: Certificates) -> None:
    with FaultServer(answering(OK), certificate=certificates.elsewhere) as server:
        outcome = send_once(server.url, ca_file=certificates.authority)

    why = "IP address mismatch, certificate is not valid for '127.0.0.1'."
    assert outcome == permanent(f"the certificate is not trusted: {why}")
    assert server.received == []


def test_a_plain_server_addressed_by_https_is_told_apart(certificates: Certificates) -> None:
    def speak_plainly(visit: Visit) -> None:
        visit.connection.recv(65536)
        visit.write(answer(400, b"Client sent an HTTP request to an HTTPS server."))

    with FaultServer(speak_plainly) as server:
        outcome = send_once(f"https://127.0.0.1:{server.port}", ca_file=certificates.authority)

    assert outcome == unreachable("TLS handshake failed; does the server speak https?")


def test_a_handshake_that_does_not_go_on_is_left_at_the_deadline(certificates: Certificates) -> None:
    with FaultServer(refuse_to_read) as server:
        started_s = time.monotonic()
        outcome = send_once(
            f"https://127.0.0.1:{server.port}", ca_file=certificates.authority, timeout_s=SHORT_S
        )
        took_s = time.monotonic() - started_s

    assert outcome == NO_ANSWER
    assert took_s < GENEROUS_S


# Proxies


def test_a_proxy_of_the_environment_passes_the_tunnel_and_sees_no_credentials(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates
) -> None:
    """B20: the proxy's credentials and ours never cross."""
    with (
        FaultServer(answering(OK), certificate=certificates.here) as server,
        FaultServer(forwarding) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"http://someone:secret@127.0.0.1:{proxy.port}")
        with to(server.url, ca_file=certificates.authority) as one:
            outcomes = [one.send(BODY), one.send(BODY)]

    [tunnel] = proxy.received
    assert outcomes == [ACCEPTED, ACCEPTED]
    assert tunnel.line.startswith(f"CONNECT 127.0.0.1:{server.port} HTTP/1.")
    assert tunnel.headers["proxy-authorization"] == "Basic c29tZW9uZTpzZWNyZXQ="
    assert "authorization" not in tunnel.headers
    assert ["proxy-authorization" in received.headers for received in server.received] == [False, False]
    assert [received.headers["authorization"] for received in server.received] == [f"Basic {TOKEN}"] * 2


def test_a_proxy_for_plain_http_gets_the_whole_url() -> None:
    with FaultServer(answering(OK)) as proxy:
        outcome = send_once("http://127.0.0.1:9", proxies={"all": f"http://me:it@127.0.0.1:{proxy.port}"})

    assert outcome == ACCEPTED
    assert [received.line for received in proxy.received] == [
        "POST http://127.0.0.1:9/otlp/v1/traces HTTP/1.1"
    ]
    assert proxy.received[0].headers["proxy-authorization"] == "Basic bWU6aXQ="


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1.2.3"])
@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY", "http_proxy"])
def test_no_proxy_of_the_environment_sees_plain_http_to_this_machine(
    monkeypatch: pytest.MonkeyPatch, host: str, variable: str
) -> None:
    """Key and prompts would leave it in clear text."""
    with FaultServer(answering(OK)) as server, FaultServer(answering(OK)) as proxy:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        send_once(f"http://{host}:{server.port}", timeout_s=SHORT_S)

    assert proxy.connections == 0


def test_hosts_without_a_proxy_are_reached_directly(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates
) -> None:
    with (
        FaultServer(answering(OK), certificate=certificates.here) as server,
        FaultServer(answering(OK)) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        outcome = send_once(server.url, ca_file=certificates.authority)

    assert (outcome, server.connections, proxy.connections) == (ACCEPTED, 1, 0)


def test_given_proxies_go_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    with FaultServer(answering(OK)) as server, FaultServer(answering(OK)) as proxy:
        through = send_once(server.url, proxies={"http": f"http://127.0.0.1:{proxy.port}"})
        directly = send_once(server.url, proxies={})

    assert (through, directly) == (ACCEPTED, ACCEPTED)
    assert (server.connections, proxy.connections) == (1, 1)


@pytest.mark.parametrize(
    ("proxy", "outcome"),
    [
        ("ftp://127.0.0.1", permanent("the URL, a header or the proxy URL is invalid")),
        ("http://", permanent("the URL, a header or the proxy URL is invalid")),
        ("socks5://127.0.0.1", permanent("unsupported kind of proxy")),
    ],
)
def test_a_proxy_that_cannot_be_used_is_said_so(proxy: str, outcome: Outcome) -> None:
    assert send_once("https://127.0.0.1:9", proxies={"https": proxy}) == outcome


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (
            answer(407, b"", "Proxy-Authenticate: NTLM"),
            Outcome(kind=OutcomeKind.MISCONFIGURED, status=407),
        ),
        (answer(502, b"no way"), unreachable("the proxy did not connect")),
        (b"what?\r\n\r\n", NOT_HTTP),
    ],
    ids=["credentials wanted", "no way to the host", "not HTTP"],
)
def test_a_proxy_that_refuses_the_tunnel_is_told_apart(said: bytes, outcome: Outcome) -> None:
    """B20: a proxy that wants credentials will not change its mind by waiting."""
    with FaultServer(cut_answer(said)) as proxy:
        proxies = {"https": f"http://127.0.0.1:{proxy.port}"}
        assert send_once("https://127.0.0.1:9", proxies=proxies) == outcome


def test_a_proxy_that_hangs_up_is_no_answer() -> None:
    with FaultServer(hang_up) as proxy:
        outcome = send_once("https://127.0.0.1:9", proxies={"https": f"http://127.0.0.1:{proxy.port}"})

    assert outcome == LOST


def test_a_proxy_that_refuses_plain_http_is_misconfigured() -> None:
    with FaultServer(answering(answer(407, b"log in", "Proxy-Authenticate: Negotiate"))) as proxy:
        outcome = send_once("http://127.0.0.1:9", proxies={"http": f"http://127.0.0.1:{proxy.port}"})

    assert outcome == Outcome(kind=OutcomeKind.MISCONFIGURED, status=407, message="log in")


# Nothing leaves send()


CONFIGURATION = permanent("the URL, a header or the proxy URL is invalid")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (OSError(KEY), unreachable("connection failed")),
        (ValueError(KEY), CONFIGURATION),
        (HTTPException(KEY), NOT_HTTP),
        (TimeoutError(KEY), NO_ANSWER),
        (ConnectionAbortedError(KEY), LOST),
    ],
)
def test_exceptions_become_outcomes_without_their_words(
    monkeypatch: pytest.MonkeyPatch, error: Exception, outcome: Outcome
) -> None:
    def fail(*asked: object, **more: object) -> object:
        raise error

    monkeypatch.setattr(Dialling, "open", fail)
    assert send_once("https://127.0.0.1:9") == outcome


def test_an_interrupt_leaves_and_the_connection_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(answering(OK)) as server, to(server.url) as one:
        assert one.send(BODY) == ACCEPTED
        with monkeypatch.context() as inside:

            def interrupted(*asked: object, **more: object) -> object:
                raise KeyboardInterrupt

            inside.setattr(Connection, "answer", interrupted)
            with pytest.raises(KeyboardInterrupt):
                one.send(BODY)
        assert one.send(BODY) == ACCEPTED

    assert server.connections == 2


@pytest.mark.parametrize(
    "destination",
    [
        Destination(url="127.0.0.1:9"),
        Destination(url="https://"),
        Destination(url="ftp://127.0.0.1"),
        Destination(url="https://a..b"),
        Destination(url="http://127.0.0.1:9", headers=(("Name", "a\nb"),)),
        Destination(url="http://127.0.0.1:9", headers=(("Name", f" {KEY}"),)),
        Destination(url="http://127.0.0.1:9", headers=(("Name", "smørrebrød \u200b"),)),
        Destination(url="http://127.0.0.1:9", headers=(("", "a"),)),
    ],
    ids=lambda destination: destination.url,
)
def test_a_destination_made_by_hand_that_cannot_work_is_an_outcome_too(destination: Destination) -> None:
    with FaultServer(answering(OK)) as server:
        url = destination.url.replace(":9", f":{server.port}") if destination.headers else destination.url
        with Sender(Destination(url=url, headers=destination.headers)) as one:
            outcome = one.send(BODY)

    assert outcome in (CONFIGURATION, permanent("unsupported kind of proxy"))
    assert server.received == []


def test_an_earlier_answer_is_never_taken_for_a_later_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when time is up before the later request has begun."""
    with FaultServer(answering(OK)) as server, to(server.url, timeout_s=SHORT_S) as one:
        first = one.send(BODY)
        usual = Connection.is_stale

        def slow(connection: Connection) -> bool:
            time.sleep(2 * SHORT_S)
            return usual(connection)

        monkeypatch.setattr(Connection, "is_stale", slow)
        second = one.send(BODY)

    assert (first, second) == (ACCEPTED, NO_ANSWER)


def test_what_a_server_says_unasked_is_no_answer_to_the_next_request() -> None:
    """The connection is given up."""

    def talkative(visit: Visit) -> None:
        visit.read()
        visit.write(OK)
        visit.write(answer(500))
        visit.pause(GENEROUS_S)

    in_turn = one_after_another([talkative, answering(OK)])
    with FaultServer(in_turn) as server, to(server.url) as one:
        first = one.send(BODY)
        time.sleep(0.05)
        second = one.send(BODY)

    assert (first, second, server.connections) == (ACCEPTED, ACCEPTED, 2)


@pytest.mark.parametrize("secure", [False, True])
def test_a_connection_that_is_closed_while_a_request_is_on_its_way_is_replaced_unseen(
    secure: bool, certificates: Certificates
) -> None:
    """As load balancers close them; the request is made once more, and no outcome tells of it."""

    def answer_then_hang_up(visit: Visit) -> None:
        visit.read()
        visit.write(OK)
        visit.read()

    in_turn = one_after_another([answer_then_hang_up, answering(OK)])
    certificate = certificates.here if secure else None
    server = FaultServer(in_turn, certificate=certificate)
    with server, to(server.url, ca_file=certificates.authority) as one:
        outcomes = [one.send(BODY) for _ in range(3)]

    assert outcomes == [ACCEPTED] * 3
    assert (server.connections, len(server.received)) == (2, 4)


@pytest.mark.parametrize(("behaviour", "requests"), [(hang_up, 3), (reset(b"HTTP/1.1 2"), 2)])
def test_a_request_is_made_once_more_only_if_nothing_of_an_answer_came(
    behaviour: Behaviour, requests: int
) -> None:
    """And only on a connection that was used before."""

    def answer_once(visit: Visit) -> None:
        visit.read()
        visit.write(OK)
        behaviour(visit)

    server = FaultServer(one_after_another([answer_once, hang_up, answering(OK)]))
    with server, to(server.url) as one:
        outcomes = [one.send(BODY) for _ in range(2)]

    assert outcomes == [ACCEPTED, LOST]
    assert len(server.received) == requests


@pytest.mark.parametrize(
    "interim",
    [
        b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
        b"HTTP/1.1 102 Processing\r\n\r\n" * 3,
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",
    ],
)
def test_interim_answers_are_skipped(interim: bytes) -> None:
    """The final one counts, and the connection is kept."""
    server = FaultServer(answering(interim + answer(429, b"", "Retry-After: 3")))
    with server, to(server.url) as one:
        outcomes = [one.send(BODY), one.send(BODY)]

    assert outcomes == [Outcome(kind=OutcomeKind.TRY_LATER, status=429, retry_after_s=3.0)] * 2
    assert server.connections == 1


def test_an_answer_that_is_cut_off_inside_its_headers_is_not_confirmed() -> None:
    """Its status came, and no more."""
    with FaultServer(cut_answer(b"HTTP/1.1 200 OK\r\nContent-Type: appl")) as server:
        assert send_once(server.url) == UNCONFIRMED


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (["Retry-After: 3", "Retry-After: 60", "Retry-After: 7"], 60.0),
        (["Retry-After: 99999999999999999999"], 3600.0),
        (["Retry-After: what", "Retry-After: 2"], 2.0),
    ],
)
def test_the_longest_time_that_a_server_asks_for_counts(headers: list[str], seconds: float) -> None:
    """At most an hour."""
    with FaultServer(answering(answer(503, b"", *headers))) as server:
        assert send_once(server.url).retry_after_s == seconds


def test_a_server_that_answers_before_it_has_read_everything_is_heard() -> None:
    """As one that refuses a body for its size, and closes."""

    def refuse_early(visit: Visit) -> None:
        visit.connection.recv(1000)
        visit.write(answer(413, b"", "Connection: close"))
        visit.pause(0.2)

    with FaultServer(refuse_early, small_buffer=True) as server, to(server.url) as one:
        outcome = one.send(os.urandom(4 * 1024 * 1024))

    assert outcome.kind in (OutcomeKind.TOO_LARGE, OutcomeKind.UNREACHABLE)


def test_requests_start_no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the look-up of a name does, which the system cannot end in time."""
    started: list[str] = []
    usual = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        started.append(thread.name)
        usual(thread)

    with FaultServer(answering(OK)) as server, monkeypatch.context() as inside:
        inside.setattr(threading.Thread, "start", start)
        with to(server.url) as one:
            for _ in range(3):
                one.send(BODY)
        send_once(server.url.replace("127.0.0.1", "localhost"))

    assert [name for name in started if name.startswith("otlpjson")] == ["otlpjson-lookup"]


def test_where_no_thread_can_be_started_the_request_is_made_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C4: at the interpreter's exit there are no more threads."""

    class NoThread(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(lookup, "Thread", NoThread)
    with (
        FaultServer(one_after_another([answering(OK), hang_up])) as server,
        to(server.url.replace("127.0.0.1", "localhost")) as one,
    ):
        first = one.send(BODY)
        one.close()
        second = one.send(BODY)

    assert (first, second) == (ACCEPTED, LOST)


# Nothing is shown


def test_no_secret_is_in_a_repr_a_message_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    """E1: not even when the server says it all back."""
    echo = json.dumps({"message": f"no such pair: Basic {TOKEN}, {KEY}, {TOKEN[5:-5]}"}).encode()
    caplog.set_level(logging.DEBUG)
    with FaultServer(answering(answer(401, echo))) as server, to(server.url) as one:
        outcome = one.send(BODY)
        shown = repr(one)

    assert outcome == Outcome(
        kind=OutcomeKind.MISCONFIGURED,
        status=401,
        message="no such pair: Basic [secure], [secure], [secure]",
    )
    assert shown == (
        f"Sender(Destination(url='{server.url}/otlp/v1/traces', headers=<1>, method='POST', "
        "is_webhook=False), timeout_s=10.0)"
    )
    assert KEY not in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_sender_cannot_be_copied(copied: Callable[[Sender], object]) -> None:
    """It says so itself, instead of failing half-way and leaving an object without attributes."""
    with to("http://127.0.0.1:9") as one, pytest.raises(TypeError) as caught:
        copied(one)

    assert str(caught.value) == "a Sender holds a connection, so it cannot be copied or pickled"


def test_a_sender_that_could_not_be_made_has_a_repr() -> None:
    """A debugger shows it in the traceback."""
    half = Sender.__new__(Sender)
    with pytest.raises(ConfigError):
        half.__init__(Destination(url="https://a.test/"), timeout_s=0)  # type: ignore[misc]

    assert repr(half) == (
        "Sender(Destination(url='https://a.test/', headers=<0>, method='POST', is_webhook=False), timeout_s=0)"
    )


# Its own arguments


@pytest.mark.parametrize("timeout_s", [0, -1, float("nan"), float("inf"), 3601])
def test_a_timeout_must_be_a_positive_number_up_to_an_hour(timeout_s: float) -> None:
    with pytest.raises(ConfigError) as caught:
        to("https://127.0.0.1", timeout_s=timeout_s)

    assert str(caught.value) == (
        f"timeout_s: expected a positive number of seconds up to 3600, got {timeout_s!r}"
    )


def test_without_requests_it_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not with the first request, in a thread."""
    monkeypatch.setattr(sender_module, "find_spec", {"requests": None}.get)

    with pytest.raises(ModuleNotFoundError, match="needs requests"):
        to("http://127.0.0.1:1")


@pytest.mark.parametrize("name", ["nothing", "folder", "text"])
def test_a_file_of_authorities_must_be_one(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("no certificate")
    with pytest.raises(ConfigError) as caught:
        to("https://127.0.0.1", ca_file=tmp_path / name)

    assert str(caught.value) == f"ca_file: expected a PEM file, got {str(tmp_path / name)!r}"


def test_it_is_a_transport_with_a_clock_that_moves_on() -> None:
    one = to("https://127.0.0.1")
    before = one.now_s()
    one.sleep(0.01)

    assert one.now_s() - before >= 0.01
    drawn = [one.jitter() for _ in range(20)]
    assert all(0.0 <= jitter < 1.0 for jitter in drawn)
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("test", [True, False])
def test_a_webhook_gets_its_method_and_query_and_is_told_of_a_test(method: str, test: bool) -> None:
    """On the wire."""
    with FaultServer(answering(answer(200, b"<html>thanks", "Content-Type: text/html"))) as server:
        url = f"{server.url}/hook/?a=b&c=%2F"
        with Sender(webhook(url, method, {"X-Key": KEY})) as sender:
            outcome = sender.send(BODY, test=test)
    (received,) = server.received

    assert outcome.kind is OutcomeKind.UNCONFIRMED
    assert received.line == f"{method} /hook/?a=b&c=%2F HTTP/1.1"
    assert received.headers["x-key"] == KEY
    assert received.headers.get("x-test-connection") == ("true" if test else None)


def test_the_compression_is_an_argument() -> None:
    """Its name is sent with what it made."""
    backwards = Compression(encoding="backwards", compress=lambda body: body[::-1])
    with FaultServer(answering(OK)) as server, to(server.url, compression=backwards) as one:
        assert one.send(BODY) == ACCEPTED

    [received] = server.received
    assert (received.headers["content-encoding"], received.body) == ("backwards", BODY[::-1])


@pytest.mark.parametrize(
    ("url", "line", "host"),
    [
        ("http://127.0.0.1:{}", "POST / HTTP/1.1", "127.0.0.1:{}"),
        ("http://127.0.0.1:{}/a b?c=d e", "POST /a%20b?c=d%20e HTTP/1.1", "127.0.0.1:{}"),
        ("http://LOCALHOST:{}/%41?x=%20", "POST /%41?x=%20 HTTP/1.1", "localhost:{}"),
    ],
)
def test_a_url_is_written_as_http_wants_it(url: str, line: str, host: str) -> None:
    """What is escaped already stays so."""
    with FaultServer(answering(OK)) as server:
        assert send_plainly(url.format(server.port)) == ACCEPTED

    [received] = server.received
    assert (received.line, received.headers["host"]) == (line, host.format(server.port))


def test_a_sender_that_was_not_used_has_nothing_to_forget() -> None:
    """In a child process, or at its end."""
    with FaultServer(answering(OK)) as server, to(server.url) as one:
        one.after_fork()
        one.close()
        assert one.send(BODY) == ACCEPTED


def test_a_child_process_forgets_the_connection_of_its_parent() -> None:
    """``test_forks`` has the processes; the other side of the connection is not touched."""
    with FaultServer(answering(OK)) as server, to(server.url) as one:
        one.send(BODY)
        one.after_fork()
        assert one.send(BODY) == ACCEPTED
        assert server.connections == 2


def send_plainly(url: str) -> Outcome:
    """Without a key, for which http is no way."""
    with Sender(Destination(url=url)) as one:
        return one.send(BODY)


def test_of_several_addresses_the_first_that_answers_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """If none does, the last error counts; an interrupt leaves no socket open."""
    with FaultServer(answering(OK)) as server:
        known = [("127.0.0.1", closed_port()), ("127.0.0.1", server.port)]

        def addresses(*asked: object) -> Any:
            return [(socket.AF_INET, address) for address in known]

        monkeypatch.setattr(lookup.Lookup, "addresses", addresses)
        found = send_plainly("http://name.test")
        del known[1]
        refused = send_plainly("http://name.test")
        known.clear()
        none = send_plainly("http://name.test")
        known.append(("127.0.0.1", server.port))

        def interrupted(*asked: object) -> Any:
            raise KeyboardInterrupt

        with monkeypatch.context() as inside, pytest.raises(KeyboardInterrupt):
            inside.setattr(socket.socket, "connect", interrupted)
            send_plainly("http://name.test")

    assert (found, refused, none) == (
        ACCEPTED,
        unreachable("connection refused"),
        unreachable("connection failed"),
    )


def test_a_host_beyond_ascii_is_written_as_dns_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def addresses(self: object, host: str, *more: object) -> Any:
        asked.append(host)
        return []

    monkeypatch.setattr(lookup.Lookup, "addresses", addresses)
    for host in ("b\u00fccher.test", "[::1]"):
        with Sender(Destination(url=f"http://{host}/")) as one:
            one.send(BODY)

    assert asked == ["xn--bcher-kva.test", "::1"]


def test_a_closed_connection_is_stale() -> None:
    """As one that the program closed itself."""
    near, far = socket.socketpair()
    connection = Connection(near)
    assert not connection.is_stale()
    far.close()
    assert connection.is_stale()
    connection.close()
    assert connection.is_stale()


@pytest.mark.parametrize("said", [answer(413, b"", "Connection: close"), b""])
def test_an_answer_that_came_before_the_request_was_sent_is_heard(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    """A server may refuse a body early, and close; without an answer the connection was lost."""

    def broken(*asked: object) -> object:
        raise BrokenPipeError

    def speak(visit: Visit) -> None:
        visit.write(said)

    with FaultServer(speak) as server, to(server.url) as one:
        monkeypatch.setattr(Connection, "send", broken)
        outcome = one.send(BODY)

    assert outcome == (Outcome(kind=OutcomeKind.TOO_LARGE, status=413) if said else LOST)


def test_a_connection_that_is_reset_while_it_waits_is_stale() -> None:
    """As by a firewall that forgot it."""

    def answer_and_reset(visit: Visit) -> None:
        visit.read()
        visit.write(OK)
        reset(b"")(visit)

    with FaultServer(one_after_another([answer_and_reset, answering(OK)])) as server, to(server.url) as one:
        first = one.send(BODY)
        time.sleep(0.1)
        second = one.send(BODY)

    assert (first, second, server.connections) == (ACCEPTED, ACCEPTED, 2)


def test_what_is_left_of_a_broken_answer_is_collected_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """CPython 3.13 prints what a finalizer raises."""
    raised: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", raised.append)
    near, far = socket.socketpair()
    with far:
        far.sendall(b"HTTP/1.1 what\r\n\r\n")
        connection = Connection(near)
        with pytest.raises(HTTPException) as caught:
            connection.answer(Deadline(1.0))
        # A cycle, so that the response and its reader are collected together, in any order.
        caught.value.args = (caught.value,)
        del caught
        gc.collect()
        connection.close()
    assert raised == []
