# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""From a record or a step to the queues of all destinations: read once, mapped once for each form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Union

import attrs

from ..core.encoder import encode_entry
from ..core.entry import Entry
from ..delivery.receipt import Receipt
from ..openrouter import Form, Generation, Step, read_record, step_spans
from ..openrouter.entries import entries_of_prepared, prepared
from ..openrouter.masking.mask import masked, masked_step
from ..openrouter.masking.patterns import by_patterns
from .mask_time import within_time
from .place import Place
from .problems import Problems
from .remote_parent import RemoteParent
from .repeats import Repeats
from .route import Route

if TYPE_CHECKING:
    from ..capture import Exchange

__all__ = ["Captured", "Ended", "FanOut", "Item", "Recorded"]


@attrs.frozen(kw_only=True)
class Recorded:
    """A record as it was handed in, and the open trace, step or other span that it belongs to."""

    record: Any = attrs.field(repr=False)
    place: Place | RemoteParent | None
    receipt: Receipt | None = None


@attrs.frozen(kw_only=True)
class Captured:
    """An attempt of a request that was recorded where it was made, and what it belongs to."""

    exchange: Exchange = attrs.field(repr=False)
    place: Place | RemoteParent | None
    receipt: Receipt | None = None


@attrs.frozen(kw_only=True)
class Ended:
    """A trace or step that has ended."""

    step: Step
    receipt: Receipt | None = None


Item = Union[Recorded, Captured, Ended]
"""What waits to be mapped."""


@attrs.define(kw_only=True)
class FanOut:
    """
    The way to all destinations. Used by one thread at a time.

    Attributes:
        routes: The way to each of them.

        problems: Where is counted what could not be sent, or not as it was.

        mask: Changes every text before anything else is done with it; ``None``: nothing does.

        api_key_name: The name of the API key of requests that do not say it.
    """

    routes: tuple[Route, ...]
    problems: Problems
    mask: Callable[[str], str] | None = None
    api_key_name: str | None = None
    _repeats: Repeats = attrs.field(factory=Repeats)

    def send(self, item: Item) -> bool:
        """
        Queues the spans of a record or step at every destination; an error is counted and kept.

        Returns:
            Whether there was none.
        """
        try:
            if isinstance(item, Ended):
                self._send_step(item.step)
            elif isinstance(item, Recorded):
                self._send_record(item.record, item.place)
            else:
                record, notes = item.exchange.record()
                self.problems.leave_out(notes)
                self._send_record(record, item.place)
        except Exception as error:
            if isinstance(error, MemoryError):
                raise
            self.problems.refuse(error)
            return False
        return True

    def _send_record(self, record: Any, place: Place | RemoteParent | None) -> None:
        generation = read_record(record)
        if generation.generation_id is None:
            generation = generation.numbered(self._repeats.number(generation.key))
        if place is not None:
            generation = place.adopt(generation)
        if self.api_key_name is not None and generation.api_key_name is None:
            generation = attrs.evolve(generation, api_key_name=self.api_key_name)
        if self.mask is not None:
            generation = masked(generation, within_time(self.mask))
            self.problems.mask(generation.masked)
        entries: dict[Form, tuple[Entry, ...]] = {}

        def entries_in(form: Form) -> tuple[Entry, ...]:
            if form not in entries:
                ready = prepared(generation, form)
                self.problems.mask(ready.masked - generation.masked)
                entries[form] = entries_of_prepared(ready, form)
            return entries[form]

        self._each_route(lambda route: route.send(generation, entries_in))
        self.problems.leave_out(generation.skipped)

    def _send_step(self, step: Step) -> None:
        if self.mask is not None:
            step, count = masked_step(step, within_time(self.mask))
            self.problems.mask(count)
        # Sampled by its session or trace, as the requests in it are; the times do not matter.
        as_request = Generation(key=step.trace_key, session_id=step.session_id, start_ns=0, end_ns=0)
        entries: dict[tuple[Any, ...], Entry] = {}

        def entry_in(form: Form) -> Entry:
            # Nothing else of a form concerns a step.
            key = form.integers, form.mask, form.resource_attributes
            if key not in entries:
                ready, count = masked_step(step, by_patterns(form.mask)) if form.mask else (step, 0)
                self.problems.mask(count)
                group = step_spans(ready, form.resource_attributes)
                entries[key] = encode_entry(group, integers_as_numbers=form.integers_as_numbers)
            return entries[key]

        self._each_route(lambda route: route.send_step(as_request, entry_in))

    def _each_route(self, send: Callable[[Route], None]) -> None:
        """Calls this for every destination, also after it failed for one; then raises the first error."""
        failures = []
        for route in self.routes:
            try:
                send(route)
            except Exception as error:
                failures.append(error)
        if failures:
            raise failures[0]
