# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Facts that neither request nor response has: a GET /generation record, and ``observed``.

Source: OpenRouter's OpenAPI document, GET /generation.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Callable, Final

import attrs

from ..core.errors import InvalidDocument
from .compact import compact
from .document import Document
from .generation import Attempt, Timing, Usage, total
from .times import nanoseconds

__all__ = ["NOTHING", "Observed", "observed_of"]

# The members of an attempt that Broadcast sends, in its order, and how each is read.
_ATTEMPT_MEMBERS: Final[Mapping[str, Callable[[Document, str], object]]] = MappingProxyType(
    {
        "id": Document.text,
        "provider_name": Document.text,
        "status": Document.count,
        "latency": Document.number,
        "is_byok": Document.flag,
        "endpoint_id": Document.text,
        "model_permaslug": Document.text,
    }
)


@attrs.frozen(kw_only=True)
class Observed:
    """
    Facts from both sources; where both have one, that of ``observed`` is used.

    The attributes are those of ``Generation`` with the same names, and:

    Attributes:
        created_ns: The record's start in nanoseconds since 1970-01-01 UTC.

        latency_ms: The record's ``latency``, in milliseconds.

        error_message: Why the request failed, as the caller says.

        client_disconnected: Whether the client left before the response was complete.

        interrupted_by: What ended the reading of the response before its end, in words.

        http_status: The status code of the response.

        retry_number: How many attempts of the same request came before this one.
    """

    generation_id: str | None
    created_ns: int | None
    latency_ms: float | None
    provider_name: str | None
    provider_slug: str | None
    user_id: str | None
    session_id: str | None
    api_key_name: str | None
    entity_id: str | None
    creator_user_id: str | None
    usage: Usage
    input_unit_price: float | None
    output_unit_price: float | None
    timing: Timing
    finish_reason: str | None
    native_finish_reason: str | None
    attempts: tuple[Attempt, ...]
    provider_responses: str | None
    error_message: str | None
    client_disconnected: bool
    interrupted_by: str | None
    http_status: int | None
    retry_number: int | None


def observed_of(record: Document, facts: Document) -> Observed:
    """
    The facts in both sources.

    Args:
        record: The ``data`` that GET /generation answers; empty if there is none.

        facts: The record's ``observed``; empty if there is none.
    """
    if not record.members and not facts.members:
        return NOTHING
    return _observed(record, facts)


def _observed(record: Document, facts: Document) -> Observed:
    # Two members of the record are not read, as measured with real records: ``streamed`` is true even if the
    # caller did not ask for a stream; ``tokens_prompt`` and ``tokens_completion`` are OpenRouter's estimates.
    # A caller that observed the attempts knows them better than a record requested later.
    source = facts if facts.value("provider_responses") is not None else record
    items = [_without_unknown(item) for item in source.objects("provider_responses")]
    attempts = tuple(_attempt(item) for item in items)
    # With a finish reason, the response was complete before the client left.
    cancelled = record.flag("cancelled") is True and record.value("finish_reason") is None
    # This is not the duration of the request but the latency of its last attempt.
    latency_ms = record.number("latency")
    return Observed(
        generation_id=facts.text("generation_id") or record.text("id"),
        created_ns=_created_ns(record),
        latency_ms=latency_ms,
        # The last attempt is the one that answered.
        provider_name=record.text("provider_name") or (attempts[-1].provider_name if attempts else None),
        provider_slug=facts.text("provider_slug"),
        user_id=record.word("external_user"),
        # As captured: it may come in the request's header x-session-id alone.
        session_id=facts.word("session_id") or record.word("session_id"),
        api_key_name=facts.text("api_key_name"),
        entity_id=facts.text("entity_id"),
        creator_user_id=facts.text("creator_user_id"),
        usage=_usage(record, facts),
        input_unit_price=facts.number("input_unit_price"),
        output_unit_price=facts.number("output_unit_price"),
        timing=_timing(record, facts, attempts[-1].latency_ms if attempts else latency_ms),
        finish_reason=record.text("finish_reason"),
        native_finish_reason=record.text("native_finish_reason"),
        attempts=attempts,
        provider_responses=_provider_responses(items),
        error_message=facts.text("error_message") or None,
        client_disconnected=cancelled or facts.flag("client_disconnected") is True,
        interrupted_by=facts.text("interrupted_by") or None,
        http_status=facts.count("http_status"),
        retry_number=facts.count("retry_number"),
    )


def _created_ns(record: Document) -> int | None:
    """The record's start; an invalid one is noted, not refused, because other sources may have the time."""
    text = record.text("created_at")
    try:
        return None if text is None else nanoseconds(text, "created_at")
    except InvalidDocument as error:
        record.skip("created_at", error.expected, text)
        return None


def _provider_responses(items: list[Document]) -> str | None:
    return compact([item.members for item in items]) if items else None


def _without_unknown(item: Document) -> Document:
    """An attempt with the members that Broadcast sends, in its order; those of a wrong type are noted."""
    members = {
        name: item.value(name)
        for name, read in _ATTEMPT_MEMBERS.items()
        if name in item.members and (read(item, name) is not None or item.value(name) is None)
    }
    return Document(item.path, members, item.skipped)


def _attempt(item: Document) -> Attempt:
    return Attempt(
        provider_name=item.text("provider_name"),
        status=item.count("status"),
        latency_ms=item.number("latency"),
        is_byok=item.flag("is_byok"),
        endpoint_id=item.text("endpoint_id"),
        model_permaslug=item.text("model_permaslug"),
    )


def _usage(record: Document, facts: Document) -> Usage:
    input_tokens, output_tokens = (
        record.count("native_tokens_prompt"),
        record.count("native_tokens_completion"),
    )
    total_cost = record.number("total_cost")
    return Usage(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        total_tokens=total(input_tokens, output_tokens),
        cached_tokens=record.count("native_tokens_cached"),
        reasoning_tokens=record.count("native_tokens_reasoning"),
        output_image_tokens=record.count("native_tokens_completion_images"),
        input_cost=facts.number("input_cost"),
        output_cost=facts.number("output_cost"),
        # Both members are the charge; they have been equal in all records seen.
        total_cost=record.number("usage") if total_cost is None else total_cost,
    )


def _timing(record: Document, facts: Document, latency_ms: float | None) -> Timing:
    request_ms = facts.number("provider_request_ms")
    headers_ms, body_end_ms = facts.number("provider_headers_ms"), facts.number("provider_body_end_ms")
    generation_ms = record.number("generation_time")
    # What was not observed follows from the record, whose durations start with the request to the provider.
    if request_ms is not None and headers_ms is None and latency_ms is not None:
        headers_ms = request_ms + latency_ms
    if request_ms is not None and body_end_ms is None and generation_ms is not None:
        body_end_ms = request_ms + generation_ms
    if request_ms is not None and body_end_ms is not None:
        generation_ms = body_end_ms - request_ms
    return Timing(
        router_ms=facts.number("router_latency_ms"),
        provider_request_ms=request_ms,
        provider_headers_ms=headers_ms,
        first_token_ms=facts.number("first_token_ms"),
        provider_body_end_ms=body_end_ms,
        generation_ms=generation_ms,
    )


NOTHING: Final = _observed(Document("record.generation", {}, []), Document("record.observed", {}, []))
"""What is observed where there is neither a generation record nor the caller's facts."""
