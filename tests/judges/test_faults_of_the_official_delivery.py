# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
opentelemetry-exporter-otlp-json-http 0.66b1 really does what our tests by name say that we do not.

Where this fails, it was mended there. No test looks at a clock: what is seen is how it ended.
"""

from __future__ import annotations

import gzip
import itertools
import time
import tracemalloc
import zlib
from importlib import import_module
from typing import Any, Final

import pytest

from ..delivery.fault_server import (
    OK,
    Behaviour,
    FaultServer,
    Visit,
    answer,
    answering,
    blackhole,
    one_after_another,
)
from ..node_ids import exists
from . import sdk

DELIVERY: Final = "tests/delivery/"
OURS: Final = (
    f"{DELIVERY}test_sender.py::test_redirect_is_never_success",
    f"{DELIVERY}test_exchange.py::test_html_answer_is_not_success",
    f"{DELIVERY}test_loop.py::test_long_retry_after_is_waited_for",
    f"{DELIVERY}test_loop.py::test_read_timeout_is_retried",
    f"{DELIVERY}test_retry.py::test_backoff_has_a_cap",
    f"{DELIVERY}test_sender.py::test_slow_answer_ends_at_the_deadline",
    f"{DELIVERY}test_sender.py::test_deadline_ignores_the_wall_clock",
    f"{DELIVERY}test_sender.py::test_answer_is_read_up_to_a_limit",
    f"{DELIVERY}test_exchange.py::test_rejected_spans_are_counted",
    f"{DELIVERY}test_loop.py::test_one_bad_span_does_not_cost_the_batch",
    f"{DELIVERY}test_retry.py::test_a_server_that_asks_for_longer_gets_it",
    "tests/broadcast/test_otel_exporter.py::test_timeout_variable_is_milliseconds",
    "tests/broadcast/test_otel_exporter.py::test_headers_are_decoded_and_merged",
)
SIZE: Final = 64 * 1024 * 1024


def exporter(server: FaultServer, timeout_s: float = 10.0) -> Any:
    """The peer's exporter to a server."""
    module = import_module("opentelemetry.exporter.otlp.json.http.trace_exporter")
    return module.OTLPSpanExporter(endpoint=f"{server.url}/v1/traces", timeout=timeout_s)


def exported(behaviour: Behaviour, *, timeout_s: float = 10.0, span_count: int = 1) -> tuple[bool, int]:
    """Whether it says that all is well, and how many requests it made."""
    with FaultServer(behaviour) as server:
        peer = exporter(server, timeout_s)
        result = peer.export([sdk.sdk_span() for _ in range(span_count)])
        peer.shutdown()
        requests = len(server.received)
    return result.name == "SUCCESS", requests


def slowly(visit: Visit) -> None:
    """A good answer, one byte at a time; all of it takes many times as long as the peer is given."""
    visit.read()
    for at in range(len(OK)):
        visit.write(OK[at : at + 1])
        if not visit.pause(0.02):
            return


def test_a_redirect_is_success_there() -> None:
    """SND-7: nobody has the spans."""
    redirect = answering(answer(302, b"", "Location: https://example.com/login"))

    assert exported(redirect) == (True, 1)


def test_a_page_is_success_there() -> None:
    """A captive portal has the spans."""
    page = answering(answer(200, b"<html><title>Sign in</title>", "Content-Type: text/html"))

    assert exported(page) == (True, 1)


def test_a_long_retry_after_is_the_end_there() -> None:
    """SND-5: the spans are dropped at once."""
    busy = one_after_another([answering(answer(429, b"", "Retry-After: 30")), answering(OK)])

    assert exported(busy, timeout_s=5.0) == (False, 1)


def test_a_short_retry_after_ends_all_waiting_there() -> None:
    """SND-5: a Collector rounds half a second down to 0, and all six tries are gone at once."""
    busy = answering(answer(429, b"", "Retry-After: 0"))

    # Its own waits of one and two seconds would leave time for two tries.
    assert exported(busy, timeout_s=2.0) == (False, 6)


def test_one_read_timeout_is_the_end_there() -> None:
    """SND-5: the next request would have been answered."""
    assert exported(one_after_another([blackhole, answering(OK)]), timeout_s=0.5) == (False, 1)


def test_backoff_has_no_cap_there() -> None:
    """SND-5: it doubles as long as there are tries."""
    with FaultServer(answering(OK)) as server:
        peer = exporter(server)
        waits_s = [peer._client._compute_backoff(retry) for retry in (6, 10, 20)]
        peer.shutdown()

    assert [wait_s > 2**retry * 0.7 for wait_s, retry in zip(waits_s, (6, 10, 20))] == [True, True, True]


def test_a_slow_answer_outlasts_the_timeout_there() -> None:
    """Each byte gets the timeout anew, so the whole answer is read, though it takes seconds."""
    assert exported(slowly, timeout_s=0.3) == (True, 1)


def test_the_wall_clock_cuts_off_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set forward by an hour, it ends a request to a server that answers at once."""
    readings = itertools.count(1_800_000_000, 3600)
    with FaultServer(answering(OK)) as server:
        peer = exporter(server)
        spans = [sdk.sdk_span()]
        monkeypatch.setattr(time, "time", lambda: float(next(readings)))
        result = peer.export(spans)
        monkeypatch.undo()
        peer.shutdown()

    assert result.name == "FAILURE"


def test_an_answer_is_read_without_limit_there() -> None:
    """Some kilobytes of gzip cost as much memory as they unpack to."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(bytes(SIZE)) + packer.flush()
    tracemalloc.start()
    try:
        result = exported(answering(answer(200, packed, "Content-Encoding: gzip")))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(gzip.decompress(packed)) == SIZE > 100 * len(packed)
    assert (result, peak > SIZE // 2) == ((True, 1), True)


def test_rejected_spans_are_not_counted_there() -> None:
    """All is well, it says, though the server kept nothing."""
    partly = answer(200, b'{"partialSuccess":{"rejectedSpans":"20","errorMessage":"no"}}')

    assert exported(answering(partly), span_count=20) == (True, 1)


def test_one_bad_span_costs_the_batch_there() -> None:
    """Twenty spans in one request, refused for one of them, are dropped together."""
    assert exported(answering(answer(400, b"bad span")), span_count=20) == (False, 1)


def test_the_timeout_variable_is_read_as_seconds_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The specification's default of 10000 milliseconds becomes nearly three hours."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "10000")
    module = import_module("opentelemetry.exporter.otlp.json.http.trace_exporter")
    peer = module.OTLPSpanExporter(endpoint="http://127.0.0.1:9/v1/traces")
    timeout_s = peer._client._timeout
    peer.shutdown()

    assert timeout_s == 10_000.0


def test_headers_of_one_variable_replace_those_of_the_other_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """SND-8: the general variable's credentials are not sent."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic%20YTpi")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-tenant=a")
    with FaultServer(answering(OK)) as server:
        peer = exporter(server)
        peer.export([sdk.sdk_span()])
        peer.shutdown()
        (received,) = server.received

    assert ("x-tenant" in received.headers, "authorization" in received.headers) == (True, False)


def test_we_have_a_test_for_each() -> None:
    """In the ordinary suite, and of that name."""
    assert [name for name in OURS if not exists(name)] == []
