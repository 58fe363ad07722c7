# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The attribute tables: the attributes of each span in wire order, and where their values come from.

A new attribute is a new row. Order and types are those of deliveries captured on 2026-09-28 and
published by empathic/toolpath. Attributes that no capture has are placed as in OpenRouter's field
matrix. Where documentation and captures differ:

- ``trace.input`` and ``trace.output`` are not sent, because none of 28 captured generations has
  them, although the field matrix lists them. On an error, ``span.input`` and ``span.output`` are
  not sent either, as captured.
- On an error, usage and cost are sent if they are known. The one captured error has none.
- Usage is named ``input_tokens`` and ``output_tokens``, as in the Grafana guide and the captures,
  not ``prompt_tokens`` and ``completion_tokens``.
- Model parameters and ``trace.tags`` are not sent, because only the sample trace has them. The key
  ``tags`` of the request's ``trace`` is custom metadata.
- Custom metadata keeps its types. Objects are flattened, and lists are JSON text.
- ``trace.metadata.openrouter.user_id`` is the request's ``user``.
- The webhook page's example is not used: it has invalid ids, and neither kinds nor statuses.
- The format changes from month to month. This is that of September 2026, which includes all
  attributes in the guide of February 2026.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Callable, Final

import attrs

from ..compact import compact
from ..generation import Attempt, Generation
from .resource_attributes import NO_ATTRIBUTES, ResourceAttributes
from .rows import Row, Table
from .truncate import Truncation

__all__ = [
    "ATTEMPT_ROWS",
    "CHILD_ROWS",
    "EXCEPTION_ROWS",
    "GENERATION_ROWS",
    "OWN_KEYS",
    "PARENT_ROWS",
    "RESOURCE_ROWS",
    "TEST_ROWS",
    "TRUNCATED_EVENT",
    "Child",
    "resource_rows",
    "step_attributes",
    "truncation_attributes",
]

# The trace name of a request without one, as captured.
_TRACE_NAME: Final = "OpenRouter Request"
# One for each set of a destination's own.
_RESOURCES_REMEMBERED: Final = 16
_EXCEPTION_TYPE: Final = "Error"

TRUNCATED_EVENT: Final = "openrouter.trace_truncated"
"""The event of a span with values that were cut."""


@attrs.frozen(kw_only=True)
class Child:
    """
    A span below that of the generation.

    Attributes:
        key: The text that its id is derived from.

        attempt: The request to a provider; an empty one for the span named ``generation``.

        index: The position of the attempt, from 0.

        operation: As that of the generation.
    """

    key: str
    operation: str = "chat"
    attempt: Attempt = attrs.field(factory=Attempt)
    index: int = 0

    @property
    def failed(self) -> bool:
        """Whether the provider's response was an error."""
        return self.attempt.status is not None and self.attempt.status >= 400


def step_attributes(trace_name: str, session_id: str | None) -> dict[str, str]:
    """The attributes of a root or step span above several requests."""
    session = {} if session_id is None else {"session.id": session_id}
    return {"trace.name": trace_name, **session, "span.type": "span"}


def truncation_attributes(keys: tuple[str, ...], truncation: Truncation) -> dict[str, Any]:
    """
    The attributes of a ``TRUNCATED_EVENT``.

    Args:
        keys: The names of the attributes that were cut.

        truncation: The limits they were cut to.
    """
    # OpenRouter documents what the event contains, but not under which names; these are ours.
    limit = f"{truncation.max_characters} characters"
    if truncation.max_bytes is not None:
        limit += f" or {truncation.max_bytes} bytes"
    return {
        "truncated.keys": truncation.cut(compact(keys), is_json=True),
        "truncated.reason": "too_large",
        "truncated.limit_characters": truncation.max_characters,
        "truncated.limit_bytes": truncation.max_bytes,
        "message": f"Values longer than {limit} were cut.",
    }


def _author(generation: Generation) -> str | None:
    """The author of the model, which is the part of its slug before the slash."""
    # As captured: for a model of Anthropic at Amazon Bedrock, this is anthropic.
    author, slash, _ = (generation.response_model or generation.request_model or "").partition("/")
    return author if slash else None


def _without_variant(model: str | None) -> str | None:
    # As captured: ``:nitro`` and other variants are not part of the model's name. Names without an author,
    # such as ``qwen3:0.6b``, are other servers' and have no variants.
    if model is None or "/" not in model:
        return model
    author, slash, name = model.partition("/")
    return author + slash + name.partition(":")[0]


def _time_to_first_token_ms(generation: Generation) -> float | None:
    """From the request to the provider to its first token; ``None`` if one of the times is unknown."""
    timing = generation.timing
    if timing.first_token_ms is None or timing.provider_request_ms is None:
        return None
    return timing.first_token_ms - timing.provider_request_ms


def _inter_token_latency_ms(generation: Generation) -> float | None:
    """The mean time between tokens; ``None`` if it cannot be measured."""
    # It is left out, not zero, without a stream and with fewer than two tokens. As captured, it is there also
    # where the first token has the same time as the headers.
    timing, tokens = generation.timing, generation.usage.output_tokens
    first_ms, end_ms = timing.first_token_ms, timing.provider_body_end_ms
    if not generation.streamed or first_ms is None or end_ms is None or tokens is None or tokens < 2:
        return None
    return (end_ms - first_ms) / (tokens - 1)


def _finish_reasons(generation: Generation) -> str | None:
    reason = generation.finish_reason
    if not reason:
        return reason
    # A word, as all known reasons are, needs no escapes.
    return f'["{reason}"]' if reason.isidentifier() else compact([reason])


def _success(key: str, read: str | Callable[[Any], Any], **flags: bool) -> Row:
    """A row that a failed request does not have."""
    return Row(key, read, on_failure=False, **flags)


def _constant(key: str, value: str | bool | int | float) -> Row:
    return Row(key, lambda subject: value)


GENERATION_ROWS: Final = Table(
    Row("trace.name", lambda g: g.trace.trace_name or _TRACE_NAME),
    Row("user.id", "user_id"),
    Row("session.id", "session_id"),
    Row("trace.metadata.", "trace.metadata"),
    _success("trace.metadata.provider_responses", "provider_responses", is_json=True),
    Row("span.type", lambda g: "generation"),
    Row("span.level", lambda g: "ERROR" if g.failure else "DEFAULT"),
    Row("span.status_message", lambda g: g.failure and g.failure.message),
    Row("span.metadata.", "trace.metadata"),
    _success("span.metadata.provider_responses", "provider_responses", is_json=True),
    _success("span.input", "prompt", content=True, is_json=True),
    _success("span.output", "completion", content=True, is_json=True),
    # As captured, ``chat`` also for /messages and /responses.
    Row("gen_ai.operation.name", "operation"),
    # Sent under both names since August 2026.
    Row("gen_ai.system", _author),
    Row("gen_ai.provider.name", _author),
    Row("gen_ai.request.model", lambda g: _without_variant(g.request_model)),
    Row("gen_ai.response.model", "response_model"),
    Row("gen_ai.response.id", "generation_id"),
    Row("gen_ai.usage.input_tokens", "usage.input_tokens"),
    Row("gen_ai.usage.output_tokens", "usage.output_tokens"),
    Row("gen_ai.usage.total_tokens", "usage.total_tokens"),
    # The provider's charge; the total is OpenRouter's, with its fees.
    Row("gen_ai.usage.input_cost", "usage.input_cost"),
    Row("gen_ai.usage.output_cost", "usage.output_cost"),
    Row("gen_ai.usage.total_cost", "usage.total_cost"),
    Row("gen_ai.prompt", "prompt", content=True, is_json=True),
    Row("gen_ai.completion", "completion", content=True, is_json=True),
    # No capture has audio, video or image tokens; their places are those of the field matrix.
    Row("gen_ai.usage.input_tokens.cached", "usage.cached_tokens"),
    Row("gen_ai.usage.input_tokens.audio", "usage.input_audio_tokens"),
    Row("gen_ai.usage.input_tokens.video", "usage.input_video_tokens"),
    Row("gen_ai.usage.input_tokens.cache_write", "usage.cache_write_tokens"),
    Row("gen_ai.usage.input_tokens.cache_write_5m", "usage.cache_write_5m_tokens"),
    Row("gen_ai.usage.input_tokens.cache_write_1h", "usage.cache_write_1h_tokens"),
    Row("gen_ai.usage.output_tokens.reasoning", "usage.reasoning_tokens"),
    Row("gen_ai.usage.output_tokens.image", "usage.output_image_tokens"),
    # JSON text, not an OTLP array, as captured.
    _success("gen_ai.response.finish_reasons", _finish_reasons),
    _success("gen_ai.response.finish_reason", "finish_reason"),
    Row("trace.metadata.openrouter.source", lambda g: "openrouter"),
    Row("trace.metadata.openrouter.api_key_name", "api_key_name"),
    Row("trace.metadata.openrouter.entity_id", "entity_id"),
    Row("trace.metadata.openrouter.user_id", "user_id"),
    Row("trace.metadata.openrouter.creator_user_id", "creator_user_id"),
    _success("trace.metadata.openrouter.router_latency_ms", "timing.router_ms"),
    _success("trace.metadata.openrouter.provider_request_ms", "timing.provider_request_ms"),
    _success("trace.metadata.openrouter.provider_headers_ms", "timing.provider_headers_ms"),
    _success("trace.metadata.openrouter.first_token_ms", "timing.first_token_ms"),
    _success("trace.metadata.openrouter.provider_body_end_ms", "timing.provider_body_end_ms"),
    _success("trace.metadata.openrouter.provider_time_to_first_token_ms", _time_to_first_token_ms),
    _success("trace.metadata.openrouter.inter_token_latency_ms", _inter_token_latency_ms),
    Row("trace.metadata.openrouter.provider_name", "provider_name"),
    Row("trace.metadata.openrouter.provider_slug", "provider_slug"),
    # The provider's reason; gen_ai.response.finish_reason is OpenRouter's.
    _success("trace.metadata.openrouter.finish_reason", "native_finish_reason"),
    Row("trace.metadata.openrouter.input_unit_price", "input_unit_price"),
    Row("trace.metadata.openrouter.output_unit_price", "output_unit_price"),
)

# Few rows, so that sums over attributes count each request once.
PARENT_ROWS: Final = Table(
    Row("trace.name", lambda g: g.trace.trace_name or _TRACE_NAME),
    Row("user.id", "user_id"),
    Row("session.id", "session_id"),
    Row("span.type", lambda g: "span"),
)

ATTEMPT_ROWS: Final = Table(
    Row("span.type", lambda c: "span"),
    Row("span.level", lambda c: "ERROR" if c.failed else "DEFAULT"),
    Row("span.metadata.attempt_index", "index"),
    Row("span.metadata.status_code", "attempt.status"),
    Row("span.metadata.is_byok", "attempt.is_byok"),
    Row("span.metadata.endpoint_id", "attempt.endpoint_id"),
    Row("span.metadata.model_permaslug", "attempt.model_permaslug"),
    Row("gen_ai.operation.name", "operation"),
    Row("gen_ai.response.id", "key"),
    Row("trace.metadata.openrouter.provider_name", "attempt.provider_name"),
)

CHILD_ROWS: Final = Table(
    Row("span.type", lambda c: "span"),
    Row("span.level", lambda c: "DEFAULT"),
    Row("gen_ai.operation.name", "operation"),
    Row("gen_ai.response.id", "key"),
)

TEST_ROWS: Final = Table(Row("service.name", lambda trace_key: "openrouter"))
"""The resource of the connection test."""

RESOURCE_ROWS: Final = Table(
    *TEST_ROWS,
    Row("openrouter.trace.id", lambda trace_key: trace_key),
    Row("service.version", lambda trace_key: "1.0.0"),
)
"""The resource of all other spans, with the three attributes of the Grafana guide."""


@lru_cache(maxsize=_RESOURCES_REMEMBERED)
def resource_rows(more: ResourceAttributes = NO_ATTRIBUTES) -> Table:
    """``RESOURCE_ROWS`` with more attributes; those of the same name take the place of OpenRouter's."""
    if not more:
        return RESOURCE_ROWS
    given = dict(more)
    own = {row.key for row in RESOURCE_ROWS}
    return Table(
        *(_constant(row.key, given[row.key]) if row.key in given else row for row in RESOURCE_ROWS),
        *(_constant(name, value) for name, value in more if name not in own),
    )


EXCEPTION_ROWS: Final = Table(
    Row("exception.type", lambda failure: _EXCEPTION_TYPE),
    Row("exception.message", "message"),
)
"""An ``exception`` event, as captured."""

OWN_KEYS: Final = frozenset(row.key for row in GENERATION_ROWS)
"""Names that custom metadata cannot use."""
