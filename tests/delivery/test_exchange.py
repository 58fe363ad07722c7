# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows the request as it is made, and what each answer means, without a network."""

from __future__ import annotations

import gzip
import json
import re
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson.delivery import Destination, Outcome, OutcomeKind, grafana_cloud
from otlpjson.delivery.conclusion import conclude
from otlpjson.delivery.destination import Method
from otlpjson.delivery.exchange import MAX_ANSWER_BYTES, Answer, NoAnswer, Request, post
from otlpjson.delivery.secret import Secret

NOW = datetime(2026, 7, 1, 12, 0, 0, tzinfo=timezone.utc)
JSON = {"content-type": "application/json"}
HTML = {"content-type": "text/html; charset=utf-8"}


def outcome(answer: Answer | NoAnswer, *secrets: str | Secret) -> Outcome:
    return conclude(answer, now=NOW, secrets=secrets)


def accepted(**facts: Any) -> Outcome:
    return Outcome(kind=OutcomeKind.ACCEPTED, status=200, **facts)


def unconfirmed(message: str = "") -> Outcome:
    return Outcome(kind=OutcomeKind.UNCONFIRMED, status=200, message=message)


def portal(message: str) -> Outcome:
    message = f"an HTML page instead of OTLP: {message}"
    return Outcome(kind=OutcomeKind.MISCONFIGURED, status=200, message=message)


# The request


def test_a_request_has_these_headers_and_no_others() -> None:
    destination = Destination(url="https://otlp.test/v1/traces", headers=(("X-Scope-OrgID", "a"), ("B", "c")))
    request = post(destination, b"{}", user_agent="name/1")

    assert request == Request(
        url="https://otlp.test/v1/traces",
        headers=(
            ("Content-Type", "application/json"),
            ("Content-Encoding", "gzip"),
            ("Accept-Encoding", "identity"),
            ("User-Agent", "name/1"),
            ("X-Scope-OrgID", "a"),
            ("B", "c"),
        ),
        body=request.body,
    )
    # Without a time stamp, which are the bytes 4 to 7 (RFC 1952).
    assert (gzip.decompress(request.body), request.body[4:8]) == (b"{}", bytes(4))


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_only_the_test_of_a_webhook_is_called_one(method: Method) -> None:
    """The header stands before the destination's own."""
    hook = Destination(url="https://a", headers=(("B", "c"),), method=method, is_webhook=True)
    other = Destination(url="https://a", headers=(("B", "c"),), method=method)
    requests = [
        post(destination, b"{}", user_agent="b", test=test)
        for destination, test in ((hook, True), (hook, False), (other, True), (other, False))
    ]

    assert [request.method for request in requests] == [method] * 4
    assert [request.headers[4:] for request in requests] == [
        (("X-Test-Connection", "true"), ("B", "c")),
        *[(("B", "c"),)] * 3,
    ]


@given(st.binary(max_size=2000))
def test_a_body_comes_back_from_gzip_and_is_the_same_every_time(body: bytes) -> None:
    one, two = (post(Destination(url="https://a"), body, user_agent="b").body for _ in range(2))

    assert gzip.decompress(one) == body
    assert one == two


def test_requests_and_answers_show_sizes_instead_of_contents() -> None:
    request = Request(url="https://a", headers=(("Authorization", "Basic c2VjcmV0"),), body=b"body")
    answer = Answer(status=200, headers={"set-cookie": "secret"}, body=b"body")

    assert repr(request) == "Request(method='POST', url='https://a', headers=<1>, body=<4 bytes>)"
    assert repr(answer) == "Answer(status=200, body=<4 bytes>, complete=True)"


# Statuses


STATUSES = {
    OutcomeKind.ACCEPTED: [200, 201, 202, 204, 206, 299],
    OutcomeKind.MISCONFIGURED: [300, 301, 302, 303, 304, 307, 308, 399, 401, 403, 404, 405, 407],
    OutcomeKind.TOO_LARGE: [413],
    OutcomeKind.REJECTED: [400, 422],
    OutcomeKind.TRY_LATER: [429, 502, 503, 504],
    OutcomeKind.FAILED: [
        *(100, 101, 103, 199, 402, 406, 408, 409, 410, 411, 412, 414, 415, 416, 417, 418, 421, 423, 425, 426),
        *(428, 431, 451, 499, 500, 501, 505, 507, 508, 511, 520, 522, 599, 600, 999),
    ],
}
ROWS = [(status, kind) for kind, statuses in STATUSES.items() for status in statuses]


@pytest.mark.parametrize(("status", "kind"), ROWS)
@pytest.mark.parametrize(("headers", "seconds"), [({}, 0.0), ({"retry-after": "9"}, 9.0)])
def test_every_status_has_its_outcome_with_and_without_retry_after(
    status: int, kind: OutcomeKind, headers: dict[str, str], seconds: float
) -> None:
    """The whole table of 4.3; what to wait is kept wherever something was refused."""
    concluded = outcome(Answer(status=status, headers=headers))

    assert concluded == Outcome(
        kind=kind,
        status=status,
        message="redirected to another address" if 300 <= status < 400 else "",
        retry_after_s=0.0 if kind is OutcomeKind.ACCEPTED else seconds,
    )
    assert concluded.delivered is (kind is OutcomeKind.ACCEPTED)


def test_every_outcome_of_an_answer_occurs_in_the_table() -> None:
    others = {OutcomeKind.PARTLY_ACCEPTED, OutcomeKind.UNCONFIRMED, OutcomeKind.UNREACHABLE}

    assert set(STATUSES) | others == set(OutcomeKind)


def test_no_answer_is_tried_again_unless_waiting_cannot_help() -> None:
    assert outcome(NoAnswer("timed out")) == Outcome(kind=OutcomeKind.UNREACHABLE, message="timed out")
    assert outcome(NoAnswer("the certificate\nis bad", True)) == Outcome(
        kind=OutcomeKind.MISCONFIGURED, message="the certificate is bad"
    )


@pytest.mark.parametrize(
    ("kind", "delivered"),
    [(kind, kind.value in ("accepted", "partly accepted", "accepted, unconfirmed")) for kind in OutcomeKind],
)
def test_what_was_accepted_in_any_way_is_delivered(kind: OutcomeKind, delivered: bool) -> None:
    assert Outcome(kind=kind).delivered is delivered


# The size


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (
            429,
            "grpc: received message after decompression larger than max (15728641 vs. 15728640)",
            OutcomeKind.TOO_LARGE,
        ),
        (
            429,
            "RATE_LIMITED: batch size (31000000 bytes) exceeds ingestion limit (local: 15000000 bytes/s, "
            "global: 0 bytes/s, burst: 20000000 bytes) while adding 31000000 bytes for user 123456",
            OutcomeKind.TOO_LARGE,
        ),
        (
            429,
            "RATE_LIMITED: ingestion rate limit (local: 15000000 bytes/s, global: 15000000 bytes/s, "
            "burst: 20000000 bytes) exceeded while adding 1024 bytes for user 123456",
            OutcomeKind.TRY_LATER,
        ),
        (429, "too many requests", OutcomeKind.TRY_LATER),
        (400, "http: request body too large", OutcomeKind.TOO_LARGE),
        (400, "Request Body Too Large", OutcomeKind.TOO_LARGE),
        (400, "trace ids must be 128 bit, received 0 bits", OutcomeKind.REJECTED),
        (422, "request body too large", OutcomeKind.REJECTED),
        (500, "request body too large", OutcomeKind.FAILED),
        (401, "request body too large", OutcomeKind.MISCONFIGURED),
    ],
)
def test_a_message_that_names_the_size_is_told_from_a_rate(
    status: int, message: str, kind: OutcomeKind
) -> None:
    """SND-6, GC-3: only a smaller batch can pass; of a rate, waiting is enough."""
    as_text = outcome(Answer(status=status, body=message.encode()))
    as_json = outcome(Answer(status=status, headers=JSON, body=json.dumps({"message": message}).encode()))

    assert as_text == as_json == Outcome(kind=kind, status=status, message=message)


def test_the_size_is_seen_behind_what_is_shown_of_a_message() -> None:
    body = b"x" * 5000 + b" is larger than max"

    assert outcome(Answer(status=400, body=body)).kind is OutcomeKind.TOO_LARGE


# Retry-After


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("1", 1.0),
        ("30", 30.0),
        (" 30\t", 30.0),
        ("007", 7.0),
        ("3600", 3600.0),
        ("3601", 3600.0),
        ("1000000000", 3600.0),
        ("1e9", 0.0),
        ("-5", 0.0),
        ("+5", 0.0),
        ("1.5", 0.0),
        ("NaN", 0.0),
        ("inf", 0.0),
        ("", 0.0),
        ("5, 10", 0.0),
        ("٣", 0.0),
        ("soon", 0.0),
        ("9" * 13, 3600.0),
        ("9" * 10_000, 3600.0),
        ("x" * 10_000, 0.0),
        ("Wed, 01 Jul 2026 12:00:07 GMT", 7.0),
        ("Wed, 01 Jul 2026 12:00:07", 7.0),
        ("Wed, 01 Jul 2026 12:00:07 -0000", 7.0),
        ("Wed, 01 Jul 2026 14:00:07 +0200", 7.0),
        ("Wednesday, 01-Jul-26 12:00:07 GMT", 7.0),
        ("Wed Jul  1 12:00:07 2026", 7.0),
        ("Wed, 01 Jul 2026 11:59:59 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Thu, 02 Jul 2026 12:00:00 GMT", 3600.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600.0),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 3600.0),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0.0),
        ("Wed, 01 Jul 99999999999 12:00:07 GMT", 0.0),
        ("Wed, 41 Jul 2026 12:00:07 GMT", 0.0),
        ("Wed, 01 Jul 2026 12:00:07 +9999", 0.0),
    ],
    ids=lambda value: str(value)[:40],
)
def test_retry_after_is_seconds_or_a_date_or_nothing(text: str, seconds: float) -> None:
    """SND-5, B2: at most an hour; a past date is 0, junk is ignored."""
    concluded = outcome(Answer(status=503, headers={"retry-after": text}))

    assert concluded == Outcome(kind=OutcomeKind.TRY_LATER, status=503, retry_after_s=seconds)


@given(st.integers(0, 3600))
def test_a_date_is_read_to_the_second(seconds: int) -> None:
    text = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)

    assert outcome(Answer(status=429, headers={"retry-after": text})).retry_after_s == seconds


@given(
    st.text(max_size=60) | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,3} Jul [0-9]{1,6} [0-9:]{1,9} [A-Z0-9+-]*")
)
def test_no_retry_after_is_ever_outside_of_an_hour(text: str) -> None:
    assert 0 <= outcome(Answer(status=503, headers={"retry-after": text})).retry_after_s <= 3600


# 2xx


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", accepted()),
        (b" \r\n", accepted()),
        (b"{}", accepted()),
        (b" { }\n", accepted()),
        (b"\xef\xbb\xbf{}", accepted()),
        ("{}".encode("utf-16"), accepted()),
        (b'{"partialSuccess":{}}', accepted()),
        (b'{"partialSuccess":null}', accepted()),
        (b'{"partialSuccess":{"rejectedSpans":"0"}}', accepted()),
        (b'{"partialSuccess":{"rejectedSpans":0,"errorMessage":""}}', accepted()),
        (b'{"partialSuccess":{"rejectedSpans":null,"errorMessage":null}}', accepted()),
        (b'{"partialSuccess":{},"more":1}', accepted()),
        (b'{"partialSuccess":{"errorMessage":"an old version"}}', accepted(message="an old version")),
        (b'{"partialSuccess":{"rejectedSpans":-3}}', accepted()),
        (b'{"partialSuccess":{"rejectedSpans":"-3"}}', accepted()),
        (b'{"partialSuccess":{"rejectedSpans":true}}', accepted()),
        (b'{"partialSuccess":{"rejectedSpans":1.5}}', accepted()),
        (b'{"partialSuccess":{"rejectedSpans":"many"}}', accepted()),
        (b'{"partialSuccess":{"rejectedSpans":" 3"}}', accepted()),
        (b'{"partialSuccess":{"rejectedSpans":[3]}}', accepted()),
        (b'{"partialSuccess":{"errorMessage":["a",{"b":1}]}}', accepted()),
        (b'{"partialSuccess":{"errorMessage":' + b"[" * 900 + b"]" * 900 + b"}}", accepted()),
        (b'{"partialSuccess":{"rejectedSpans":' + b"9" * 20 + b"}}", accepted()),
        (b'{"partialSuccess":5}', unconfirmed('{"partialSuccess":5}')),
        (b'{"partialSuccess":[]}', unconfirmed('{"partialSuccess":[]}')),
        (b'{"message":"ok"}', unconfirmed("ok")),
        (b'{"status":"success"}', unconfirmed('{"status":"success"}')),
        (b"[]", unconfirmed("[]")),
        (b"null", unconfirmed("null")),
        (b"OK", unconfirmed("OK")),
        (b"{", unconfirmed("{")),
        (b"\xff\xfe\xfd", unconfirmed("\ufffd\ufffd\ufffd")),
        (b"[" * 60_000, unconfirmed("[" * 499 + "…")),
        (b"9" * 60_000, unconfirmed("9" * 499 + "…")),
    ],
    ids=lambda value: repr(value)[:40] if isinstance(value, bytes) else "",
)
@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "", "text/plain"])
def test_an_answer_is_judged_by_its_body(body: bytes, expected: Outcome, kind: str) -> None:
    """1.4, D5: what is not OTLP's answer is delivered, but unconfirmed."""
    headers = {"content-type": kind} if kind else {}

    assert outcome(Answer(status=200, headers=headers, body=body)) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(status=200, body=b"{}"), accepted()),
        (Answer(status=204), Outcome(kind=OutcomeKind.ACCEPTED, status=204)),
        (Answer(status=200, body=b"OK"), unconfirmed("OK")),
        (
            Answer(status=200, headers=HTML, body=b"<title>Thanks</title>"),
            unconfirmed("an HTML page instead of OTLP: Thanks"),
        ),
        (
            Answer(status=299, body=b"<html>"),
            Outcome(
                kind=OutcomeKind.UNCONFIRMED,
                status=299,
                message="an HTML page instead of OTLP: a page without a title",
            ),
        ),
        (
            Answer(status=302),
            Outcome(kind=OutcomeKind.MISCONFIGURED, status=302, message="redirected to another address"),
        ),
        (Answer(status=400), Outcome(kind=OutcomeKind.REJECTED, status=400)),
        (Answer(status=401), Outcome(kind=OutcomeKind.MISCONFIGURED, status=401)),
        (Answer(status=500), Outcome(kind=OutcomeKind.FAILED, status=500)),
    ],
)
def test_any_success_of_a_webhook_is_one(answer: Answer, expected: Outcome) -> None:
    """A page as well; what is no success means what it always does."""
    assert conclude(answer, now=NOW, is_webhook=True) == expected


@pytest.mark.parametrize(
    ("rejected", "count"),
    [('"3"', 3), ("3", 3), ('"007"', 7), (str(2**63 - 1), 2**63 - 1), (f'"{2**63 - 1}"', 2**63 - 1)],
)
@pytest.mark.parametrize("packed", [False, True])
def test_rejected_spans_are_counted(rejected: str, count: int, packed: bool) -> None:
    """B6: text or number, with the server's words, and also from a packed answer."""
    body = (
        f'{{"partialSuccess":{{"rejectedSpans":{rejected},"errorMessage":"no\\u001b[31mspan id"}}}}'.encode()
    )
    headers = {**JSON, "content-encoding": " GZIP "} if packed else JSON
    answer = Answer(status=200, headers=headers, body=gzip.compress(body) if packed else body)

    assert outcome(answer) == Outcome(
        kind=OutcomeKind.PARTLY_ACCEPTED, status=200, message="no [31mspan id", rejected_spans=count
    )


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", b"{}"), ("gzip", gzip.compress(b"{}")[:-4]), ("br", b"{}"), ("identity", b"{}"), ("", b"{}")],
)
def test_an_encoding_that_is_not_what_it_says_is_taken_as_it_is(encoding: str, body: bytes) -> None:
    assert outcome(Answer(status=200, headers={"content-encoding": encoding}, body=body)) == accepted()


def test_an_answer_is_unpacked_up_to_the_limit() -> None:
    """B10: what follows is not even looked at."""
    fits = b'{"partialSuccess":{"rejectedSpans":"1"}}'.ljust(MAX_ANSWER_BYTES)
    bomb = gzip.compress(fits + b" " * 10_000_000 + b"x")
    concluded = outcome(Answer(status=200, headers={"content-encoding": "gzip"}, body=bomb))

    assert concluded == Outcome(kind=OutcomeKind.PARTLY_ACCEPTED, status=200, rejected_spans=1)


@pytest.mark.parametrize(
    ("headers", "body", "title"),
    [
        (HTML, b"<title>Sign in</title>", "Sign in"),
        (HTML, b"hello", "a page without a title"),
        (HTML, b"{}", "a page without a title"),
        ({"content-type": "application/xhtml+xml"}, b"<x/>", "a page without a title"),
        ({"content-type": "TEXT/HTML"}, b"<x/>", "a page without a title"),
        ({}, b"<html>", "a page without a title"),
        ({}, b"<HTML><TITLE lang=en>\n Sign in </TITLE>", "Sign in"),
        (HTML, b"<title> </title>", "a page without a title"),
        ({}, b"  \n<!DOCTYPE html><title>a</title>", "a"),
        ({}, b"\xef\xbb\xbf<!doctype HTML><title>a</title>", "a"),
        ({}, b'<?xml version="1.0"?><!DOCTYPE html><title>a</title>', "a"),
        ({}, b"<!-- portal --><html><title>a</title>", "a"),
        ({}, b"<head><title>a", "a"),
        ({}, b"<body>", "a page without a title"),
        ({}, b"<script>location='/login'</script>", "a page without a title"),
        (JSON, b"<html><title>a</title>", "a"),
        (HTML, b"<title" * 10_000, "a page without a title"),
    ],
)
def test_html_answer_is_not_success(headers: dict[str, str], body: bytes, title: str) -> None:
    """B7: a captive portal, with and without a content type, is never taken for the server."""
    assert outcome(Answer(status=200, headers=headers, body=body)) == portal(title)


def test_nothing_at_all_is_no_page_whatever_its_type() -> None:
    assert outcome(Answer(status=200, headers=HTML)) == accepted()


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({}, b"", unconfirmed()),
        (JSON, b"{}", unconfirmed("{}")),
        (
            JSON,
            b'{"partialSuccess":{"rejectedSpans":"3"}}',
            unconfirmed('{"partialSuccess":{"rejectedSpans":"3"}}'),
        ),
        (HTML, b"", portal("a page without a title")),
    ],
)
def test_a_cut_answer_does_not_count_as_read(headers: dict[str, str], body: bytes, expected: Outcome) -> None:
    assert outcome(Answer(status=200, headers=headers, body=body, complete=False)) == expected


# The server's words


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"code":3,"message":"bad id","details":[]}', "bad id"),
        (b'{"status":"error","error":"authentication error: no"}', "authentication error: no"),
        (b'{"errorMessage":"no"}', "no"),
        (b'{"message":"one","error":"two"}', "one"),
        (b'{"message":5,"error":"two"}', "two"),
        (b'{"error":{"message":"inside"}}', '{"error":{"message":"inside"}}'),
        (b"404 page not found\n", "404 page not found"),
        (b"<html><title>502 Bad Gateway</title></html>", "502 Bad Gateway"),
        (b"<html></html>", "a page without a title"),
        (b"", ""),
        (b"one\r\ntwo\nthree\x00four", "one two three four"),
        (
            b"\x1b[31mred\x1b]8;;http://evil.test\x07link\x1b]52;c;YQ==\x07",
            "[31mred ]8;;http://evil.test link ]52;c;YQ==",
        ),
        ("a\u202eb\u2066c\u200bd\u2028e\ufefff".encode(), "a b c d e f"),
        (b"100% of {0} and %s", "100% of {0} and %s"),
        ("grüße 日本".encode(), "grüße 日本"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b'{"message":"lone \\ud83e half"}', "lone   half"),
        (b"x" * 500, "x" * 500),
        (b"x" * 501, "x" * 499 + "…"),
        (b"x" * 10_000, "x" * 499 + "…"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_the_servers_words_are_one_clean_line(body: bytes, message: str) -> None:
    """D8, D9: nothing that steers a terminal or makes two log lines of one."""
    assert outcome(Answer(status=500, body=body)) == Outcome(
        kind=OutcomeKind.FAILED, status=500, message=message
    )


def test_a_redirect_to_a_page_shows_its_title() -> None:
    concluded = outcome(Answer(status=302, headers=HTML, body=b"<title>Moved</title>"))

    assert concluded == Outcome(kind=OutcomeKind.MISCONFIGURED, status=302, message="Moved")


# Secrets

KEY = 'glc_eyJvIjoi/"x&y\\<z>+?=='
CLOUD = grafana_cloud("https://otlp.test", 123456, KEY)
TOKEN = CLOUD.headers[0][1].reveal()[len("Basic ") :]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"key {KEY}", "key [secure]"),
        (f"{KEY}{KEY}", "[secure]"),
        (f"Authorization: Basic {TOKEN}", "Authorization: Basic [secure]"),
        (f"header {TOKEN[:-2]}", "header [secure]"),
        (f"header {TOKEN[4:20]}…", "header [secure]…"),
        (f"header {TOKEN[:8]}", "header [secure]"),
        (f"header {TOKEN[:7]}", f"header {TOKEN[:7]}"),
        ("key glc_eyJvIjoi%2F%22x%26y%5C%3Cz%3E%2B%3F%3D%3D", "key [secure]"),
        ("key glc_eyJvIjoi/%22x", "key [secure]%22x"),
        ('key glc_eyJvIjoi/\\"x&y\\\\<z>+?==', "key [secure]"),
        (f"key {KEY[:12]} and {KEY[12:]}", "key [secure] and [secure]"),
        (f"key {KEY[:10]}\u200b{KEY[10:]}", "key [secure] [secure]"),
        ("no secret in here at all", "no secret in here at all"),
    ],
)
def test_a_secret_is_blacked_out_in_every_form(said: str, shown: str) -> None:
    """E1: whole, escaped, cut; a part of eight characters is already too much."""
    in_text = outcome(Answer(status=401, body=said.encode()), *CLOUD.secrets)
    in_json = outcome(Answer(status=401, body=json.dumps({"error": said}).encode()), *CLOUD.secrets)

    assert in_text == in_json == Outcome(kind=OutcomeKind.MISCONFIGURED, status=401, message=shown)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(status=200, body=TOKEN.encode()), "[secure]"),
        (
            Answer(status=200, headers=HTML, body=b"<title>" + TOKEN.encode()),
            "an HTML page instead of OTLP: [secure]",
        ),
        (
            Answer(status=200, body=json.dumps({"partialSuccess": {"errorMessage": KEY}}).encode()),
            "[secure]",
        ),
        (Answer(status=400, body=b"x" * 490 + TOKEN.encode()), "x" * 490 + "[secure]"),
        (Answer(status=400, body=b"x" * 495 + TOKEN.encode()), "x" * 495 + "[sec…"),
    ],
)
def test_a_secret_is_blacked_out_in_every_kind_of_answer(answer: Answer, message: str) -> None:
    assert outcome(answer, *CLOUD.secrets).message == message


def test_a_short_or_empty_secret_is_blacked_out_whole_or_not_at_all() -> None:
    assert outcome(Answer(status=400, body=b"it is abc, not ab"), "abc", "").message == (
        "it is [secure], not ab"
    )


@given(
    status=st.integers(100, 599),
    body=st.binary(max_size=300)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["partialSuccess", "rejectedSpans", "errorMessage", "message", "error"]),
                inner,
            )
        ),
    ).map(lambda document: json.dumps(document).encode()),
    headers=st.dictionaries(
        st.sampled_from(["content-type", "content-encoding", "retry-after"]),
        st.sampled_from(["gzip", "text/html", "application/json", "7"]) | st.text(),
    ),
    complete=st.booleans(),
)
def test_any_answer_has_an_outcome_of_one_line(
    status: int, body: bytes, headers: dict[str, str], complete: bool
) -> None:
    """D5: never an exception, whatever comes."""
    concluded = outcome(Answer(status=status, headers=headers, body=body, complete=complete), KEY)

    assert concluded.status == status
    assert concluded.delivered <= (200 <= status < 300)
    assert len(concluded.message) <= 500
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ud800-\udfff]", concluded.message)
