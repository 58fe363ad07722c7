# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Ids and times that are the same in every run, drawn from a seed or put in the place of real ones.

Where a program can be told which ids and times to use, ``Frozen`` draws them. Where it cannot,
``Frozen.body`` replaces them in what it exported: an id by the next one drawn, everywhere where
it stands, and each time by one that follows from the tree of spans alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

import attrs

from ..core.decoder import decode
from ..core.encoder import encode
from ..core.errors import InvalidValue
from ..core.ids import is_span_id, is_trace_id, span_id_of, trace_id_of
from ..core.json_text import STRING
from ..core.model import TracesData
from ..core.words import describe
from ..inspect.body_text import Moments, in_order, kept, masked, moments_of, replaced

__all__ = ["START_NS", "STEP_NS", "Frozen", "Times", "freeze", "freeze_body"]

Times = Literal["stepped", "kept"]
"""What becomes of times: one step after the other in the order of the tree, or shifted as a whole."""

START_NS: Final = 1767225600000000000
"""2026-01-01T00:00:00Z, the first time that is drawn."""
STEP_NS: Final = 1_000_000

_TEXT: Final = re.compile(STRING)
_ID: Final = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{16})(?![0-9A-Za-z])")


def freeze(
    seed: int | str = 0,
    *,
    start_ns: int = START_NS,
    step_ns: int = STEP_NS,
    attributes: Mapping[str, str | int] = MappingProxyType({}),
) -> Frozen:
    """
    A source of ids and times that gives the same ones in every run, on every Python.

    Args:
        seed: Another seed gives other ids.

        start_ns: The first time, in nanoseconds since 1970.

        step_ns: How much later each further one is.

        attributes:
            What ``body`` puts in the place of the values of attributes with these keys, such as
            ``service.instance.id``, which OpenTelemetry's SDK draws anew for each process.
    """
    return Frozen(seed=seed, start_ns=start_ns, step_ns=step_ns, attributes=dict(attributes))


def freeze_body(
    body: bytes,
    seed: int | str = 0,
    *,
    times: Times = "stepped",
    attributes: Mapping[str, str | int] = MappingProxyType({}),
) -> bytes:
    """One body with ids and times as in every run; arguments as those of ``freeze`` and ``Frozen.body``."""
    return freeze(seed, attributes=attributes).body(body, times=times)


@attrs.define(kw_only=True)
class Frozen:
    """
    One run under way: what was drawn, and which real ids were replaced by what.

    It has the three methods of an ``IdGenerator`` of OpenTelemetry's SDK for Python, and can be
    given to its ``TracerProvider`` as ``id_generator``.
    """

    seed: int | str
    start_ns: int
    step_ns: int
    attributes: Mapping[str, str | int]
    _drawn: int = 0
    _ticks: int = 0
    _earliest_ns: int | None = None
    _known: dict[str, str] = attrs.field(factory=dict)

    def trace_id(self) -> str:
        """The next trace id: 32 hex digits."""
        return self._remember(trace_id_of(f"{self._next()}:trace"))

    def span_id(self) -> str:
        """The next span id: 16 hex digits."""
        return self._remember(span_id_of(f"{self._next()}:span"))

    def time_ns(self) -> int:
        """The next time: nanoseconds since 1970, one step after the last one."""
        time_ns = self.start_ns + self._ticks * self.step_ns
        self._ticks += 1
        return time_ns

    def generate_trace_id(self) -> int:
        """The next trace id as OpenTelemetry's SDK wants it."""
        return int(self.trace_id(), 16)

    def generate_span_id(self) -> int:
        """The next span id as OpenTelemetry's SDK wants it."""
        return int(self.span_id(), 16)

    def is_trace_id_random(self) -> bool:
        """No: the SDK asks, for the flag of that name."""
        return False

    def traces(self, traces: TracesData, *, times: Times = "stepped") -> TracesData:
        """The traces with frozen ids and times; arguments as ``body``."""
        return decode(self.body(encode(traces), times=times))

    def body(self, body: bytes, *, times: Times = "stepped") -> bytes:
        """
        What an exporter wrote, with frozen ids and times; every other byte stays as it is.

        An id is a text of 32 or 16 hex digits that stands as one in a span or link; it is replaced
        in the order of its first appearance, also where other texts hold it, such as a
        ``traceparent``. The same id gets the same replacement in every body, and what was drawn
        here stays. A time of 0, which is unknown, stays.

        Args:
            body: OTLP/JSON of any writer, one document or several.

            times:
                ``"stepped"``: each time is the next step, in the order of the tree: a span's start,
                its events and children by their times, its end. So durations are no matter.
                ``"kept"``: all are shifted so that the earliest start of the first body is
                ``start_ns``, and durations stay.

        Raises:
            InvalidDocument: The body is no JSON.

            InvalidValue: There is no such way to treat times.
        """
        if times not in ("stepped", "kept"):
            raise InvalidValue("Frozen.body.times", "'stepped' or 'kept'", describe(times))
        text = body.decode("utf-8", "surrogateescape")
        found = moments_of(text)
        for identifier in found.ids:
            self._replacement(identifier)
        new = self._stepped(found) if times == "stepped" else self._kept(found)
        frozen = masked(self._with_ids(replaced(text, new)), self.attributes)
        return frozen.encode("utf-8", "surrogateescape")

    def _stepped(self, found: Moments) -> dict[int, int]:
        return {number: self.time_ns() for number in in_order(found)}

    def _kept(self, found: Moments) -> dict[int, int]:
        if self._earliest_ns is None:
            self._earliest_ns = found.earliest_ns
        return {} if self._earliest_ns is None else kept(found, self.start_ns - self._earliest_ns)

    def _next(self) -> str:
        self._drawn += 1
        return f"otlpjson.freeze:{self.seed}:{self._drawn}"

    def _remember(self, identifier: str) -> str:
        self._known[identifier] = identifier
        return identifier

    def _replacement(self, identifier: str) -> None:
        raw = identifier.lower()
        if raw not in self._known and is_trace_id(raw):
            self._known[raw] = self.trace_id()
        elif raw not in self._known and is_span_id(raw):
            self._known[raw] = self.span_id()

    def _with_ids(self, text: str) -> str:
        known: Mapping[str, str] = self._known

        def of_id(match: re.Match[str]) -> str:
            raw = match[0]
            new = known.get(raw.lower(), raw)
            return new.upper() if raw != raw.lower() and raw == raw.upper() else new

        return _TEXT.sub(lambda match: _ID.sub(of_id, match[0]), text)
