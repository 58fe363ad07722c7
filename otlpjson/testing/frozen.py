# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Ids and times that are the same in every run: drawn from a seed, or put in the place of real ones."""

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
from ..inspect.body_text import (
    BodyText,
    read_text,
    shifted,
    tree_order,
    with_attributes,
    with_times,
)

__all__ = ["Frozen", "Times", "freeze", "freeze_body"]

Times = Literal["stepped", "shifted"]
"""How times are replaced: by one step after the other in tree order, or all shifted by the same amount."""

# 2026-01-01T00:00:00Z
_START_NS: Final = 1767225600000000000
_STEP_NS: Final = 1_000_000

_TEXT: Final = re.compile(STRING)
# A longer run of letters or digits is not an id, even if its beginning looks like one.
_ID: Final = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{16})(?![0-9A-Za-z])")


def freeze(
    seed: int | str = 0,
    *,
    start_ns: int = _START_NS,
    step_ns: int = _STEP_NS,
    attributes: Mapping[str, str | int] = MappingProxyType({}),
) -> Frozen:
    """
    A source of ids and times that gives the same ones in every run, on every Python.

    Args:
        seed: Each seed gives different ids.

        start_ns: The first time, in nanoseconds since 1970; by default 2026-01-01T00:00:00Z.

        step_ns: The nanoseconds from one time to the next; by default a millisecond.

        attributes:
            New values for attributes, by their keys, which ``body`` fills in. For values that
            differ in each run, such as ``service.instance.id``, which OpenTelemetry's SDK draws
            for each process.
    """
    return Frozen(seed=seed, start_ns=start_ns, step_ns=step_ns, attributes=dict(attributes))


def freeze_body(
    body: bytes,
    seed: int | str = 0,
    *,
    times: Times = "stepped",
    attributes: Mapping[str, str | int] = MappingProxyType({}),
) -> bytes:
    """
    One body with ids and times that are the same in every run.

    Arguments and errors are those of ``freeze`` and ``Frozen.body``.
    """
    return freeze(seed, attributes=attributes).body(body, times=times)


@attrs.define(kw_only=True)
class Frozen:
    """
    The ids and times of one run: those drawn so far, and what replaces each real id.

    A program that accepts ids and times gets them from ``trace_id``, ``span_id`` and ``time_ns``.
    For any other program, ``body`` replaces them in what it exported. This is also an
    ``IdGenerator`` of OpenTelemetry's SDK for Python: ``TracerProvider(id_generator=freeze(7))``.

    Attributes:
        seed, start_ns, step_ns, attributes: As given to ``freeze``.
    """

    seed: int | str
    start_ns: int
    step_ns: int
    attributes: Mapping[str, str | int]
    _ids_drawn: int = 0
    _times_drawn: int = 0
    _earliest_ns: int | None = None
    _replacements: dict[str, str] = attrs.field(factory=dict)

    def trace_id(self) -> str:
        """The next trace id: 32 hex digits."""
        return self._drawn(trace_id_of(f"{self._next_name()}:trace"))

    def span_id(self) -> str:
        """The next span id: 16 hex digits."""
        return self._drawn(span_id_of(f"{self._next_name()}:span"))

    def time_ns(self) -> int:
        """The next time in nanoseconds since 1970, one step after the previous one."""
        time_ns = self.start_ns + self._times_drawn * self.step_ns
        self._times_drawn += 1
        return time_ns

    def generate_trace_id(self) -> int:
        """The next trace id as a number; called by OpenTelemetry's SDK."""
        return int(self.trace_id(), 16)

    def generate_span_id(self) -> int:
        """The next span id as a number; called by OpenTelemetry's SDK."""
        return int(self.span_id(), 16)

    def is_trace_id_random(self) -> bool:
        """``False``; called by OpenTelemetry's SDK, which sets a flag on random trace ids."""
        return False

    def traces(self, traces: TracesData, *, times: Times = "stepped") -> TracesData:
        """The traces with frozen ids and times; ``times`` and errors as for ``body``."""
        return decode(self.body(encode(traces), times=times))

    def body(self, body: bytes, *, times: Times = "stepped") -> bytes:
        """
        A body with frozen ids and times; every other byte is unchanged.

        The trace and span ids of spans and links are replaced in the order of their first
        appearance, and so is every copy of them inside other strings, such as a
        ``traceparent``. The same id gets the same replacement in every body of this run; ids that
        were drawn here are not replaced. Times of 0, which means unknown, are not replaced.

        Args:
            body: OTLP/JSON of any exporter, one document or several.

            times:
                ``"stepped"``: the times of each span, its events and its children follow each
                other in steps of ``step_ns``, in tree order, so the result does not depend on
                durations. ``"shifted"``: all times are shifted by the same amount, so durations
                are preserved; the earliest start of the first body becomes ``start_ns``.

        Raises:
            InvalidDocument: The body is not JSON.

            InvalidValue: ``times`` is neither of the two.
        """
        if times not in ("stepped", "shifted"):
            raise InvalidValue("Frozen.body.times", "'stepped' or 'shifted'", describe(times))
        # Bytes that are not UTF-8 survive in this form, and the body is not to change.
        found = read_text(body.decode("utf-8", "surrogateescape"))
        for identifier in found.ids:
            self._replace(identifier)
        new = self._stepped(found) if times == "stepped" else self._shifted(found)
        frozen = with_attributes(self._with_ids(with_times(found, new)), self.attributes)
        return frozen.encode("utf-8", "surrogateescape")

    def _stepped(self, found: BodyText) -> dict[int, int]:
        return {index: self.time_ns() for index in tree_order(found)}

    def _shifted(self, found: BodyText) -> dict[int, int]:
        # Later bodies are shifted like the first, so that the time between bodies is preserved.
        if self._earliest_ns is None:
            self._earliest_ns = found.earliest_ns
        return {} if self._earliest_ns is None else shifted(found, self.start_ns - self._earliest_ns)

    def _next_name(self) -> str:
        self._ids_drawn += 1
        return f"otlpjson.freeze:{self.seed}:{self._ids_drawn}"

    def _drawn(self, identifier: str) -> str:
        self._replacements[identifier] = identifier
        return identifier

    def _replace(self, identifier: str) -> None:
        """Draws the replacement of an id that is seen for the first time; invalid ids stay."""
        known = identifier.lower()
        if known not in self._replacements and is_trace_id(known):
            self._replacements[known] = self.trace_id()
        elif known not in self._replacements and is_span_id(known):
            self._replacements[known] = self.span_id()

    def _with_ids(self, text: str) -> str:
        replacements: Mapping[str, str] = self._replacements

        def replacement(match: re.Match[str]) -> str:
            old = match[0]
            new = replacements.get(old.lower(), old)
            return new.upper() if old != old.lower() and old == old.upper() else new

        return _TEXT.sub(lambda match: _ID.sub(replacement, match[0]), text)
