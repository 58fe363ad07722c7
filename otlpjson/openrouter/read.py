# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A record, that is request and response of one LLM request, to a Generation.

So far ``/chat/completions`` without streaming. Source of the shapes: OpenRouter's OpenAPI
document and its page "Errors and debugging".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..errors import InvalidDocument, describe
from .compact import compact
from .document import Document
from .generation import Failure, Generation, MetadataValue, Skipped, TraceOptions, Usage
from .times import nanoseconds

__all__ = ["read_record"]

_OPTIONS: Final = ("trace_id", "trace_name", "span_name", "generation_name", "parent_span_id")
_UNREAD: Final = ("generation", "observed")
_MAX_DEPTH: Final = 64


def read_record(record: Mapping[str, Any]) -> Generation:
    """
    The generation that a record tells of.

    Args:
        record:
            ``request``: the body sent to ``/chat/completions``. ``response``: the body that
            came back, an error body included, or None. ``started_at``, ``ended_at``: RFC 3339
            text or nanoseconds since 1970; without them the response's ``created`` counts for
            both. Other keys are ignored.

    Raises:
        InvalidDocument: No object, no request, no times, or of an API that is not read here.
    """
    if not isinstance(record, Mapping):
        raise InvalidDocument("record", "an object with request and response", describe(record))
    skipped: list[Skipped] = []
    top = Document("record", record, skipped)
    _refuse_other_apis(top)
    request, response = top.document("request"), top.document("response")
    if not request.members:
        raise InvalidDocument("record.request", "the body of the request", describe(record.get("request")))
    for name in _UNREAD:
        if record.get(name) is not None:
            top.skip(name, "nothing; it is not read yet", record[name])
    start_ns, end_ns = _times(top, response)
    choice = response.first("choices")
    generation_id = response.text("id") or None
    return Generation(
        key=generation_id or _made_key(request, start_ns),
        generation_id=generation_id,
        start_ns=start_ns,
        end_ns=end_ns,
        answered=bool(response.members),
        request_model=request.text("model"),
        response_model=response.text("model"),
        provider_name=response.text("provider"),
        user_id=request.text("user"),
        session_id=request.text("session_id"),
        trace=_trace_options(request.document("trace")),
        usage=_usage(response.document("usage")),
        prompt=compact({"messages": request.value("messages")}) if "messages" in request.members else None,
        completion=_completion(request, choice),
        finish_reason=choice.text("finish_reason"),
        native_finish_reason=choice.text("native_finish_reason"),
        failure=_failure(response, choice),
        skipped=tuple(skipped),
    )


def _refuse_other_apis(record: Document) -> None:
    api = record.text("api") or _recognised(record.value("request"), record.value("response"))
    if api != "chat":
        raise InvalidDocument("record.api", "chat; other APIs are not read yet", describe(api))
    if record.value("response_stream") is not None:
        raise InvalidDocument(
            "record.response_stream", "nothing; streams are not read yet", "text of a stream"
        )


def _recognised(request: Any, response: Any) -> str:
    if isinstance(response, Mapping) and response.get("type") == "message":
        return "messages"
    if isinstance(response, Mapping) and response.get("object") == "response":
        return "responses"
    return (
        "responses"
        if isinstance(request, Mapping) and "messages" not in request and "input" in request
        else "chat"
    )


def _times(record: Document, response: Document) -> tuple[int, int]:
    started_at, ended_at = record.value("started_at"), record.value("ended_at")
    created = response.count("created") if started_at is None or ended_at is None else None
    if created is not None:
        started_at = created * 10**9 if started_at is None else started_at
        ended_at = created * 10**9 if ended_at is None else ended_at
    for name, value in (("started_at", started_at), ("ended_at", ended_at)):
        if value is None:
            expected = "a time: started_at and ended_at, or a response with created"
            raise InvalidDocument(f"record.{name}", expected, "nothing")
    start_ns = nanoseconds(started_at, "record.started_at")
    end_ns = nanoseconds(ended_at, "record.ended_at")
    if end_ns < start_ns:
        record.skip("ended_at", "a time that is not before started_at", ended_at)
    return start_ns, max(start_ns, end_ns)


def _made_key(request: Document, start_ns: int) -> str:
    """A key for a response without an id: the same record gives the same ids again."""
    named = f"{compact(request.members)}:{start_ns}"
    return "gen-" + hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()


def _trace_options(trace: Document) -> TraceOptions:
    return TraceOptions(
        **{name: trace.text(name) or None for name in _OPTIONS},
        metadata=tuple(
            pair
            for key, value in trace.members.items()
            if key not in _OPTIONS
            for pair in _flat(key if isinstance(key, str) else compact(key), value, 1)
        ),
    )


def _flat(key: str, value: Any, depth: int) -> Iterator[tuple[str, MetadataValue]]:
    """Objects taken apart with dots, lists and empty objects as JSON text, the rest as it is."""
    if isinstance(value, dict) and value and depth < _MAX_DEPTH:
        for name, item in value.items():
            yield from _flat(f"{key}.{name if isinstance(name, str) else compact(name)}", item, depth + 1)
    else:
        yield key, value if value is None or isinstance(value, (str, bool, int, float)) else compact(value)


def _usage(usage: Document) -> Usage:
    cost = usage.document("cost_details")
    return Usage(
        input_tokens=usage.count("prompt_tokens"),
        output_tokens=usage.count("completion_tokens"),
        total_tokens=usage.count("total_tokens"),
        cached_tokens=usage.document("prompt_tokens_details").count("cached_tokens"),
        reasoning_tokens=usage.document("completion_tokens_details").count("reasoning_tokens"),
        input_cost=cost.number("upstream_inference_prompt_cost"),
        output_cost=cost.number("upstream_inference_completions_cost"),
        total_cost=usage.number("cost"),
    )


def _completion(request: Document, choice: Document) -> str:
    """Broadcast's own form: the answer, and the request without its messages."""
    message = choice.document("message")
    raw_request = {name: value for name, value in request.members.items() if name != "messages"}
    tool_calls, tools = message.value("tool_calls"), request.value("tools")
    return compact(
        {
            "completion": message.value("content"),
            "reasoning": message.value("reasoning"),
            **({"toolCalls": tool_calls} if tool_calls else {}),
            **({"tools": tools} if tools else {}),
            "rawRequest": {**raw_request, "_skin": "chat-completions"},
        }
    )


def _failure(response: Document, choice: Document) -> Failure | None:
    for owner in (response, choice):
        error = owner.value("error")
        if isinstance(error, str):
            return Failure(message=error)
        if error is not None:
            details = owner.document("error")
            return Failure(
                message=details.text("message") or "error",
                kind=details.document("metadata").text("error_type") or details.text("error_type"),
                code=details.word("code"),
            )
    if choice.value("finish_reason") == "error":
        return Failure(message=choice.text("native_finish_reason") or "error")
    return None
