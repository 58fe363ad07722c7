# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Every golden body goes through the Collector and Jaeger and comes back as it was sent."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from otlpjson.delivery import OutcomeKind, Sender

from .. import FIXTURES
from .gateway import Gateway, Said
from .go_json import spans
from .losses import as_jaeger_gave, as_jaeger_gives

FILES = sorted([*FIXTURES.glob("openrouter/*/body*.json"), *FIXTURES.glob("encode/*.json")])
SPAN_ID_SHARED = "encode/kinds.json"
"""The body in which different spans share an id, one of kind server: Jaeger gives it another."""


def name_of(path: Path) -> str:
    """The file, as the test is called."""
    return path.relative_to(FIXTURES).as_posix()


def body_of(path: Path) -> bytes:
    """The file's body with trace ids that no other file has, so that Jaeger keeps the files apart."""

    def renamed(found: re.Match[str]) -> str:
        return found[1] + hashlib.sha256(f"{name_of(path)}:{found[2]}".encode()).hexdigest()[:32]

    text = path.read_text(encoding="utf-8")
    return re.sub(r'("traceId": ")([0-9a-f]{32})', renamed, text).encode()


BODIES = {name_of(path): body_of(path) for path in FILES}
WHEN = ("before", "after")
WITH_SPANS = [name for name, body in BODIES.items() if spans(body)]


def trace_id_of(body: bytes) -> str:
    """The one trace that a body tells of."""
    (trace_id,) = {span["trace id"] for span in spans(body)}
    return str(trace_id)


@pytest.mark.parametrize("name", WITH_SPANS)
def test_the_collector_writes_what_was_sent(gateway: Gateway, name: str) -> None:
    """Span by span, attribute by attribute, type by type, in the same order; sent compressed."""
    body = BODIES[name]
    with Sender(gateway.destination()) as sender:
        assert sender.send(body).kind is OutcomeKind.ACCEPTED

    (line,) = gateway.lines_with(trace_id_of(body))
    assert spans(line) == spans(body)


@pytest.mark.parametrize("name", [name for name in WITH_SPANS if name != SPAN_ID_SHARED])
def test_jaeger_gives_back_what_was_sent(gateway: Gateway, name: str) -> None:
    """The same but for the changes that ``losses`` lists; sent plain, as a trace of its own."""
    trace_id = trace_id_of(BODIES[name])
    body = BODIES[name].replace(trace_id.encode(), trace_id[::-1].encode())
    assert gateway.post(body).status == 200

    found = spans(gateway.trace_in_jaeger(trace_id[::-1]))
    assert as_jaeger_gave(found) == as_jaeger_gives(spans(body))


def test_jaeger_gives_back_every_kind(gateway: Gateway) -> None:
    """Also those that OTLP does not know."""
    body = BODIES[SPAN_ID_SHARED]
    assert gateway.post(body).status == 200

    found = spans(gateway.trace_in_jaeger(trace_id_of(body)))
    assert {span["kind"] for span in found} == {span["kind"] for span in spans(body)} == {-1, *range(6), 42}


@pytest.mark.parametrize("name", sorted(set(BODIES) - set(WITH_SPANS)))
def test_a_body_without_spans_is_accepted_and_leaves_nothing(gateway: Gateway, name: str) -> None:
    """3.7: the Collector says yes and hands nothing on."""
    marks = [BODIES["encode/root_span.json"].replace(b'"pay"', f'"{when} {name}"'.encode()) for when in WHEN]
    answers = [gateway.post(body) for body in (marks[0], BODIES[name], marks[1])]

    assert answers == [Said(200, b'{"partialSuccess":{}}')] * 3
    gateway.lines_with(f"{WHEN[1]} {name}")
    last, before = gateway.lines()[-1:], gateway.lines()[-2:-1]
    assert f"{WHEN[1]} {name}" in last[0]
    assert f"{WHEN[0]} {name}" in before[0]
