# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows that the fault server does what its behaviours say, by a client of bare sockets."""

from __future__ import annotations

import socket
import ssl
import threading

import pytest

from .certificates import Certificates
from .fault_server import (
    OK,
    Behaviour,
    FaultServer,
    Received,
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

POST = b"POST /x HTTP/1.1\r\nA-Name: a value\r\nContent-Length: 3\r\n\r\nabc"


def talk(server: FaultServer, data: bytes = POST) -> bytes:
    """All that the server says to one request until it closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65536), b""))


def test_an_answer_has_its_length() -> None:
    assert answer(201, b"abc", "A: b") == (
        b"HTTP/1.1 201 Some Reason\r\nA: b\r\nContent-Length: 3\r\n\r\nabc"
    )


def test_requests_are_answered_and_remembered_over_one_connection() -> None:
    with FaultServer(answering(OK)) as server:
        said = talk(server, POST + POST)

    one = Received(line="POST /x HTTP/1.1", headers={"a-name": "a value", "content-length": "3"}, body=b"abc")
    assert (said, server.received, server.connections) == (OK + OK, [one, one], 1)


def test_a_client_that_goes_in_the_middle_is_no_request() -> None:
    with FaultServer(answering(OK)) as server:
        said = [talk(server, POST[:at]) for at in (0, 10, len(POST) - 1)]

    assert (said, server.received, server.connections) == ([b"", b"", b""], [], 3)


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [(hang_up, b""), (cut_answer(b"abc"), b"abc"), (one_after_another([cut_answer(b"1")]), b"1")],
)
def test_a_behaviour_says_its_part_and_closes(behaviour: Behaviour, said: bytes) -> None:
    with FaultServer(behaviour) as server:
        assert talk(server) == said


def test_connections_are_served_one_after_another() -> None:
    with FaultServer(one_after_another([cut_answer(b"1"), cut_answer(b"2")])) as server:
        assert [talk(server), talk(server)] == [b"1", b"2"]


def test_a_reset_is_an_error_for_the_client() -> None:
    with FaultServer(reset(b"abc")) as server, pytest.raises(ConnectionResetError):
        talk(server)


@pytest.mark.parametrize(
    ("behaviour", "beginning"),
    [
        (drip(b"ab", b"cd", 0.001), b"abcdcdcd"),
        (endless(b"ab", b"cd"), b"abcdcdcd"),
        (refuse_to_read, b""),
        (blackhole, b""),
    ],
)
def test_closing_the_server_ends_what_would_go_on_for_ever(behaviour: Behaviour, beginning: bytes) -> None:
    threads = threading.active_count()
    with FaultServer(behaviour) as server, socket.create_connection(("127.0.0.1", server.port), 10) as client:
        client.sendall(POST)
        said = b""
        while len(said) < len(beginning):
            said += client.recv(len(beginning) - len(said))

    assert (said, threading.active_count()) == (beginning, threads)


def test_with_a_certificate_it_speaks_tls(certificates: Certificates) -> None:
    context = ssl.create_default_context(cafile=certificates.authority)
    with FaultServer(answering(OK), certificate=certificates.here) as server:
        plain = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        with context.wrap_socket(plain, server_hostname="localhost") as client:
            client.sendall(POST)
            said = client.recv(len(OK))

        assert (said, server.url) == (OK, f"https://127.0.0.1:{server.port}")


def test_a_proxy_passes_bytes_on_both_ways() -> None:
    with FaultServer(answering(OK)) as server, FaultServer(forwarding) as proxy:
        asked = b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % server.port
        said = talk(proxy, asked + POST)

    assert said == b"HTTP/1.1 200 Connection established\r\n\r\n" + OK
