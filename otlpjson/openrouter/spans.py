# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A Generation to the spans that tell of it: names, ids, times, and the attribute table.

The hierarchy is the one OpenRouter's Grafana guide documents. ``trace_name`` names a root
span, ``span_name`` an intermediate one; each exists only where its key is given. The
generation's own span always exists and carries every attribute. Each request is a subtree of
its own, so requests that share a ``trace_id`` never send one span twice with different times.

Attribute names stand in this module alone. Sources: OpenRouter's Grafana guide, its Broadcast
field matrix, and captured deliveries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Callable, Final

import attrs

from .. import ids
from ..attributes import Attributes, AttributeValue
from ..model import (
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
from .compact import compact
from .generation import Generation

__all__ = ["SpanSummary", "connection_test", "resource_spans", "summary"]

_Pairs = Iterable[tuple[str, Any]]

_SCOPE: Final = InstrumentationScope(name="openrouter")
_SERVICE_NAME: Final = "openrouter"
_SERVICE_VERSION: Final = "1.0.0"
_TRACE_NAME: Final = "OpenRouter Request"
_GENERATION_NAME: Final = "LLM Generation"
_EXCEPTION_TYPE: Final = "Error"


def resource_spans(generation: Generation, *, privacy_mode: bool = False) -> tuple[ResourceSpans, ...]:
    """
    The groups to send for one generation: one group, its spans from the root down.

    Args:
        privacy_mode:
            Leave out all content. Of an error only its kind and code remain. Custom metadata
            is the caller's own and stays.
    """
    if privacy_mode:
        generation = _without_content(generation)
    return (_group(_resource(generation), _spans(generation, privacy_mode)),)


def connection_test(now_ns: int) -> ResourceSpans:
    """The single span that OpenRouter's "Test Connection" sends, one millisecond long; its ids are fixed."""
    span = Span(
        trace_id=f"{1:032x}",
        span_id=f"{1:016x}",
        name="openrouter-connection-test",
        kind=SpanKind.INTERNAL,
        start_ns=now_ns,
        end_ns=now_ns + 1_000_000,
        status=Status(code=StatusCode.OK),
    )
    return _group(Resource(attributes={"service.name": _SERVICE_NAME}), (span,))


@attrs.frozen(kw_only=True)
class SpanSummary:
    """
    What a person looks for first in a span.

    Attributes:
        model: The model that answered, else the one that was asked.

        input_tokens, output_tokens: Whole numbers.

        total_cost: US dollars.

    Each is ``None`` where the span does not say.
    """

    model: AttributeValue = None
    input_tokens: AttributeValue = None
    output_tokens: AttributeValue = None
    total_cost: AttributeValue = None


def summary(span: Span) -> SpanSummary:
    """The summary of a span as ``resource_spans`` makes it; an empty one of any other span."""
    attributes = span.attributes
    return SpanSummary(
        model=attributes.get("gen_ai.response.model", attributes.get("gen_ai.request.model")),
        input_tokens=attributes.get("gen_ai.usage.input_tokens"),
        output_tokens=attributes.get("gen_ai.usage.output_tokens"),
        total_cost=attributes.get("gen_ai.usage.total_cost"),
    )


def _group(resource: Resource, spans: Iterable[Span]) -> ResourceSpans:
    return ResourceSpans(resource=resource, scope_spans=[ScopeSpans(scope=_SCOPE, spans=spans)])


def _without_content(generation: Generation) -> Generation:
    failure = generation.failure.without_text() if generation.failure else None
    return attrs.evolve(generation, prompt=None, completion=None, failure=failure)


def _resource(generation: Generation) -> Resource:
    return Resource(
        attributes={
            "service.name": _SERVICE_NAME,
            "openrouter.trace.id": generation.trace.trace_id or generation.key,
            "service.version": _SERVICE_VERSION,
        }
    )


def _spans(generation: Generation, privacy_mode: bool) -> Iterator[Span]:
    trace = generation.trace
    parent = _parent_id(trace.parent_span_id)
    for name, suffix in ((trace.trace_name, "trace"), (trace.span_name, "span")):
        if name is not None:
            span_id = ids.span_id_of(f"{generation.key}:{suffix}")
            attributes = _attributes(_PARENT_ROWS, generation, privacy_mode)
            yield _span(generation, name=name, span_id=span_id, parent_span_id=parent, attributes=attributes)
            parent = span_id
    yield _span(
        generation,
        name=trace.generation_name or _GENERATION_NAME,
        span_id=ids.span_id_of(generation.key),
        parent_span_id=parent,
        kind=SpanKind.CLIENT,
        attributes=_attributes(_GENERATION_ROWS, generation, privacy_mode),
        events=_exception(generation),
    )


def _span(generation: Generation, **members: Any) -> Span:
    """A span with what all spans of a generation share."""
    return Span(
        trace_id=ids.trace_id_of(generation.trace.trace_id or generation.key),
        start_ns=generation.start_ns,
        end_ns=generation.end_ns,
        status=_status(generation),
        **members,
    )


def _parent_id(given: str | None) -> str | None:
    return given if given is None or ids.is_span_id(given) else ids.span_id_of(given)


def _status(generation: Generation) -> Status:
    if generation.failure:
        return Status(code=StatusCode.ERROR, message=generation.failure.message)
    return Status(code=StatusCode.OK if generation.answered else StatusCode.UNSET)


def _exception(generation: Generation) -> tuple[Event, ...]:
    if generation.failure is None:
        return ()
    attributes = {"exception.type": _EXCEPTION_TYPE, "exception.message": generation.failure.message}
    return (Event(name="exception", time_ns=generation.end_ns, attributes=attributes),)


@attrs.frozen
class _Row:
    """
    One line of the attribute table.

    Attributes:
        key: The attribute's name; where it ends in a dot, the beginning of several names.

        read: The value, or for a beginning the pairs of names' ends and values. ``None`` is absent.

        content: Whether it is content, which stays behind in privacy mode.
    """

    key: str
    read: Callable[[Generation], Any]
    content: bool = False

    def pairs(self, generation: Generation) -> _Pairs:
        value = self.read(generation)
        if self.key.endswith("."):
            return [(self.key + name, item) for name, item in value]
        return [] if value is None else [(self.key, value)]


def _attributes(rows: Iterable[_Row], generation: Generation, privacy_mode: bool) -> Attributes:
    """The rows that have a value, in order. A custom key that bears one of OpenRouter's names is dropped."""
    values: dict[str, Any] = {}
    dropped = 0
    for row in rows:
        if row.content and privacy_mode:
            continue
        for key, value in row.pairs(generation):
            if key in values or (key != row.key and key in _OWN_KEYS):
                dropped += 1
            else:
                values[key] = value
    return Attributes(values, dropped_count=dropped)


def _author(generation: Generation) -> str | None:
    """Whose model it is: the part of its slug before the slash."""
    author, slash, _ = (generation.response_model or generation.request_model or "").partition("/")
    return author if slash else None


def _without_variant(model: str | None) -> str | None:
    return None if model is None else model.partition(":")[0]


# In wire order: what captured deliveries send first stands first.
_GENERATION_ROWS: Final = (
    _Row("trace.name", lambda g: g.trace.trace_name or _TRACE_NAME),
    _Row("user.id", lambda g: g.user_id),
    _Row("session.id", lambda g: g.session_id),
    _Row("trace.metadata.", lambda g: g.trace.metadata),
    _Row("span.type", lambda g: "generation"),
    _Row("span.level", lambda g: "ERROR" if g.failure else "DEFAULT"),
    _Row("span.status_message", lambda g: g.failure and g.failure.message),
    _Row("span.metadata.", lambda g: g.trace.metadata),
    _Row("gen_ai.operation.name", lambda g: "chat"),
    _Row("gen_ai.system", _author),
    _Row("gen_ai.provider.name", _author),
    _Row("gen_ai.request.model", lambda g: _without_variant(g.request_model)),
    _Row("gen_ai.response.model", lambda g: g.response_model),
    _Row("gen_ai.response.id", lambda g: g.generation_id),
    _Row("gen_ai.usage.input_tokens", lambda g: g.usage.input_tokens),
    _Row("gen_ai.usage.output_tokens", lambda g: g.usage.output_tokens),
    _Row("gen_ai.usage.total_tokens", lambda g: g.usage.total_tokens),
    _Row("gen_ai.usage.input_cost", lambda g: g.usage.input_cost),
    _Row("gen_ai.usage.output_cost", lambda g: g.usage.output_cost),
    _Row("gen_ai.usage.total_cost", lambda g: g.usage.total_cost),
    _Row("gen_ai.prompt", lambda g: g.prompt, content=True),
    _Row("gen_ai.completion", lambda g: g.completion, content=True),
    _Row("gen_ai.usage.input_tokens.cached", lambda g: g.usage.cached_tokens),
    _Row("gen_ai.usage.output_tokens.reasoning", lambda g: g.usage.reasoning_tokens),
    _Row("gen_ai.response.finish_reasons", lambda g: g.finish_reason and compact([g.finish_reason])),
    _Row("gen_ai.response.finish_reason", lambda g: g.finish_reason),
    _Row("trace.metadata.openrouter.source", lambda g: "openrouter"),
    _Row("trace.metadata.openrouter.user_id", lambda g: g.user_id),
    _Row("trace.metadata.openrouter.provider_name", lambda g: g.provider_name),
    _Row("trace.metadata.openrouter.finish_reason", lambda g: g.native_finish_reason),
)
_PARENT_ROWS: Final = (
    _Row("trace.name", lambda g: g.trace.trace_name or _TRACE_NAME),
    _Row("user.id", lambda g: g.user_id),
    _Row("session.id", lambda g: g.session_id),
    _Row("span.type", lambda g: "span"),
)
_OWN_KEYS: Final = frozenset(row.key for row in _GENERATION_ROWS)
