# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
One LLM request with all facts that its spans are made of.

``None`` means that a fact was not reported. Zero and empty texts are values.
"""

from __future__ import annotations

import re
from typing import Final, Union

import attrs

from ..core.findings import Finding

__all__ = [
    "Attempt",
    "Failure",
    "Generation",
    "MetadataValue",
    "Timing",
    "TraceOptions",
    "Usage",
    "merged",
    "total",
]

MetadataValue = Union[None, str, bool, int, float]
"""A value of custom metadata as it is sent, without lists and objects."""

# Error kinds and codes of this form cannot quote a prompt.
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)


@attrs.frozen(kw_only=True)
class TraceOptions:
    """
    The ``trace`` object of a request.

    Attributes:
        trace_id, trace_name, span_name, generation_name, parent_span_id:
            The five keys that OpenRouter defines.

        metadata:
            All other keys with their values, in order. Objects are flattened: the keys of their
            members are joined with dots. Lists are compact JSON text.

        has_root:
            Whether another span is the root of the trace. Then ``trace_name`` makes no root span
            and is only an attribute.

    Source: OpenRouter's Grafana guide, table of trace metadata keys.
    """

    trace_id: str | None = None
    trace_name: str | None = None
    span_name: str | None = None
    generation_name: str | None = None
    parent_span_id: str | None = None
    metadata: tuple[tuple[str, MetadataValue], ...] = ()
    has_root: bool = False


# Without slots, because setting many members of a frozen class with slots takes a call each.
@attrs.frozen(kw_only=True, slots=False)
class Usage:
    """
    Tokens as counted by the provider, and cost in US dollars.

    Attributes:
        input_tokens, output_tokens, total_tokens: Including cached and reasoning tokens.

        cached_tokens: Input tokens that were read from a cache.

        cache_write_tokens: Input tokens that were written to a cache.

        cache_write_5m_tokens, cache_write_1h_tokens:
            The part of these that is kept for five minutes and for one hour.

        input_audio_tokens, input_video_tokens: Input tokens that are audio and video.

        reasoning_tokens, output_image_tokens: Output tokens that are reasoning and images.

        input_cost, output_cost: The provider's charge.

        total_cost: OpenRouter's charge.
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
    Milestones of a request in milliseconds, as measured by OpenRouter.

    Attributes:
        router_ms: Duration of OpenRouter's choice of a provider.

        provider_request_ms: From the start to the request to the provider.

        provider_headers_ms: From the start to the headers of the provider's response.

        first_token_ms: From the start to the first token.

        provider_body_end_ms: From the start to the end of the provider's response.

        generation_ms: From the request to the provider to the end of its response.
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
    One attempt of OpenRouter to get a response from a provider.

    Attributes:
        provider_name: Such as ``Amazon Bedrock``.

        status: The HTTP status code of the provider's response.

        latency_ms: From the request to the start of the response, in milliseconds.

        is_byok: Whether the caller's own key for the provider was used.

        endpoint_id, model_permaslug: OpenRouter's ids of the endpoint and of the model.
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
        message: The error message. It may quote the prompt.

        kind: The error's stable name, such as ``rate_limit_exceeded``.

        code: The error's code: a number such as ``429``, or a name.

        provider_name: The provider that the error names.

        before_routing: Whether OpenRouter refused the request before asking any provider.
    """

    # Each may hold text from a prompt, so none is in the repr, which ends up in logs.
    message: str = attrs.field(repr=False)
    kind: str | None = attrs.field(default=None, repr=False)
    code: str | None = attrs.field(default=None, repr=False)
    provider_name: str | None = None
    before_routing: bool = False

    def without_text(self) -> Failure:
        """The same failure for privacy mode: the message consists of kind and code alone."""
        # Both come from the response, so they could quote the prompt as well.
        kind, code = (word if word and _NAME.fullmatch(word) else None for word in (self.kind, self.code))
        message = f"{kind or 'error'} ({code})" if code else kind or "error"
        return attrs.evolve(self, message=message, kind=kind, code=code)


# Without slots, because setting many members of a frozen class with slots takes a call each.
@attrs.frozen(kw_only=True, slots=False)
class Generation:
    """
    One LLM request with its response and other facts about it.

    Attributes:
        key:
            The text that the ids of its spans are derived from: the generation id or, without
            one, a text made from the request and its start time.

        generation_id: OpenRouter's id of the response, such as ``gen-1771005600-abc``.

        start_ns, end_ns: Nanoseconds since 1970-01-01 UTC. The end is not before the start.

        operation: The value of ``gen_ai.operation.name``: ``chat``, ``embeddings`` and so on.

        complete: Whether the response, which may be an error, arrived as a whole.

        streamed: Whether the response was requested as a stream.

        request_model, response_model: Slugs such as ``openai/gpt-4o``.

        provider_name, provider_slug:
            The provider that answered, such as ``Amazon Bedrock`` and ``amazon-bedrock/global``.

        user_id, session_id: From the request.

        api_key_name, entity_id, creator_user_id: The account, if the record's ``observed`` names it.

        trace: The request's ``trace`` object.

        usage: Tokens and cost.

        input_unit_price, output_unit_price: US dollars per token.

        timing: Milestones in milliseconds.

        prompt, completion: Content, as compact JSON text.

        finish_reason, native_finish_reason:
            Why the model stopped, in OpenRouter's terms and in the provider's.

        attempts: The requests to providers, in order.

        provider_responses: The attempts as compact JSON text, with the members that Broadcast sends.

        record_metadata:
            What a destination may ask for beyond the usual attributes, from a GET /generation record.

        failure: Why the request failed; ``None`` for a success.

        masked: How many of its texts a mask has changed.

        skipped: Notes on what was left out or changed in the record, in the order of reading.
    """

    key: str
    generation_id: str | None = None
    start_ns: int
    end_ns: int
    operation: str = "chat"
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
    # Content is not in the repr, which ends up in logs.
    prompt: str | None = attrs.field(default=None, repr=False)
    completion: str | None = attrs.field(default=None, repr=False)
    finish_reason: str | None = None
    native_finish_reason: str | None = None
    attempts: tuple[Attempt, ...] = ()
    provider_responses: str | None = attrs.field(default=None, repr=False)
    record_metadata: tuple[tuple[str, MetadataValue], ...] = ()
    failure: Failure | None = None
    masked: int = 0
    skipped: tuple[Finding, ...] = ()

    @property
    def trace_key(self) -> str:
        """The text that the trace id is derived from: the caller's ``trace.trace_id``, or else ``key``."""
        return self.trace.trace_id or self.key

    def numbered(self, number: int) -> Generation:
        """
        The generation with ids of its own among equal ones of one instant.

        Args:
            number: How many equal ones there were before; 0 changes nothing.
        """
        return attrs.evolve(self, key=f"{self.key}:{number}") if number else self


def total(*counts: int | None) -> int | None:
    """The sum of the counts; ``None`` if one of them is not known."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def merged(first: Usage, second: Usage) -> Usage:
    """Each field of the first usage or, where that is ``None``, of the second."""
    known = {
        field.name: getattr(first, field.name)
        for field in attrs.fields(Usage)
        if getattr(first, field.name) is not None
    }
    return attrs.evolve(second, **known)
