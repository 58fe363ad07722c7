# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The groups of spans to send: for one generation, and for a step of a trace with several requests.

A group is a ``ResourceSpans`` with OpenRouter's resource and scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from ...core import ids
from ...core.errors import InvalidValue
from ...core.model import InstrumentationScope, Resource, ResourceSpans, ScopeSpans, Span, SpanKind
from ...core.words import describe
from ..form import HIERARCHIES, Hierarchy
from ..generation import Generation
from .hierarchy import SpansOfGeneration
from .rows import ALL_ROWS, Selection
from .table import OWN_KEYS, RESOURCE_ROWS, step_attributes
from .truncate import BROADCAST, Truncation

__all__ = ["group_of", "resource_of", "resource_spans", "step"]

# As captured, without a version.
_SCOPE: Final = InstrumentationScope(name="openrouter")


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
        hierarchy:
            ``documented``, which gives one group, or ``observed``, which gives one group per span.
            In the latter, a request that was refused before routing has no spans.

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
    # OpenRouter sends nothing for such a request.
    if generation.failure is not None and generation.failure.before_routing:
        return ()
    return tuple(group_of(resource, [span]) for span in spans.observed())


def step(
    *, trace_key: str, trace_name: str, span: Mapping[str, Any], session_id: str | None = None
) -> ResourceSpans:
    """
    A span that stands over several requests: the root of a trace, or a step in it.

    Args:
        trace_key: What the trace's id is derived from, as in ``trace.trace_id`` of a request.

        trace_name: Of the root.

        span: The members of ``Span`` but for trace id, kind and attributes.

        session_id: Of the requests below it.
    """
    made = Span(
        trace_id=ids.trace_id_of(trace_key),
        kind=SpanKind.INTERNAL,
        attributes=step_attributes(trace_name, session_id),
        **span,
    )
    return group_of(resource_of(trace_key), [made])


def resource_of(trace_key: str, selection: Selection = ALL_ROWS) -> Resource:
    """OpenRouter's resource, with the text that the trace id is derived from."""
    return Resource(attributes=selection.attributes(RESOURCE_ROWS, trace_key)[0])


def group_of(resource: Resource, spans: Iterable[Span]) -> ResourceSpans:
    """A group of spans with OpenRouter's scope."""
    return ResourceSpans(resource=resource, scope_spans=[ScopeSpans(scope=_SCOPE, spans=spans)])


def _without_content(generation: Generation) -> Generation:
    failure = generation.failure.without_text() if generation.failure else None
    return attrs.evolve(generation, prompt=None, completion=None, failure=failure)
