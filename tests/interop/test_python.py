# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The library against the gateway: Broadcast, one sender, and requests without the package."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from otlpjson import TracesData, encode
from otlpjson.broadcast import Broadcast, BroadcastDestination
from otlpjson.delivery import OutcomeKind, Sender, judge
from otlpjson.openrouter import connection_test

from .. import FIXTURES
from .commands import Person
from .gateway import AUTHORIZED, Gateway, Said
from .generations import cases, plain_record
from .go_json import spans
from .process import waited_for

ACCEPTED = Said(200, b'{"partialSuccess":{}}')
BODY = (FIXTURES / "wire" / "everything.json").read_bytes()


def test_broadcast_delivers_every_record(gateway: Gateway) -> None:
    """Each trace is in Jaeger when ``close`` comes back."""
    made = [case for case in cases(23, 30, time.time_ns()) if case.record["note"] != "refused"]
    with Broadcast([BroadcastDestination(destination=gateway.destination(), name="grafana")]) as broadcast:
        assert [broadcast.record(case.record) for case in made] == [True] * len(made)
        assert broadcast.flush(60)
    counts = broadcast.counts()["grafana"]

    # Some of the streams end early, which is noted.
    noted = {str(error) for error in broadcast.errors}
    assert noted == {"record.response_stream: the stream was cut off"}
    assert (counts.delivered, broadcast.refused) == (counts.recorded, {})
    assert counts.delivered >= len(made)
    for case in made:
        assert spans(gateway.trace_in_jaeger(case.trace_id))


def test_broadcast_reads_what_configure_saved(gateway: Gateway, tmp_path: Path) -> None:
    """One file for commands and programs."""
    person = Person(folder=tmp_path)
    assert person.with_credentials(gateway.base_url()).runs("configure", "work", "--privacy-mode").code == 0
    (case,) = cases(31, 1, time.time_ns())
    with Broadcast.from_config(person.saved) as broadcast:
        broadcast.record(case.record)
        assert broadcast.flush(60)

    assert broadcast.counts()["work"].delivered == broadcast.counts()["work"].recorded > 0
    keys = {key for span in spans(gateway.trace_in_jaeger(case.trace_id)) for key, _ in span["attributes"]}
    assert not keys & {"gen_ai.prompt", "gen_ai.completion", "span.input", "span.output"}
    assert "gen_ai.request.model" in keys


def test_a_trace_of_several_requests_is_one_trace_in_jaeger(gateway: Gateway) -> None:
    """One root, a step, and the requests below them; every parent is there."""
    with Broadcast([BroadcastDestination(destination=gateway.destination())]) as broadcast:
        with broadcast.trace("Answer a question") as trace_key:
            broadcast.record(plain_record("gen-interop-1"))
            with broadcast.span("Second try"):
                broadcast.record(plain_record("gen-interop-2"))
        assert broadcast.flush(60)
    found = spans(gateway.trace_in_jaeger(trace_key))
    names = {span["span id"]: span["name"] for span in found}

    assert sorted((span["name"], names.get(span["parent"], "")) for span in found) == [
        ("Answer a question", ""),
        ("LLM Generation", "Answer a question"),
        ("LLM Generation", "Second try"),
        ("Second try", "Answer a question"),
    ]


@pytest.mark.parametrize("api_key", ["glc_wrong", "glc_interop_c0ffe", "GLC_INTEROP_C0FFEE"])
def test_a_wrong_key_is_misconfigured_and_nothing_is_lost(gateway: Gateway, api_key: str) -> None:
    """The Collector's words, never the key; the spans stay pending."""
    destination = gateway.destination(api_key=api_key)
    body = encode(TracesData(resource_spans=[connection_test(time.time_ns())]))
    with Sender(destination) as sender:
        outcome = sender.send(body)
    with Broadcast([BroadcastDestination(destination=destination)]) as broadcast:
        broadcast.record(plain_record("gen-interop-3"))
        broadcast.flush(0.01)
        waited_for("an outcome", lambda: broadcast.counts()["default"].last)
        counts = broadcast.counts()["default"]

    assert (outcome.kind, outcome.status, outcome.message) == (
        OutcomeKind.MISCONFIGURED,
        401,
        "invalid credentials",
    )
    assert api_key not in judge(outcome, destination.url).sentence
    assert counts.last == outcome
    assert (counts.recorded, counts.delivered, counts.pending) == (1, 0, 1)


def test_without_credentials_the_gateway_says_so(gateway: Gateway) -> None:
    """Both answers that the Collector has for a request that may not come in."""
    wrong = {"Authorization": "Basic MTIzNDU2Omdsa19ub3Q="}

    assert (gateway.post(BODY, {}).status, gateway.post(BODY, {}).words) == (401, "no basic auth provided")
    assert (gateway.post(BODY, wrong).status, gateway.post(BODY, wrong).words) == (401, "invalid credentials")


def test_the_encoders_bytes_are_taken_plain_and_compressed(gateway: Gateway) -> None:
    """The sender always compresses; whoever sends our bytes some other way need not."""
    packed = {**AUTHORIZED, "Content-Encoding": "gzip"}

    assert gateway.post(BODY) == ACCEPTED
    assert gateway.post(gzip.compress(BODY), packed) == ACCEPTED
    # Two members, as a program that appends would write.
    assert gateway.post(gzip.compress(BODY[:100]) + gzip.compress(BODY[100:]), packed) == ACCEPTED


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Encoding": "identity"}, 400),
        ({"Content-Encoding": "GZIP"}, 400),
        ({"Content-Encoding": "br"}, 400),
        ({"Content-Encoding": "gzip"}, 400),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/json; charset=utf-8"}, 200),
    ],
)
def test_what_the_sender_never_says_would_be_refused(
    gateway: Gateway, headers: dict[str, str], status: int
) -> None:
    """Fact 7: an encoding that is not ``gzip`` in lower case; one that is and does not hold; another type."""
    assert gateway.post(BODY, {**AUTHORIZED, **headers}).status == status
