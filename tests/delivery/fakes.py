# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Transports without a network: one that hands out what it was given, one that judges bodies by rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from otlpjson.core.bodies import join
from otlpjson.core.entry import Entry
from otlpjson.delivery import Outcome, OutcomeKind
from otlpjson.testing import FakeTransport

__all__ = ["FakeTransport", "entries_of", "entry", "rules", "scripted"]

Judge = Callable[[bytes], Outcome]


def scripted(*outcomes: Outcome) -> Judge:
    """A server that gives these outcomes, one after another; asking for more fails the test."""
    waiting = iter(outcomes)

    def judge(body: bytes) -> Outcome:
        return next(waiting)

    return judge


def rules(*, max_bytes: int = 10**9, poison: bytes = b"no such text") -> Judge:
    """A server that refuses bodies above a size, and otherwise those that hold a text."""

    def judge(body: bytes) -> Outcome:
        if len(body) > max_bytes:
            return Outcome(kind=OutcomeKind.TOO_LARGE, status=413)
        if poison in body:
            return Outcome(kind=OutcomeKind.REJECTED, status=400)
        return Outcome(kind=OutcomeKind.ACCEPTED, status=200)

    return judge


def entry(text: str, *, spans: int = 1) -> Entry:
    """An entry of so many spans that holds a text."""
    return Entry(data=f'{{"schemaUrl":"{text}"}}'.encode(), span_count=spans)


def entries_of(body: bytes, known: Iterable[Entry]) -> tuple[Entry, ...]:
    """Which of the known entries a body holds; they must be all of it, in order."""
    found = tuple(item for item in known if item.data in body)
    if join(found) != body:
        raise AssertionError(f"the body holds something else than {found}: {body!r}")
    return found
