# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
One LLM request as OpenRouter tells it: a frozen record, and what of its input was skipped.

``None`` is "nobody reported it"; zero and empty text are values.
"""

from __future__ import annotations

import re
from typing import Final, Union

import attrs

__all__ = ["Failure", "Generation", "MetadataValue", "Skipped", "TraceOptions", "Usage"]

MetadataValue = Union[None, str, bool, int, float]
"""A value of custom metadata: flat, as it is sent."""

_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)


@attrs.frozen
class Skipped:
    """
    A piece of the input that was left out or changed.

    Attributes:
        path: Where it stands, for example ``record.response.usage.cost``.

        expected: What can stand there, in words.

        found: What stands there: its type and, for plain values, its shortened text.
    """

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, got {self.found}"


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
    """

    trace_id: str | None = None
    trace_name: str | None = None
    span_name: str | None = None
    generation_name: str | None = None
    parent_span_id: str | None = None
    metadata: tuple[tuple[str, MetadataValue], ...] = ()


@attrs.frozen(kw_only=True)
class Usage:
    """
    Tokens, as the provider counts them, and cost in US dollars.

    Attributes:
        input_tokens, output_tokens, total_tokens: Cached and reasoning tokens included.

        cached_tokens, reasoning_tokens: How many of the input and of the output they are.

        input_cost, output_cost: What the provider charges.

        total_cost: What OpenRouter charges.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None
    input_cost: float | None = None
    output_cost: float | None = None
    total_cost: float | None = None


@attrs.frozen(kw_only=True)
class Failure:
    """
    Why a request failed.

    Attributes:
        message: The words of whoever refused it. They may quote the prompt.

        kind: The stable name of the error, such as ``rate_limit_exceeded``.

        code: The number, or the name, that came with it.
    """

    message: str = attrs.field(repr=False)
    kind: str | None = None
    code: str | None = None

    def without_text(self) -> Failure:
        """The same failure with a message made of kind and code alone, for privacy mode."""
        kind, code = (word if word and _CODE.fullmatch(word) else None for word in (self.kind, self.code))
        message = f"{kind or 'error'} ({code})" if code else kind or "error"
        return Failure(message=message, kind=kind, code=code)


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

        answered: Whether a response came, be it an error.

        request_model, response_model: Slugs such as ``openai/gpt-4o``.

        provider_name: Who served it, such as ``Amazon Bedrock``.

        user_id, session_id: As the request names them.

        trace: The request's ``trace`` object.

        usage: Tokens and cost.

        prompt, completion: Content, as the compact JSON text that is sent.

        finish_reason, native_finish_reason: OpenRouter's word and the provider's.

        failure: Why it failed; ``None`` for a success.

        skipped: What of the input was left out or changed, in the order it was met.
    """

    key: str
    generation_id: str | None = None
    start_ns: int
    end_ns: int
    answered: bool = True
    request_model: str | None = None
    response_model: str | None = None
    provider_name: str | None = None
    user_id: str | None = None
    session_id: str | None = None
    trace: TraceOptions = attrs.field(factory=TraceOptions)
    usage: Usage = attrs.field(factory=Usage)
    prompt: str | None = attrs.field(default=None, repr=False)
    completion: str | None = attrs.field(default=None, repr=False)
    finish_reason: str | None = None
    native_finish_reason: str | None = None
    failure: Failure | None = None
    skipped: tuple[Skipped, ...] = ()
