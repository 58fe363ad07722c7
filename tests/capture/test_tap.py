# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Layers of a client within each other: the innermost one that sees a request records it, once."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import Context, copy_context
from typing import Any

import pytest

from otlpjson.capture.budget import Budget
from otlpjson.capture.by_hand import uncaptured
from otlpjson.capture.endpoints import Endpoints, Outgoing
from otlpjson.capture.exchange import Exchange
from otlpjson.capture.tap import Attempt, Tap, is_inside


class Owner:
    """What has taps: what ended, and what went wrong."""

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.errors: list[Exception] = []
        self.traceparent: Any = lambda: "00-trace"

    def tap(self, layer: str, **endpoints: Any) -> Tap:
        def begin(api: str, request: Any) -> Exchange:
            return Exchange(
                api=api,
                request=request,
                on_end=lambda exchange: self.ended.append(layer),
                on_error=self.errors.append,
                budget=Budget(1000, 1000),
            )

        return Tap(
            endpoints=Endpoints(**endpoints),
            begin=begin,
            traceparent=lambda: self.traceparent(),
            on_error=self.errors.append,
        )


def outgoing(headers: Mapping[str, str] | None = None, host: str = "openrouter.ai") -> Outgoing:
    known = dict(headers or {})
    return Outgoing(
        method="POST",
        host=host,
        path="/api/v1/chat/completions",
        headers=known,
        body=lambda: "{}",
        add_header=known.__setitem__,
    )


def opened(tap: Tap, **named: Any) -> Attempt:
    attempt = tap.open(lambda: outgoing(**named))
    assert attempt is not None
    return attempt


def test_the_innermost_layer_records() -> None:
    owner = Owner()
    outer = opened(owner.tap("outer"))
    with outer:
        assert is_inside()
        # Each attempt of a retry.
        for _ in range(2):
            inner = opened(owner.tap("inner"))
            with inner:
                pass
            inner.take(lambda exchange: exchange.end())
    outer.take(lambda exchange: exchange.end())

    assert not is_inside()
    # The taps of one layer decide for those inside, so both are the outer one's.
    assert owner.ended == ["outer", "outer"] and owner.errors == []


def test_a_layer_alone_records() -> None:
    owner = Owner()
    alone = opened(owner.tap("alone"))
    with alone:
        pass
    alone.take(lambda exchange: exchange.end())

    assert owner.ended == ["alone"]


def test_the_outermost_layer_decides_what_is_recorded() -> None:
    """A client whose hosts were named is not recorded for others because the process is instrumented."""
    owner = Owner()
    with opened(owner.tap("client", hosts=frozenset({"openrouter.ai"}))):
        everywhere = owner.tap("process")
        assert everywhere.open(lambda: outgoing(host="example.org")) is None


def test_a_layer_that_fails_has_failed_unless_one_inside_has_seen_it() -> None:
    owner = Owner()
    with pytest.raises(OSError), opened(owner.tap("outer")):
        raise OSError
    assert owner.ended == ["outer"]
    with pytest.raises(OSError), opened(owner.tap("outer")), opened(owner.tap("inner")):
        raise OSError
    assert owner.ended == ["outer", "outer"]


def test_a_block_by_hand_is_not_recorded() -> None:
    owner = Owner()
    tap = owner.tap("client")
    with uncaptured():
        assert tap.open(outgoing) is None
    assert tap.open(outgoing) is not None


def test_a_block_may_end_in_another_context() -> None:
    """A generator may be closed, and a coroutine collected, anywhere."""
    owner = Owner()
    by_hand = uncaptured()
    Context().run(by_hand.__enter__)
    by_hand.__exit__(None, None, None)
    attempt = opened(owner.tap("client"))
    copy_context().run(attempt.__enter__)
    attempt.__exit__(None, None, None)
    attempt.__exit__(None, None, None)

    assert not is_inside()
    assert owner.tap("client").open(outgoing) is not None


@pytest.mark.parametrize(
    ("headers", "here", "sent"),
    [
        ({}, "00-trace", "00-trace"),
        ({}, None, None),
        ({"traceparent": "own"}, "00-trace", "own"),
    ],
)
def test_the_header_is_added_where_it_is_wanted(
    headers: dict[str, str], here: str | None, sent: str | None
) -> None:
    owner = Owner()
    owner.traceparent = lambda: here
    request = outgoing(headers)
    owner.tap("client", traceparent_hosts=frozenset({"openrouter.ai"})).open(lambda: request)

    assert request.headers.get("traceparent") == sent


def test_errors_of_its_own_do_not_reach_the_client() -> None:
    owner = Owner()
    tap = owner.tap("client", traceparent_hosts=frozenset({"openrouter.ai"}))

    def broken(*args: Any) -> Any:
        raise RuntimeError("broken")

    assert tap.open(broken) is None
    opened(tap).take(broken)
    owner.traceparent = broken
    assert tap.open(outgoing) is None
    assert [type(error) for error in owner.errors] == [RuntimeError] * 3
    assert owner.ended == []
