# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
One LLM request as OpenRouter tells it: a frozen record, and what of its input was skipped.

``None`` is "nobody reported it"; zero and empty text are values.
"""

from __future__ import annotations

import re
from typing import Any, Final, Union

import attrs

from ..core.findings import Finding

__all__ = ["Attempt", "Failure", "Generation", "MetadataValue", "Timing", "TraceOptions", "Usage"]

MetadataValue = Union[None, str, bool, int, float]
"""A value of custom metadata: flat, as it is sent."""

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)


@attrs.frozen(kw_only=True)
class TraceOptions:
    """
    The request's ``trace`` object.

    Attributes:
        trace_id, trace_name, span_name, generation_name, parent_span_id:
            OpenRouter's five keys, as text.

        metadata:
            Every further key, in order, with its flat value: objects are taken apart with
            dots between their keys, lists are compact JSON text.

        has_root:
            Whether the trace has a root span of its own, made elsewhere. Then ``trace_name``
            is an attribute only.
    """

    trace_id: str | None = None
    trace_name: str | None = None
    span_name: str | None = None
    generation_name: str | None = None
    parent_span_id: str | None = None
    metadata: tuple[tuple[str, MetadataValue], ...] = ()
    has_root: bool = False


@attrs.frozen(kw_only=True)
class Usage:
    """
    Tokens, as the provider counts them, and cost in US dollars.

    Attributes:
        input_tokens, output_tokens, total_tokens: Cached and reasoning tokens included.

        cached_tokens, cache_write_tokens, cache_write_5m_tokens, cache_write_1h_tokens:
            How many of the input were read from a cache, written to one, and for how long.

        input_audio_tokens, input_video_tokens: How many of the input they are.

        reasoning_tokens, output_image_tokens: How many of the output they are.

        input_cost, output_cost: What the provider charges.

        total_cost: What OpenRouter charges.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    cache_write_5m_tokens: int | None = None
    cache_write_1h_tokens: int | None = None
    input_audio_tokens: int | None = None
    input_video_tokens: int | None = None
    reasoning_tokens: int | None = None
    output_image_tokens: int | None = None
    input_cost: float | None = None
    output_cost: float | None = None
    total_cost: float | None = None


@attrs.frozen(kw_only=True)
class Timing:
    """
    Milestones in milliseconds since the request's start, as OpenRouter measures them.

    Attributes:
        router_ms: How long the choice of a provider took.

        provider_request_ms: When the request went to the provider.

        provider_headers_ms: When the provider's answer began.

        first_token_ms: When its first token came.

        provider_body_end_ms: When its answer was complete.

        generation_ms: From the request to the provider to the end of its answer.
    """

    router_ms: float | None = None
    provider_request_ms: float | None = None
    provider_headers_ms: float | None = None
    first_token_ms: float | None = None
    provider_body_end_ms: float | None = None
    generation_ms: float | None = None


@attrs.frozen(kw_only=True)
class Attempt:
    """
    One provider that was tried.

    Attributes:
        provider_name: Such as ``Amazon Bedrock``.

        status: The HTTP status code that it answered with.

        latency_ms: From the request to the beginning of the answer.

        is_byok: Whether the caller's own key was used.

        endpoint_id, model_permaslug: OpenRouter's names for what was asked.
    """

    provider_name: str | None = None
    status: int | None = None
    latency_ms: float | None = None
    is_byok: bool | None = None
    endpoint_id: str | None = None
    model_permaslug: str | None = None


@attrs.frozen(kw_only=True)
class Failure:
    """
    Why a request failed.

    Attributes:
        message: The words of whoever refused it. They may quote the prompt.

        kind: The stable name of the error, such as ``rate_limit_exceeded``.

        code: The number, or the name, that came with it.

        before_routing: Whether OpenRouter refused it before any provider was asked.
    """

    message: str = attrs.field(repr=False)
    kind: str | None = attrs.field(default=None, repr=False)
    code: str | None = attrs.field(default=None, repr=False)
    before_routing: bool = False

    def without_text(self) -> Failure:
        """The same failure with a message made of kind and code alone, for privacy mode."""
        kind, code = (word if word and _NAME.fullmatch(word) else None for word in (self.kind, self.code))
        message = f"{kind or 'error'} ({code})" if code else kind or "error"
        return attrs.evolve(self, message=message, kind=kind, code=code)


@attrs.frozen(kw_only=True)
class Generation:
    """
    One LLM request, its response and what is known about both.

    Attributes:
        key:
            What the ids of its spans are derived from: the generation id, or one made from
            request and start time where there was none.

        generation_id: ``gen-…``, as the response names it.

        start_ns, end_ns: Nanoseconds since 1970-01-01 UTC; the end is not before the start.

        complete: Whether the whole response came, be it an error.

        streamed: Whether the caller asked for a stream.

        request_model, response_model: Slugs such as ``openai/gpt-4o``.

        provider_name, provider_slug: Who served it, such as ``Amazon Bedrock`` and ``amazon-bedrock/global``.

        user_id, session_id: As the request names them.

        api_key_name, entity_id, creator_user_id: Whose account it was, where that is handed in.

        trace: The request's ``trace`` object.

        usage: Tokens and cost.

        input_unit_price, output_unit_price: US dollars per token.

        timing: Milestones.

        prompt, completion: Content, as the compact JSON text that is sent.

        finish_reason, native_finish_reason: OpenRouter's word and the provider's.

        attempts: The providers that were tried, in order.

        provider_responses: The same as the compact JSON text that is sent.

        failure: Why it failed; ``None`` for a success.

        skipped: What of the input was left out or changed, in the order it was met.
    """

    key: str
    generation_id: str | None = None
    start_ns: int
    end_ns: int
    complete: bool = True
    streamed: bool = False
    request_model: str | None = None
    response_model: str | None = None
    provider_name: str | None = None
    provider_slug: str | None = None
    user_id: str | None = None
    session_id: str | None = None
    api_key_name: str | None = None
    entity_id: str | None = None
    creator_user_id: str | None = None
    trace: TraceOptions = attrs.field(factory=TraceOptions)
    usage: Usage = attrs.field(factory=Usage)
    input_unit_price: float | None = None
    output_unit_price: float | None = None
    timing: Timing = attrs.field(factory=Timing)
    prompt: str | None = attrs.field(default=None, repr=False)
    completion: str | None = attrs.field(default=None, repr=False)
    finish_reason: str | None = None
    native_finish_reason: str | None = None
    attempts: tuple[Attempt, ...] = ()
    provider_responses: str | None = attrs.field(default=None, repr=False)
    failure: Failure | None = None
    skipped: tuple[Finding, ...] = ()

    @property
    def trace_key(self) -> str:
        """What the id of its trace is derived from: the caller's trace id, else its own key."""
        return self.trace.trace_id or self.key


def total(*counts: int | None) -> int | None:
    """The sum, or ``None`` where one of them is not known."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def merged(first: Any, second: Any) -> Any:
    """Two values of one class of this module as one: what the first does not know, the second may."""
    known = {
        field.name: getattr(first, field.name)
        for field in attrs.fields(type(first))
        if getattr(first, field.name) is not None
    }
    return attrs.evolve(second, **known)
