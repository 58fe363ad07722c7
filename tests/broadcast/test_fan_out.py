# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""From a record to the queues of all destinations."""

from __future__ import annotations

import time
from typing import Any

import pytest

from otlpjson.broadcast import BroadcastDestination, fan_out, mask_time
from otlpjson.broadcast.fan_out import Ended, FanOut, Recorded
from otlpjson.broadcast.place import Place
from otlpjson.broadcast.problems import Problems
from otlpjson.broadcast.route import Route
from otlpjson.core.encoder import encode_entry
from otlpjson.core.model import Status
from otlpjson.delivery import QueueLimits, otel_collector
from otlpjson.openrouter.entries import entries_of_prepared
from otlpjson.testing import FakeTransport

RECORD: dict[str, Any] = {
    "request": {"model": "a/b", "messages": []},
    "response": {"id": "gen-1", "choices": [{"message": {"content": "x"}, "finish_reason": "stop"}]},
    "started_at": 1771005600000000000,
    "ended_at": 1771005601000000000,
}


def to(**settings: Any) -> Route:
    """A route to nowhere, on which nothing is sent by itself."""
    return Route.to(
        BroadcastDestination(destination=otel_collector("http://127.0.0.1:9/"), **settings),
        predicate=None,
        queue=QueueLimits(max_age_s=3600.0, quiet_s=3600.0),
        transport=FakeTransport(),
    )


def test_a_record_is_mapped_once_for_each_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Destinations of the same form share entries; for those that get nothing there are none."""
    forms: list[Any] = []
    whole = entries_of_prepared

    def counted(generation: Any, form: Any) -> Any:
        forms.append(form)
        return whole(generation, form)

    monkeypatch.setattr(fan_out, "entries_of_prepared", counted)
    settings: list[dict[str, Any]] = [
        {},
        {},
        {"integers": "number"},
        {"privacy_mode": True, "enabled": False},
        {"integers": "number"},
    ]
    routes = tuple(to(**one) for one in settings)
    FanOut(routes=routes, problems=Problems()).send(Recorded(record=RECORD, place=None))

    assert [form.integers for form in forms] == ["text", "number"]
    assert [route.exporter.counts().pending for route in routes] == [1, 1, 1, 0, 1]
    assert [route.exporter.close(0.0) for route in routes] == [False, False, False, True, False]


def test_a_step_is_encoded_once_for_each_form_of_integers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else of a form concerns it."""
    written: list[bool] = []
    whole = encode_entry

    def counted(group: Any, *, integers_as_numbers: bool) -> Any:
        written.append(integers_as_numbers)
        return whole(group, integers_as_numbers=integers_as_numbers)

    monkeypatch.setattr(fan_out, "encode_entry", counted)
    routes = (to(), to(privacy_mode=True), to(integers="number"), to(enabled=False))
    step = Place.root("T", trace_key="k", session_id=None).step(1, 2, Status())
    FanOut(routes=routes, problems=Problems()).send(Ended(step=step))

    assert written == [False, True]
    assert [route.exporter.counts().recorded for route in routes] == [1, 1, 1, 1]
    for route in routes:
        route.exporter.close(0.0)


def test_an_error_is_counted_and_a_lack_of_memory_is_the_inboxs_to_handle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It tries the item again."""
    problems = Problems()
    ways = FanOut(routes=(), problems=problems)
    ways.send(Recorded(record={}, place=None))
    assert problems.refused == {"refused": 1}

    def without_memory(record: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(fan_out, "read_record", without_memory)
    with pytest.raises(MemoryError):
        ways.send(Recorded(record=RECORD, place=None))
    assert problems.refused == {"refused": 1}


def test_a_mask_that_takes_too_long_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the request is masked as a whole, and counted."""
    monkeypatch.setattr(mask_time, "_MAX_S", 0.01)
    calls: list[str] = []

    def slow(text: str) -> str:
        calls.append(text)
        time.sleep(0.02)
        return "slow"

    route, problems = to(), Problems()
    FanOut(routes=(route,), problems=problems, mask=slow).send(
        Recorded(record={**RECORD, "request": {**RECORD["request"], "user": "ann"}}, place=None)
    )

    assert (len(calls), problems.masked > 2) == (1, True)
    assert not route.exporter.close(0.0)
