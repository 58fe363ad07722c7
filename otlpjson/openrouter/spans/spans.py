# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The groups of spans to send for one generation, and how many spans there would be.

A group is a ``ResourceSpans`` with OpenRouter's resource and scope.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

from ...core.errors import InvalidValue
from ...core.model import InstrumentationScope, Resource, ResourceSpans, ScopeSpans, Span
from ...core.words import describe
from ..form import HIERARCHIES, Hierarchy
from ..generation import Generation
from .hierarchy import SpansOfGeneration
from .rows import ALL_ROWS, Selection
from .table import OWN_KEYS, RESOURCE_ROWS
from .truncate import BROADCAST, Truncation

__all__ = ["group_of", "is_broadcast", "resource_of", "resource_spans", "span_count"]

# As captured, without a version.
_SCOPE: Final = InstrumentationScope(name="openrouter")
# Embeddings were seen in OpenRouter's log and at no destination; of the others nothing is known.
_BROADCAST_OPERATIONS: Final = frozenset({"chat", "text_completion"})


def resource_spans(
    generation: Generation,
    *,
    hierarchy: Hierarchy = "documented",
    privacy_mode: bool = False,
    truncation: Truncation = BROADCAST,
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

    Raises:
        InvalidValue: The hierarchy is unknown.
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
    spans = SpansOfGeneration(generation=generation, selection=selection)
    resource = resource_of(generation.trace_key, selection)
    if hierarchy == "documented":
        return (group_of(resource, spans.documented()),)
    if not is_broadcast(generation):
        return ()
    return tuple(group_of(resource, [span]) for span in spans.observed())


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


def is_broadcast(generation: Generation) -> bool:
    """Whether OpenRouter's own Broadcast sends such a request, as far as is known."""
    if generation.failure is not None and generation.failure.before_routing:
        return False
    return generation.operation in _BROADCAST_OPERATIONS


def resource_of(trace_key: str, selection: Selection = ALL_ROWS) -> Resource:
    """OpenRouter's resource, with the text that the trace id is derived from."""
    return Resource(attributes=selection.attributes(RESOURCE_ROWS, trace_key)[0])


def group_of(resource: Resource, spans: Iterable[Span]) -> ResourceSpans:
    """A group of spans with OpenRouter's scope."""
    return ResourceSpans(resource=resource, scope_spans=[ScopeSpans(scope=_SCOPE, spans=spans)])


def _without_content(generation: Generation) -> Generation:
    failure = generation.failure.without_text() if generation.failure else None
    return attrs.evolve(generation, prompt=None, completion=None, failure=failure)
