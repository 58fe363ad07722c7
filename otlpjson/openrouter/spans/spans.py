# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The groups of spans to send for one generation, and how many spans there would be.

A group is a ``ResourceSpans`` with OpenRouter's resource and scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from ...core.errors import InvalidValue
from ...core.model import (
    Event,
    InstrumentationScope,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
)
from ...core.words import describe
from ..form import HIERARCHIES, Hierarchy
from ..generation import Generation
from .hierarchy import Draft, drafts, is_broadcast
from .resource_attributes import NO_ATTRIBUTES, ResourceAttributes
from .resource_attributes import resource_attributes as checked_attributes
from .rows import ALL_ROWS, Selection
from .table import (
    EXCEPTION_ROWS,
    OWN_KEYS,
    TRUNCATED_EVENT,
    resource_rows,
    truncation_attributes,
)
from .truncate import BROADCAST, Truncation

__all__ = [
    "SCOPE",
    "exception",
    "group_of",
    "resource_of",
    "resource_spans",
    "span_count",
    "without_content",
]

SCOPE: Final = InstrumentationScope(name="openrouter")
"""The scope of all spans: as captured, without a version."""


def resource_spans(
    generation: Generation,
    *,
    hierarchy: Hierarchy = "documented",
    privacy_mode: bool = False,
    truncation: Truncation = BROADCAST,
    resource_attributes: ResourceAttributes | Mapping[str, Any] = NO_ATTRIBUTES,
) -> tuple[ResourceSpans, ...]:
    """
    The groups of spans to send for one generation.

    Args:
        generation: The request, as read from its record.

        hierarchy:
            ``documented``, which gives one group, or ``observed``, which gives one group per span.
            In the latter, requests that OpenRouter does not broadcast have no spans: those that
            were refused before routing, and those that are neither chat nor text completions.

        privacy_mode:
            Leave out prompts and completions, and reduce error messages to kind and code. Custom
            metadata is sent.

        truncation: How long a value may be.

        resource_attributes: Names and values that the resource has besides its own three.

    Raises:
        InvalidValue: The hierarchy is unknown, or an attribute cannot be used.
    """
    if hierarchy not in HIERARCHIES:
        raise InvalidValue("resource_spans.hierarchy", " or ".join(HIERARCHIES), describe(hierarchy))
    if privacy_mode:
        generation = without_content(generation)
    selection = Selection(
        privacy_mode=privacy_mode,
        failed=generation.failure is not None,
        truncation=truncation,
        own_keys=OWN_KEYS,
    )
    resource = resource_of(generation.trace_key, resource_attributes, selection)
    groups = drafts(generation, hierarchy, truncation)
    return tuple(
        group_of(resource, [_span(draft, generation, selection) for draft in group]) for group in groups
    )


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
    return count if is_broadcast(generation) else 0


def resource_of(
    trace_key: str,
    more: ResourceAttributes | Mapping[str, Any] = NO_ATTRIBUTES,
    selection: Selection = ALL_ROWS,
) -> Resource:
    """OpenRouter's resource, with the text that the trace id is derived from, and more attributes."""
    return Resource(attributes=selection.attributes(resource_rows(checked_attributes(more)), trace_key)[0])


def group_of(resource: Resource, spans: Iterable[Span]) -> ResourceSpans:
    """A group of spans with OpenRouter's scope."""
    return ResourceSpans(resource=resource, scope_spans=[ScopeSpans(scope=SCOPE, spans=spans)])


def without_content(generation: Generation) -> Generation:
    """The generation as it is sent in privacy mode."""
    failure = generation.failure.without_text() if generation.failure else None
    return attrs.evolve(generation, prompt=None, completion=None, failure=failure)


def exception(generation: Generation, selection: Selection) -> tuple[Event, ...]:
    """The event of a failure, at the end of the span."""
    if generation.failure is None:
        return ()
    attributes, _ = selection.attributes(EXCEPTION_ROWS, generation.failure)
    return (Event(name="exception", time_ns=generation.end_ns, attributes=attributes),)


def _span(draft: Draft, generation: Generation, selection: Selection) -> Span:
    attributes, cut = selection.attributes(draft.table, draft.subject)
    events = exception(generation, selection) if draft.is_own else ()
    return Span(
        trace_id=draft.trace_id,
        span_id=draft.span_id,
        parent_span_id=draft.parent_span_id,
        name=draft.name,
        kind=draft.kind,
        start_ns=draft.start_ns,
        end_ns=draft.end_ns,
        status=draft.status,
        attributes=attributes,
        events=(*events, *_truncated(cut, draft.end_ns, selection.truncation)),
    )


def _truncated(keys: tuple[str, ...], time_ns: int, truncation: Truncation) -> Iterable[Event]:
    """The event that lists values that were cut, if there are any."""
    if keys:
        attributes = truncation_attributes(keys, truncation)
        yield Event(name=TRUNCATED_EVENT, time_ns=time_ns, attributes=attributes)
