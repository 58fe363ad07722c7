# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The local receiver: what it answers, what it keeps, and how it ends. Each test speaks HTTP to it."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import struct
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import attrs
import pytest

from otlpjson.core.errors import InvalidDocument
from otlpjson.receiver.server import Receiver

JSON = "application/json"
PATH = "/otlp/v1/traces"
SUCCESS = b'{"partialSuccess":{}}'
RIGHT = "Basic MTIzNDU2OmdsY19yZWNlaXZlcg=="
CREDENTIALS = ("123456", "glc_receiver")


def has_ipv6_loopback() -> bool:
    """Whether this machine can listen on ::1."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@attrs.frozen(kw_only=True)
class Reply:
    """What came back: status, media type, body, and whether the connection stays open."""

    status: int
    media_type: str
    body: bytes
    kept: bool


def refused(status: int, text: str, code: int | None = None) -> Reply:
    """A refusal as the Collector words it: google.rpc.Status, or plain text without a code."""
    body = text if code is None else json.dumps({"code": code, "message": text})
    media_type = "text/plain" if code is None else JSON
    return Reply(status=status, media_type=media_type, body=body.encode(), kept=False)


ACCEPTED = Reply(status=200, media_type=JSON, body=SUCCESS, kept=True)


@contextmanager
def connected(receiver: Receiver) -> Iterator[http.client.HTTPConnection]:
    """A connection to the receiver."""
    parts = urlsplit(receiver.base_url)
    with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)) as connection:
        yield connection


@contextmanager
def plugged(receiver: Receiver) -> Iterator[socket.socket]:
    """The same without HTTP: a socket."""
    parts = urlsplit(receiver.base_url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as plug:
        yield plug


def exchange(
    connection: http.client.HTTPConnection,
    body: bytes = b"{}",
    *,
    method: str = "POST",
    path: str = PATH,
    headers: dict[str, str] | None = None,
) -> Reply:
    """One request over a connection; a header that is not given is the usual one."""
    connection.request(method, path, body, {"Content-Type": JSON, **(headers or {})})
    response = connection.getresponse()
    return Reply(
        status=response.status,
        media_type=response.headers["Content-Type"],
        body=response.read(),
        kept=response.headers["Connection"] is None,
    )


def ask(receiver: Receiver, body: bytes = b"{}", path: str = PATH, **headers: str) -> Reply:
    """One delivery over a connection of its own; in names of headers, "_" stands for "-"."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    with connected(receiver) as connection:
        return exchange(connection, body, path=path, headers=given)


@pytest.mark.parametrize(
    "body", [b"{}", b'{"resourceSpans":[]}', b'{"resourceSpans":null}', b'{"resourceSpans":[{}],"more":1}']
)
def test_a_body_of_the_right_outline_is_accepted_and_kept(body: bytes) -> None:
    """The answer is the Collector's, and the line is the body byte for byte."""
    with Receiver() as receiver:
        assert ask(receiver, body) == ACCEPTED
        assert receiver.lines == (body,)


@pytest.mark.parametrize("path", ["/otlp/v1/traces", "/v1/traces", "/v1/traces?tenant=a", "/otlp/v1/traces?"])
def test_both_paths_are_served_whatever_the_query(path: str) -> None:
    """Grafana's path and OpenTelemetry's."""
    with Receiver() as receiver:
        assert ask(receiver, path=path) == ACCEPTED


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json; charset=utf-8", "Application/JSON ;charset=UTF-8"]
)
def test_the_media_type_may_have_parameters_and_any_case(media_type: str) -> None:
    """As at the Collector."""
    with Receiver() as receiver:
        assert ask(receiver, Content_Type=media_type) == ACCEPTED


def test_a_compressed_body_is_kept_unpacked() -> None:
    """gzip of one part or of several, as at the Collector."""
    parts = gzip.compress(b'{"resourceSpans"') + gzip.compress(b":[]}")
    with Receiver() as receiver:
        assert ask(receiver, gzip.compress(b"{}"), Content_Encoding="gzip") == ACCEPTED
        assert ask(receiver, parts, Content_Encoding="gzip") == ACCEPTED
        assert receiver.lines == (b"{}", b'{"resourceSpans":[]}')


def test_a_body_over_several_lines_is_kept_as_one() -> None:
    """Equal JSON, every byte but the line ends."""
    body = b'\n{\r\n  "resourceSpans": [\n    {"text": "a\\nb \xc3\xa9"}\n  ]\n}\n'
    with Receiver() as receiver:
        assert ask(receiver, body) == ACCEPTED
        (line,) = receiver.lines

    assert line == b'{    "resourceSpans": [     {"text": "a\\nb \xc3\xa9"}   ] }'
    assert json.loads(line) == json.loads(body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the body is not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"nope", "the body is not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"{}{}", "the body is not JSON: Extra data: line 1 column 3 (char 2)"),
        (b'{"a":NaN}', "the body is not JSON: NaN is not a JSON number"),
        (b'{"a":-Infinity}', "the body is not JSON: -Infinity is not a JSON number"),
        (
            b"\xff",
            "the body is not JSON: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
        ),
        (
            b"\xef\xbb\xbf{}",
            "the body is not JSON: Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)",
        ),
        (b"null", "the body is not an object with a list of resourceSpans"),
        (b"[]", "the body is not an object with a list of resourceSpans"),
        (b'"text"', "the body is not an object with a list of resourceSpans"),
        (b'{"resourceSpans":{}}', "the body is not an object with a list of resourceSpans"),
        (b'{"resourceSpans":0}', "the body is not an object with a list of resourceSpans"),
        (b'{"resourceSpans":[{},5]}', "the body is not an object with a list of resourceSpans"),
    ],
)
def test_what_is_no_json_or_of_another_outline_is_refused(body: bytes, message: str) -> None:
    """400 with google.rpc.Status, and nothing is kept."""
    with Receiver() as receiver:
        assert ask(receiver, body) == refused(400, message, 3)
        assert receiver.lines == ()


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000])
def test_json_too_deep_to_read_is_refused(body: bytes) -> None:
    """A reader that gives up is no reason to hang up."""
    with Receiver() as receiver:
        reply = ask(receiver, body)

    assert (reply.status, json.loads(reply.body)["message"][:20]) == (400, "the body is not JSON")


@pytest.mark.parametrize("encoding", ["identity", "GZIP", "br", "gzip, gzip", ""])
def test_an_encoding_other_than_gzip_is_refused(encoding: str) -> None:
    """The Collector takes ``gzip`` in lower case or no header at all."""
    with Receiver() as receiver:
        reply = ask(receiver, Content_Encoding=encoding)

    assert reply == refused(400, f"unsupported Content-Encoding: {encoding}", 3)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        gzip.compress(b"{}")[:-1],
        gzip.compress(b"{}")[:-8] + b"00000000",
        gzip.compress(b"{}") + b"more",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff\xff\xff",
    ],
)
def test_broken_gzip_is_refused(body: bytes) -> None:
    """Not gzip at all, cut, with a wrong checksum, with something after it, with a broken inside."""
    with Receiver() as receiver:
        assert ask(receiver, body, Content_Encoding="gzip") == refused(400, "gzip: invalid data", 3)


def test_credentials_are_asked_for() -> None:
    """401 says whether they were missing or wrong, in the Collector's words."""
    with Receiver(credentials=CREDENTIALS) as receiver:
        assert ask(receiver) == refused(401, "no basic auth provided", 16)
        assert ask(receiver, Authorization="") == refused(401, "no basic auth provided", 16)
        assert ask(receiver, Authorization=RIGHT[:-4]) == refused(401, "invalid credentials", 16)
        assert ask(receiver, Authorization="Bearer glc_receiver") == refused(401, "invalid credentials", 16)
        assert ask(receiver, Authorization="Basic \xe9") == refused(401, "invalid credentials", 16)
        assert receiver.lines == ()
        assert ask(receiver, Authorization=RIGHT) == ACCEPTED


def test_the_refusal_of_credentials_names_the_scheme() -> None:
    """RFC 9110, 15.5.2: a 401 has a challenge."""
    with Receiver(credentials=CREDENTIALS) as receiver, connected(receiver) as connection:
        connection.request("POST", PATH, b"{}", {"Content-Type": JSON})
        response = connection.getresponse()
        response.read()

    assert response.headers["WWW-Authenticate"] == 'Basic realm="otlpjson"'


@pytest.mark.parametrize("path", ["/", "/v1/trace", "/v1/traces/", "/otlp/v1/logs"])
def test_any_other_path_is_not_found(path: str) -> None:
    """Before anything else is asked."""
    with Receiver(credentials=CREDENTIALS) as receiver:
        assert ask(receiver, path=path, Content_Type="text/plain") == refused(404, "404 page not found")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_any_other_method_is_refused(method: str) -> None:
    """405 where the path is right, 404 where it is not."""
    with Receiver() as receiver, connected(receiver) as connection:
        right = exchange(connection, method=method)
        wrong = exchange(connection, method=method, path="/")

    assert right == refused(405, "405 method not allowed, supported: [POST]")
    assert wrong == refused(404, "404 page not found")


def test_the_answer_to_head_has_no_body() -> None:
    """The rest is as for GET."""
    with Receiver() as receiver, connected(receiver) as connection:
        reply = exchange(connection, b"", method="HEAD")

    assert reply == Reply(status=405, media_type="text/plain", body=b"", kept=False)


@pytest.mark.parametrize("media_type", ["application/x-protobuf", "text/plain", "application/jsonl", ""])
def test_any_other_media_type_is_refused(media_type: str) -> None:
    """415 in plain text, as at the Collector."""
    with Receiver() as receiver:
        reply = ask(receiver, Content_Type=media_type)

    assert reply == refused(415, "415 unsupported media type, supported: [application/json]")


CHUNKED = b"Transfer-Encoding: chunked\r\n"


def told(fields: bytes, body: bytes, **settings: Any) -> tuple[bytes, tuple[bytes, ...]]:
    """The answer to a request written by hand, its first line and its body; and what was kept."""
    head = b"POST /v1/traces HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nConnection: close\r\n"
    with Receiver(**settings) as receiver, plugged(receiver) as plug:
        plug.sendall(head + fields + b"\r\n" + body)
        plug.shutdown(socket.SHUT_WR)
        answer = read_to_end(plug)
        return answer.partition(b"\r\n")[0] + b" | " + answer.partition(b"\r\n\r\n")[2], receiver.lines


@pytest.mark.parametrize("fields", [b"", b"Content-Length: -1\r\n", b"Content-Length: \xb2\r\n"])
def test_a_body_without_a_length_is_refused(fields: bytes) -> None:
    """Nobody can tell where it ends."""
    assert told(fields, b"{}") == (b"HTTP/1.1 411 Length Required | 411 length required", ())


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        (CHUNKED, b"2\r\n{}\r\n0\r\n\r\n"),
        (CHUNKED, b"1\r\n{\r\n1;name=value\r\n}\r\n0\r\nTrailer: x\r\n\r\n"),
        (b"transfer-encoding:  Chunked \r\n", b"2 \n{}\n0\n"),
        (
            CHUNKED + b"Content-Encoding: gzip\r\n",
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(gzip.compress(b"{}")), gzip.compress(b"{}")),
        ),
    ],
)
def test_a_chunked_body_is_taken(fields: bytes, body: bytes) -> None:
    """In pieces, with extensions and trailers, compressed; its own length counts (RFC 9112, 6.3)."""
    assert told(fields, body) == (b"HTTP/1.1 200 OK | " + SUCCESS, (b"{}",))


@pytest.mark.parametrize(
    ("fields", "body", "answer"),
    [
        (CHUNKED, b"{}", b'400 Bad Request | {"code": 3, "message": "malformed chunked encoding"}'),
        (CHUNKED, b"", b'400 Bad Request | {"code": 3, "message": "malformed chunked encoding"}'),
        (CHUNKED, b"1\r\n{}\r\n", b'400 Bad Request | {"code": 3, "message": "malformed chunked encoding"}'),
        (CHUNKED, b"-1\r\n{}\r\n", b'400 Bad Request | {"code": 3, "message": "malformed chunked encoding"}'),
        (CHUNKED, b"1" * 5000, b'400 Bad Request | {"code": 3, "message": "malformed chunked encoding"}'),
        (CHUNKED, b"3\r\n{}", b'400 Bad Request | {"code": 3, "message": "unexpected end of the body"}'),
        (
            CHUNKED,
            b"2\r\n{}\r\n9\r\n         \r\n0\r\n\r\n",
            b'413 Request Entity Too Large | {"code": 8, "message": "request body too large"}',
        ),
        (
            CHUNKED,
            b"fffffffffffffff\r\n",
            b'413 Request Entity Too Large | {"code": 8, "message": "request body too large"}',
        ),
        (
            b"Transfer-Encoding: gzip, chunked\r\n",
            b"",
            b"501 Not Implemented | 501 unsupported transfer encoding",
        ),
    ],
)
def test_a_chunked_body_that_is_broken_or_too_large_is_refused(
    fields: bytes, body: bytes, answer: bytes
) -> None:
    """And nothing of it is kept."""
    said, kept = told(fields, body, max_body_bytes=10)

    assert (said.replace(b"Content Too Large", b"Request Entity Too Large"), kept) == (
        b"HTTP/1.1 " + answer,
        (),
    )


def read_to_end(plug: socket.socket) -> bytes:
    """Everything until the other side has no more to say."""
    return b"".join(iter(lambda: plug.recv(65536), b""))


def test_a_body_over_the_limit_is_refused_by_its_length() -> None:
    """One byte decides."""
    with Receiver(max_body_bytes=10) as receiver:
        assert ask(receiver, b"{}" + b" " * 8) == ACCEPTED
        assert ask(receiver, b"{}" + b" " * 9) == refused(413, "request body too large", 8)


def test_a_refusal_reaches_a_client_that_is_still_sending() -> None:
    """The answer comes before the end of the body and must not be lost with the connection."""
    with Receiver(max_body_bytes=10) as receiver:
        assert ask(receiver, b" " * 20_000_000) == refused(413, "request body too large", 8)


@pytest.mark.slow
def test_a_compressed_body_is_unpacked_up_to_the_limit_and_no_further() -> None:
    """100 MB of spaces come in 100 kB, and cost no more memory than the limit."""
    limit = 1_000_000
    bomb = gzip.compress(b" " * 100_000_000, 9)
    fitting = gzip.compress(b"{}" + b" " * (limit - 2))
    larger = gzip.compress(b"{}" + b" " * (limit - 1))
    with Receiver(max_body_bytes=limit) as receiver:
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            refusal = ask(receiver, bomb, Content_Encoding="gzip")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

        assert refusal == refused(413, "request body too large", 8)
        assert peak - before < 5 * limit
        assert ask(receiver, fitting, Content_Encoding="gzip") == ACCEPTED
        assert ask(receiver, larger, Content_Encoding="gzip") == refused(413, "request body too large", 8)


def test_a_connection_is_kept_after_success_and_closed_after_a_refusal() -> None:
    """Many deliveries go over one connection."""
    with Receiver() as receiver, connected(receiver) as connection:
        replies = [exchange(connection) for _ in range(3)]
        plug = connection.sock
        refusal = exchange(connection, b"nope")

        assert replies == [ACCEPTED] * 3
        assert plug is not None
        assert not refusal.kept


def test_a_client_that_waits_to_be_asked_for_the_body_is_asked() -> None:
    """RFC 9110, 10.1.1: what curl does with a large body."""
    head = b"POST /v1/traces HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
    with Receiver() as receiver, plugged(receiver) as plug:
        plug.sendall(head + b"Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
        asked = plug.recv(65536)
        plug.sendall(b"{}")
        answer = read_to_end(plug)

    assert asked == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert answer.endswith(SUCCESS)


def test_a_body_that_ends_too_early_is_refused() -> None:
    """Even where what came is JSON."""
    head = (
        b"POST /v1/traces HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
    )
    with Receiver() as receiver, plugged(receiver) as plug:
        plug.sendall(head + b"{}")
        plug.shutdown(socket.SHUT_WR)
        answer = read_to_end(plug)

        assert answer.endswith(b'{"code": 3, "message": "unexpected end of the body"}')
        assert receiver.lines == ()


def test_a_client_that_goes_away_is_no_event(capsys: pytest.CaptureFixture[str]) -> None:
    """In the middle of a body, with a reset: nothing is said, and the next one is served."""
    head = (
        b"POST /v1/traces HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
    )
    with Receiver() as receiver:
        with plugged(receiver) as plug:
            plug.sendall(head + b"{}")
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert ask(receiver) == ACCEPTED

    assert capsys.readouterr() == ("", "")


def test_each_accepted_line_is_handed_on() -> None:
    """Instead of being kept."""
    taken: list[bytes] = []
    with Receiver(on_body=taken.append) as receiver:
        ask(receiver, b'{"resourceSpans":\n[]}')
        ask(receiver, b"nope")

        assert taken == [b'{"resourceSpans": []}']
        assert receiver.lines == ()


def test_a_line_that_cannot_be_taken_is_not_acknowledged() -> None:
    """503, so that whoever sent it tries again."""

    def take(line: bytes) -> None:
        raise OSError(28, "No space left on device")

    with Receiver(on_body=take) as receiver:
        reply = ask(receiver)

    assert reply == refused(503, "the body cannot be stored: [Errno 28] No space left on device", 14)


def test_a_fault_of_the_callers_own_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """It is no client's; the connection ends without an answer."""

    def take(line: bytes) -> None:
        raise LookupError("of the caller")

    with Receiver(on_body=take) as receiver, pytest.raises(http.client.RemoteDisconnected):
        ask(receiver)

    assert "LookupError: of the caller" in capsys.readouterr().err


def test_twenty_clients_at_once_lose_nothing() -> None:
    """Every body is kept once, whole."""
    bodies = [[b'{"n":%d}' % (client * 10 + turn) for turn in range(10)] for client in range(20)]

    with Receiver() as receiver:

        def deliver(own: list[bytes]) -> list[Reply]:
            with connected(receiver) as connection:
                return [exchange(connection, body) for body in own]

        with ThreadPoolExecutor(20) as pool:
            replies = [reply for own in pool.map(deliver, bodies) for reply in own]

        assert replies == [ACCEPTED] * 200
        assert sorted(receiver.lines) == sorted(body for own in bodies for body in own)


def test_the_end_of_the_block_closes_port_and_connections() -> None:
    """A client whose connection was kept finds it ended; a new one finds nobody."""
    with Receiver() as receiver:
        parts = urlsplit(receiver.base_url)
        with connected(receiver) as connection:
            exchange(connection)
            start_s = time.monotonic()
            receiver.__exit__(None, None, None)
            took_s = time.monotonic() - start_s
            with pytest.raises((ConnectionError, http.client.HTTPException)):
                exchange(connection)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)
        assert receiver.lines == (b"{}",)
        assert took_s < 5


def test_an_answer_under_way_is_given_before_the_end() -> None:
    """A body that was taken is acknowledged, even where the receiver stops at that moment."""
    taken, proceed = Event(), Event()

    def take(line: bytes) -> None:
        taken.set()
        proceed.wait(10)

    receiver = Receiver(on_body=take)
    with ThreadPoolExecutor(1) as pool:
        with receiver:
            reply = pool.submit(ask, receiver)
            assert taken.wait(10)
            ending = Thread(target=receiver.__exit__, args=(None, None, None))
            ending.start()
            proceed.set()
            ending.join(10)

        assert reply.result(10) == ACCEPTED


def test_the_base_url_names_the_free_port_that_was_taken() -> None:
    """And a port that is taken cannot be taken again."""
    with Receiver() as receiver:
        parts = urlsplit(receiver.base_url)

        assert (parts.scheme, parts.hostname, parts.path) == ("http", "127.0.0.1", "")
        with pytest.raises(OSError, match="in use"):
            Receiver(port=parts.port or 0)


@pytest.mark.skipif(not has_ipv6_loopback(), reason="this machine has no IPv6 loopback")
def test_it_listens_on_ipv6_as_well() -> None:
    """The base URL has the address in brackets."""
    with Receiver(host="::1") as receiver:
        assert receiver.base_url.startswith("http://[::1]:")
        assert ask(receiver) == ACCEPTED


def raw(receiver: Receiver, request: bytes) -> bytes:
    """Everything that comes back for some bytes, until the connection is closed."""
    with plugged(receiver) as plug:
        plug.sendall(request)
        plug.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: plug.recv(65536), b""))


HEAD = b"POST /v1/traces HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", b"more than one length of the body"),
        (b"Content-Length: 2\r\nContent-Length: 3\r\n", b"more than one length of the body"),
        (b"Content-Length: 2\r\nContent-Length: 2\r\n", b"more than one length of the body"),
        (
            b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            b"more than one length of the body",
        ),
        (b"Transfer-Encoding : chunked\r\nContent-Length: 2\r\n", b"malformed header"),
        (b"Content-Length : 2\r\n", b"malformed header"),
    ],
)
def test_a_request_that_two_readers_would_end_differently_is_refused(fields: bytes, message: bytes) -> None:
    """RFC 9112, 6.3: a second request could be hidden in the body of the first."""
    with Receiver() as receiver:
        said = raw(receiver, HEAD + fields + b"\r\n{}" + HEAD + b"Content-Length: 2\r\n\r\n{}")
        lines = receiver.lines

    assert said.count(b"HTTP/1.1 ") == 1
    assert said.startswith(b"HTTP/1.1 400 ")
    assert message in said
    assert lines == ()


def test_trailers_without_end_are_refused() -> None:
    """A hundred of them are read."""
    chunks = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
    with Receiver() as receiver:
        few = raw(receiver, chunks + b"X-A: b\r\n" * 99 + b"\r\n")
        many = raw(receiver, chunks + b"X-A: b\r\n" * 100 + b"\r\n")

    assert few.startswith(b"HTTP/1.1 200 ")
    assert many.startswith(b"HTTP/1.1 400 ")
    assert b"too many trailers" in many


@pytest.mark.slow
def test_a_body_of_millions_of_values_is_refused_before_it_is_read() -> None:
    """As values they take thirty times as much memory; commas in a text are none."""
    many = gzip.compress(b'{"resourceSpans":[' + b"{}," * 2_000_001 + b"{}]}")
    text = gzip.compress(b'{"resourceSpans":[{"schemaUrl":"' + b"a," * 2_000_001 + b'"}]}')
    with Receiver() as receiver:
        tracemalloc.start()
        try:
            reply = ask(receiver, many, Content_Encoding="gzip")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert reply == refused(413, "request body too large", 8)
        assert ask(receiver, text, Content_Encoding="gzip").status == 200

    assert peak < 64 * 1024 * 1024


@pytest.mark.parametrize("scheme", ["basic", "BASIC", "Basic "])
def test_the_name_of_the_scheme_has_no_case(scheme: str) -> None:
    """RFC 9110, 11.1; another scheme with the same token is refused."""
    with Receiver(credentials=CREDENTIALS) as receiver:
        assert ask(receiver, Authorization=f"{scheme} {RIGHT[6:]}") == ACCEPTED
        assert ask(receiver, Authorization=f"Bearer {RIGHT[6:]}").status == 401
        assert ask(receiver, Authorization=RIGHT[6:]).status == 401


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"BREW /v1/traces HTTP/1.1\r\n\r\n", 501),
    ],
)
def test_what_is_no_request_is_answered_in_json(request_: bytes, status: int) -> None:
    """Without a page, and without what was sent."""
    with Receiver() as receiver:
        said = raw(receiver, request_)
    head, _, body = said.partition(b"\r\n\r\n")

    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: application/json" in head
    assert json.loads(body)["code"] == 3


def body_of(*numbers: int) -> bytes:
    """A body with a span of each of these traces."""
    spans = [{"traceId": f"{number:032x}", "spanId": f"{number:016x}"} for number in numbers]
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()


def test_traces_are_those_of_all_bodies() -> None:
    """In the order in which they came, with the spans of all bodies."""
    with Receiver() as receiver:
        before = receiver.traces
        for numbers in ((2, 1), (2,), (3,)):
            ask(receiver, body_of(*numbers))
        found = receiver.traces

    assert before == ()
    assert [int(trace.trace_id, 16) for trace in found] == [2, 1, 3]
    assert [len(trace.spans) for trace in found] == [2, 1, 1]


def test_wait_for_waits_for_so_many_traces() -> None:
    """It returns them as soon as they are there; a second span of a trace is no second trace."""

    def deliver() -> None:
        ask(receiver, body_of(1))
        time.sleep(0.05)
        ask(receiver, body_of(2))

    with Receiver() as receiver:
        ask(receiver, body_of(1))
        sending = Thread(target=deliver)
        sending.start()
        # Far beyond the limit of a test: only the news ends the wait.
        found = receiver.wait_for(2, timeout_s=1000)
        sending.join()

    assert [len(trace.spans) for trace in found] == [2, 1]
    assert receiver.wait_for(0) == receiver.wait_for(1) == found


def test_wait_for_gives_up_and_says_what_came() -> None:
    """The time is the caller's."""
    with Receiver() as receiver:
        ask(receiver, body_of(1, 2))
        with pytest.raises(TimeoutError, match=r"^expected 3 traces, got 2 traces in 1 request in 0\.01 s$"):
            receiver.wait_for(3, timeout_s=0.01)


def test_traces_of_a_body_that_is_wrong_are_an_error() -> None:
    """The receiver looks no deeper than its outline; a test should."""
    with Receiver() as receiver:
        assert ask(receiver, b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"x"}]}]}]}') == ACCEPTED
        for _ in range(2):
            with pytest.raises(InvalidDocument, match="traceId"):
                receiver.wait_for(1)
