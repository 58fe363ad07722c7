# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows the sentence that a person gets for each thing that a connection test can meet."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from otlpjson.delivery import Outcome, OutcomeKind, Verdict, judge
from otlpjson.delivery.conclusion import conclude
from otlpjson.delivery.exchange import Answer, NoAnswer

URL = "https://otlp.test/otlp/v1/traces"
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)

PAGE = b"<!DOCTYPE html><title>Sign in</title>"
UNKNOWN_PAIR = b'{"status":"error","error":"authentication error: no such host"}'
TOO_LARGE = b"grpc: received message after decompression larger than max (15728641 vs. 15728640)"

PASSED = {
    "200": (Answer(status=200, body=b"{}"), f"{URL} answered 200: test span accepted."),
    "204": (Answer(status=204), f"{URL} answered 204: test span accepted."),
    "200 in other words": (
        Answer(status=200, body=b"thanks"),
        f"{URL} answered 200 (not an OTLP answer, but no error): test span accepted.",
    ),
}

FAILED = {
    "200 without the span": (
        Answer(status=200, body=b'{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}'),
        f"{URL} answered 200 (too old): the server accepted the request but not the span.",
    ),
    "200 page": (
        Answer(status=200, headers={"content-type": "text/html"}, body=PAGE),
        f"{URL} answered 200 (an HTML page instead of OTLP: Sign in): a web page answered, such as a login "
        "page or a dashboard; check that the base URL is the OTLP endpoint.",
    ),
    "302": (
        Answer(status=302),
        f"{URL} answered 302 (redirected to another address): the server redirected, perhaps to a login page; "
        "check the base URL.",
    ),
    "400": (
        Answer(status=400, body=b'{"code":3,"message":"trace ids must be 128 bit, received 0 bits"}'),
        f"{URL} answered 400 (trace ids must be 128 bit, received 0 bits): the server rejected a plain span; "
        "check that the base URL is an OTLP endpoint.",
    ),
    "401": (
        Answer(status=401, body=UNKNOWN_PAIR),
        f"{URL} answered 401 (authentication error: no such host): check the instance ID and the API key: "
        "the server does not accept this pair.",
    ),
    "403": (
        Answer(status=403),
        f"{URL} answered 403: the API key is valid but may not write traces; add the scope traces:write to "
        "its access policy.",
    ),
    "404": (
        Answer(status=404, body=b"404 page not found\n"),
        f"{URL} answered 404 (404 page not found): nothing is served at this path; check that the base URL is "
        "the OTLP endpoint.",
    ),
    "405": (
        Answer(status=405),
        f"{URL} answered 405: something else is served at this path; check that the base URL is the OTLP "
        "endpoint.",
    ),
    "407": (
        Answer(status=407),
        f"{URL} answered 407: the proxy requires credentials; put them into the proxy URL.",
    ),
    "408": (
        Answer(status=408),
        f"{URL} answered 408: the server failed; try again, and check that the base URL is the OTLP "
        "endpoint.",
    ),
    "413": (
        Answer(status=413),
        f"{URL} answered 413: even one span is too large for this server; check that the base URL is the "
        "OTLP endpoint.",
    ),
    "415": (
        Answer(status=415),
        f"{URL} answered 415: the server does not accept JSON; check that the base URL is the OTLP endpoint.",
    ),
    "429": (
        Answer(status=429, headers={"retry-after": "5"}, body=b"RATE_LIMITED: slow down"),
        f"{URL} answered 429 (RATE_LIMITED: slow down): the credentials may be right, but the server is limiting "
        "the rate; try again in a minute.",
    ),
    "429 of the size": (
        Answer(status=429, body=TOO_LARGE),
        f"{URL} answered 429 ({TOO_LARGE.decode()}): even one span is too large for this server; check that "
        "the base URL is the OTLP endpoint.",
    ),
    "500": (
        Answer(status=500, body=b"<html><title>Oh no</title></html>"),
        f"{URL} answered 500 (Oh no): the server failed; try again, and check that the base URL is the OTLP "
        "endpoint.",
    ),
    "503": (
        Answer(status=503),
        f"{URL} answered 503: the server is not available; try again in a minute.",
    ),
    "no such host": (
        NoAnswer("host name not found"),
        f"{URL} did not answer (host name not found): check the host of the base URL, the network "
        "and the proxy.",
    ),
    "refused": (
        NoAnswer("connection refused"),
        f"{URL} did not answer (connection refused): check the host of the base URL, the network "
        "and the proxy.",
    ),
    "timeout": (
        NoAnswer("timed out"),
        f"{URL} did not answer (timed out): check the host of the base URL, the network and the proxy.",
    ),
    "certificate": (
        NoAnswer("the certificate is not trusted: certificate has expired", True),
        f"{URL} did not answer (the certificate is not trusted: certificate has expired): the server's "
        "identity cannot be verified; check the host, or set REQUESTS_CA_BUNDLE to your own certificate authority.",
    ),
    "proxy": (
        NoAnswer("unsupported kind of proxy", True),
        f"{URL} did not answer (unsupported kind of proxy): check the base URL and the proxy URL.",
    ),
}


@pytest.mark.parametrize(("answer", "sentence"), PASSED.values(), ids=PASSED.keys())
def test_what_takes_the_span_passes(answer: Answer, sentence: str) -> None:
    """E8: pass only for a 2xx that is no page."""
    assert judge(conclude(answer, now=NOW), URL) == Verdict(passed=True, sentence=sentence)


@pytest.mark.parametrize(("answer", "sentence"), FAILED.values(), ids=FAILED.keys())
def test_what_fails_says_what_to_change(answer: Answer | NoAnswer, sentence: str) -> None:
    assert judge(conclude(answer, now=NOW), URL) == Verdict(passed=False, sentence=sentence)


@pytest.mark.parametrize("kind", OutcomeKind)
@pytest.mark.parametrize("status", [None, 100, 200, 300, 400, 413, 500, 599])
def test_there_is_a_sentence_for_every_outcome(kind: OutcomeKind, status: int | None) -> None:
    verdict = judge(Outcome(kind=kind, status=status), URL)

    assert verdict.passed is (kind in (OutcomeKind.ACCEPTED, OutcomeKind.UNCONFIRMED))
    assert verdict.sentence.startswith(URL)
    assert verdict.sentence.endswith(".")


WEBHOOK = {
    "200": (200, b"", f"{URL} answered 200: test request accepted."),
    "200 page": (
        200,
        PAGE,
        f"{URL} answered 200 (not an OTLP answer, but no error): test request accepted.",
    ),
    "400": (400, b"no spans", f"{URL} answered 400 to the empty test body, which is fine for a webhook."),
    "400 of the size": (
        400,
        TOO_LARGE,
        f"{URL} answered 400 to the empty test body, which is fine for a webhook.",
    ),
}


@pytest.mark.parametrize(("status", "body", "sentence"), WEBHOOK.values(), ids=WEBHOOK.keys())
def test_a_webhook_passes_with_any_success_and_with_400(status: int, body: bytes, sentence: str) -> None:
    """The query of its URL, in which there may be a token, is not shown."""
    outcome = conclude(Answer(status=status, body=body), now=NOW, is_webhook=True)

    assert judge(outcome, f"{URL}?token=canary", is_webhook=True) == Verdict(passed=True, sentence=sentence)


@pytest.mark.parametrize("status", [302, 401, 404, 422, 500, 503])
def test_a_webhook_fails_with_anything_else(status: int) -> None:
    outcome = conclude(Answer(status=status), now=NOW, is_webhook=True)

    assert judge(outcome, URL, is_webhook=True) == judge(outcome, URL)
    assert not judge(outcome, URL).passed


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "check the headers of this destination: the server does not accept these credentials"),
        (403, "the server knows the credentials, but they may not write traces"),
        (405, "something else is served at this path; check that the base URL is the OTLP endpoint"),
    ],
)
def test_a_destination_of_another_kind_has_headers_to_check(status: int, advice: str) -> None:
    """It was given no instance ID and no API key."""
    outcome = conclude(Answer(status=status), now=NOW)

    assert judge(outcome, "https://collector.example/v1/traces").sentence == (
        f"https://collector.example/v1/traces answered {status}: {advice}."
    )
