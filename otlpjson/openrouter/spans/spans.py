# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A Generation to the spans that tell of it: names, ids, times, and who is whose parent.

Two hierarchies. ``documented`` is that of OpenRouter's Grafana guide: ``trace_name`` names a
root span, ``span_name`` an intermediate one, each of which exists only where its key is
given, and ``generation_name`` the generation's own span. Each request is a subtree of its own,
so requests that share a ``trace_id`` never send one span twice with different times.

``observed`` is what OpenRouter really sends: the generation's span is the root,
``generation_name`` its name, ``trace_name`` only an attribute, ``span_name`` nothing; one
group per span; and nothing at all for a request that was refused before it was routed.

Below the generation's span stand the providers that were tried and, where the call was
streamed, ``generation``; each has its parent's id, as captured, though the field matrix marks
it as not sent. A ``moderation`` span, of which nothing but the name is known, is not made.

In both the default name is ``LLM Generation``, as captured, not the model's name, as the
overview says. In both the caller's ``trace`` object is kept where every provider failed,
though OpenRouter was reported to lose it then.

The connection test is a span, as captured; the webhook page's empty body shows less of a
destination.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs

from ...core import ids
from ...core.errors import InvalidValue
from ...core.model import (
    Event,
    InstrumentationScope,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
    SpanKind,
    Status,
    StatusCode,
)
from ...core.words import describe
from ..form import HIERARCHIES, Hierarchy
from ..generation import Generation
from ..times import LATEST_NS, after
from .rows import Row, Selection
from .table import (
    ATTEMPT_ROWS,
    CHILD_ROWS,
    EXCEPTION_ROWS,
    GENERATION_ROWS,
    OWN_KEYS,
    PARENT_ROWS,
    RESOURCE_ROWS,
    TRUNCATED_EVENT,
    Child,
    truncation_attributes,
)
from .truncate import BROADCAST, Truncation

__all__ = ["NS_PER_MS", "WHOLE", "group_of", "resource_of", "resource_spans", "span_count"]


_SCOPE: Final = InstrumentationScope(name="openrouter")

_GENERATION_NAME: Final = "LLM Generation"

NS_PER_MS: Final = 1_000_000

WHOLE: Final = Selection()


def resource_spans(
    generation: Generation,
    *,
    hierarchy: Hierarchy = "documented",
    privacy_mode: bool = False,
    truncation: Truncation = BROADCAST,
) -> tuple[ResourceSpans, ...]:
    """
    The groups to send for one generation.

    Args:
        hierarchy: ``documented``, one group; or ``observed``, one for each span.

        privacy_mode:
            Leave out all content. Of an error only its kind and code remain. Custom metadata
            is the caller's own and stays.

        truncation: How long a value may be.

    Raises:
        InvalidValue: An unknown hierarchy.
    """
    if hierarchy not in HIERARCHIES:
        raise InvalidValue("resource_spans.hierarchy", " or ".join(HIERARCHIES), describe(hierarchy))
    if privacy_mode:
        generation = _without_content(generation)
    selection = Selection(
        privacy_mode=privacy_mode,
        failed=generation.failure is not None,
        truncation=truncation,
        own_keys=OWN_KEYS,
    )
    making = _Making(generation=generation, selection=selection)
    resource = resource_of(generation.trace_key, selection)
    if hierarchy == "documented":
        return (group_of(resource, making.documented()),)
    if generation.failure is not None and generation.failure.before_routing:
        return ()
    return tuple(group_of(resource, [span]) for span in making.observed())


def span_count(generation: Generation, hierarchy: Hierarchy = "documented") -> int:
    """The number of spans in ``resource_spans(generation, hierarchy=hierarchy)``, without making them."""
    streamed = generation.attempts and generation.streamed and generation.failure is None
    count = 1 + len(generation.attempts) + (1 if streamed else 0)
    if hierarchy == "documented":
        names = (
            None if generation.trace.has_root else generation.trace.trace_name,
            generation.trace.span_name,
        )
        return count + sum(name is not None for name in names)
    refused_early = generation.failure is not None and generation.failure.before_routing
    return 0 if refused_early else count


def resource_of(trace_key: str, selection: Selection = WHOLE) -> Resource:
    """The resource of OpenRouter's spans, with the trace key."""
    return Resource(attributes=selection.attributes(RESOURCE_ROWS, trace_key)[0])


def group_of(resource: Resource, spans: Iterable[Span]) -> ResourceSpans:
    """A group with OpenRouter's scope."""
    return ResourceSpans(resource=resource, scope_spans=[ScopeSpans(scope=_SCOPE, spans=spans)])


def _without_content(generation: Generation) -> Generation:
    failure = generation.failure.without_text() if generation.failure else None
    return attrs.evolve(generation, prompt=None, completion=None, failure=failure)


@attrs.frozen(kw_only=True)
class _Making:
    """The spans of one generation, with what holds for all of them."""

    generation: Generation
    selection: Selection

    def documented(self) -> Iterator[Span]:
        """From the root down: named spans, the generation's, and what is below it."""
        generation, trace = self.generation, self.generation.trace
        parent = _parent_id(trace.parent_span_id)
        root_name = None if trace.has_root else trace.trace_name
        for name, suffix in ((root_name, "trace"), (trace.span_name, "span")):
            if name is not None:
                span_id = ids.span_id_of(f"{generation.key}:{suffix}")
                attributes, cut = self.selection.attributes(PARENT_ROWS, generation)
                events = [*self.truncated(cut, generation.end_ns)]
                yield self.span(
                    span_id, parent_span_id=parent, name=name, attributes=attributes, events=events
                )
                parent = span_id
        yield self.main(parent)
        yield from self.children()

    def observed(self) -> Iterator[Span]:
        """The generation's span as root, then what is below it."""
        yield self.main(_parent_id(self.generation.trace.parent_span_id))
        yield from self.children()

    def main(self, parent: str | None) -> Span:
        """The generation's own span, with every attribute."""
        generation = self.generation
        attributes, cut = self.selection.attributes(GENERATION_ROWS, generation)
        return self.span(
            ids.span_id_of(generation.key),
            parent_span_id=parent,
            name=generation.trace.generation_name or _GENERATION_NAME,
            kind=SpanKind.CLIENT,
            attributes=attributes,
            events=[*self.exception(), *self.truncated(cut, generation.end_ns)],
        )

    def children(self) -> Iterator[Span]:
        """An attempt for each provider that was tried and, where the call was streamed, ``generation``."""
        generation = self.generation
        start_ns = generation.start_ns
        for index, attempt in enumerate(generation.attempts):
            # When a second attempt began was never captured; it cannot have been before the first ended.
            end_ns = self.after(start_ns, attempt.latency_ms)
            child = Child(key=f"{generation.key}:attempt-{index}", attempt=attempt, index=index)
            yield self.child(
                child,
                name=f"provider attempt {index + 1}: {attempt.provider_name or 'unknown'}",
                times=(start_ns, end_ns),
                rows=ATTEMPT_ROWS,
            )
            start_ns = end_ns
        if generation.attempts and generation.streamed and generation.failure is None:
            child = Child(key=f"{generation.key}:generation")
            # It may end after the generation's own span, as captured.
            end_ns = self.after(start_ns, generation.timing.generation_ms)
            yield self.child(child, name="generation", times=(start_ns, end_ns), rows=CHILD_ROWS)

    def child(self, child: Child, *, name: str, times: tuple[int, int], rows: tuple[Row, ...]) -> Span:
        """A span below the generation's."""
        start_ns, end_ns = times
        attributes, cut = self.selection.attributes(rows, child)
        return Span(
            trace_id=self.trace_id,
            span_id=ids.span_id_of(child.key),
            parent_span_id=ids.span_id_of(self.generation.key),
            name=name,
            kind=SpanKind.SERVER,
            start_ns=start_ns,
            end_ns=end_ns,
            status=Status(code=StatusCode.ERROR if child.failed else StatusCode.OK),
            attributes=attributes,
            events=[*self.truncated(cut, end_ns)],
        )

    def span(self, span_id: str, **members: Any) -> Span:
        """A span with the generation's trace, times and status."""
        generation = self.generation
        return Span(
            trace_id=self.trace_id,
            span_id=span_id,
            start_ns=generation.start_ns,
            end_ns=generation.end_ns,
            status=self.status(),
            **members,
        )

    @property
    def trace_id(self) -> str:
        """Of the caller's trace key, else of the generation's."""
        return ids.trace_id_of(self.generation.trace_key)

    def status(self) -> Status:
        """An error with its words; OK for a whole response, explicitly, as captured."""
        if self.generation.failure:
            message = self.selection.truncation.cut(self.generation.failure.message)
            return Status(code=StatusCode.ERROR, message=message)
        return Status(code=StatusCode.OK if self.generation.complete else StatusCode.UNSET)

    def exception(self) -> Iterator[Event]:
        """The event of a failure."""
        if self.generation.failure:
            attributes, _ = self.selection.attributes(EXCEPTION_ROWS, self.generation.failure)
            yield Event(name="exception", time_ns=self.generation.end_ns, attributes=attributes)

    def truncated(self, keys: tuple[str, ...], time_ns: int) -> Iterator[Event]:
        """The event of values that were cut, at the end of their span."""
        if keys:
            attributes = truncation_attributes(keys, self.selection.truncation)
            yield Event(name=TRUNCATED_EVENT, time_ns=time_ns, attributes=attributes)

    def after(self, start_ns: int, milliseconds: float | None) -> int:
        """So much later than the start; where that is unknown, the generation's end."""
        if milliseconds is None:
            return max(start_ns, self.generation.end_ns)
        return min(after(start_ns, max(milliseconds, 0.0)), LATEST_NS)


def _parent_id(given: str | None) -> str | None:
    return given if given is None or ids.is_span_id(given) else ids.span_id_of(given)
