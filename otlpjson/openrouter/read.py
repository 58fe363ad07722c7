# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A record, that is the request and response of one LLM call, read as a ``Generation``.

Unless the record's ``api`` names the API, it is recognised by the shape of request and response.
A shape that fits several APIs is read as ``/chat/completions``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Callable, Final

import attrs

from ..core.errors import InvalidDocument
from ..core.findings import Finding
from .apis.chat import chat_form
from .apis.chat_form import ChatForm
from .apis.messages import messages_form
from .apis.responses import responses_form
from .apis.stream import plain_body, response_of_stream
from .compact import compact
from .document import Document, found, is_one_of
from .generation import Generation, merged
from .observed import Observed, observed_of
from .times import LATEST_NS, after, nanoseconds
from .trace_options import trace_options

__all__ = ["read_record"]

_FORMS: Final[Mapping[str, Callable[[Document, Document], ChatForm]]] = MappingProxyType(
    {
        "chat": chat_form,
        "messages": messages_form,
        "responses": responses_form,
    }
)

# Types of content blocks that only /messages has.
_BLOCKS_OF_MESSAGES: Final = frozenset(
    {"tool_use", "tool_result", "thinking", "redacted_thinking", "image", "document"}
)
_NS_PER_S: Final = 10**9


def read_record(record: Mapping[str, Any]) -> Generation:
    """
    Reads a record of one LLM request.

    A known key of the wrong type is left out and noted in ``Generation.skipped``.

    Args:
        record:
            A mapping with these keys; all but ``request`` are optional, others are ignored.

            ``request``: The body sent.

            ``response``: The body received, an error body included; or ``None``.

            ``response_stream``: Instead of ``response``, the server-sent events as text or bytes.

            ``started_at``, ``ended_at``: RFC 3339 text with an offset, or nanoseconds since 1970.
            Without them, the times of ``generation`` or the response's ``created`` are used.

            ``generation``: The response of GET /generation, or its ``data``.

            ``observed``: Facts that none of these has, such as ``router_latency_ms``.

            ``api``: ``chat``, ``messages`` or ``responses``.

    Raises:
        InvalidDocument:
            The record is not a mapping, has no request or no times, or names an unknown API.
    """
    if not isinstance(record, Mapping):
        raise InvalidDocument("record", "an object with request and response", found(record))
    skipped: list[Finding] = []
    top = Document("record", _with_response(record), skipped)
    request = top.document("request")
    if not request.members:
        body = record.get("request")
        what = "an empty object" if isinstance(body, Mapping) else found(body)
        raise InvalidDocument("record.request", "the body of the request", what)
    response, api, complete = _response(top, request)
    form = _FORMS[api](request, response)
    observed = observed_of(_generation_record(top), top.document("observed"))
    return _generation(top, request, form, observed, complete)


def _with_response(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record; a JSON body in the place of a stream is moved to ``response``."""
    body = plain_body(record.get("response_stream"))
    return record if body is None else {**record, "response": body, "response_stream": None}


def _response(top: Document, request: Document) -> tuple[Document, str, bool]:
    """The response, its API, and whether it is complete."""
    api = _given_api(top)
    stream = top.value("response_stream")
    if stream is None:
        response = top.document("response")
        return response, api or _recognised(request, response), bool(response.members)
    if not isinstance(stream, (str, bytes)):
        top.skip("response_stream", "the text of a stream", stream)
        stream = ""
    # Chat may also mean that nothing was recognised; then the events of the stream decide.
    recognised = _recognised(request, Document("record.response", {}, []))
    streamed = response_of_stream(stream, top, api or (None if recognised == "chat" else recognised))
    return Document("record.response_stream", streamed.response, top.skipped), streamed.api, streamed.ended


def _given_api(top: Document) -> str | None:
    api = top.text("api")
    if api is not None and api not in _FORMS:
        raise InvalidDocument("record.api", "chat, messages or responses", found(api))
    return api


def _recognised(request: Document, response: Document) -> str:
    kind, members = response.value("type"), response.members
    # Responses are more distinctive than requests, so they are looked at first.
    if response.value("object") == "response" or isinstance(members.get("output"), list):
        return "responses"
    if kind == "message" or (kind == "error" and "request_id" in members):
        return "messages"
    if kind == "error" and "input" not in request.members and _has_type(response.value("error")):
        return "messages"
    if "messages" not in request.members:
        return "responses" if "input" in request.members else "chat"
    if response.value("choices") is not None:
        return "chat"
    return "messages" if "system" in request.members or _has_blocks(request.value("messages")) else "chat"


def _has_type(error: Any) -> bool:
    return isinstance(error, Mapping) and isinstance(error.get("type"), str)


def _has_blocks(messages: Any) -> bool:
    """Whether a conversation has content blocks that only /messages has."""
    for message in messages if isinstance(messages, list) else ():
        content = message.get("content") if isinstance(message, Mapping) else None
        for block in content if isinstance(content, list) else ():
            kind = block.get("type") if isinstance(block, Mapping) else None
            if is_one_of(_BLOCKS_OF_MESSAGES, kind):
                return True
    return False


def _generation_record(top: Document) -> Document:
    """The generation record, whether given alone or inside ``data``, as GET /generation answers it."""
    record = top.document("generation")
    return record.document("data") if "data" in record.members else record


def _generation(
    top: Document, request: Document, form: ChatForm, observed: Observed, complete: bool
) -> Generation:
    start_ns, end_ns = _span_times(top, form, observed)
    generation_id = form.generation_id or observed.generation_id
    failure = form.failure or observed.failure
    # An id or an attempt shows that the request was routed.
    if failure is not None and (generation_id is not None or observed.attempts):
        failure = attrs.evolve(failure, before_routing=False)
    streamed = top.value("response_stream") is not None
    # If no response was kept, the generation record may still show that there was a complete one.
    complete = complete or (not streamed and observed.finish_reason not in (None, "error"))
    prompt = None if form.messages is None else compact({"messages": form.messages})
    return Generation(
        key=generation_id or _made_key(request, start_ns),
        generation_id=generation_id,
        start_ns=start_ns,
        end_ns=end_ns,
        complete=complete or failure is not None,
        streamed=request.value("stream") is True or streamed,
        request_model=request.text("model"),
        response_model=form.model,
        provider_name=form.provider_name or observed.provider_name,
        provider_slug=observed.provider_slug,
        user_id=form.user_id or observed.user_id,
        session_id=request.text("session_id") or observed.session_id,
        api_key_name=observed.api_key_name,
        entity_id=observed.entity_id,
        creator_user_id=observed.creator_user_id,
        trace=trace_options(request.document("trace")),
        usage=merged(form.usage, observed.usage),
        input_unit_price=observed.input_unit_price,
        output_unit_price=observed.output_unit_price,
        timing=observed.timing,
        prompt=prompt,
        completion=_completion(request, form, failed=failure is not None),
        finish_reason=form.finish_reason or observed.finish_reason,
        native_finish_reason=form.native_finish_reason or observed.native_finish_reason,
        attempts=observed.attempts,
        provider_responses=observed.provider_responses,
        failure=failure,
        skipped=tuple(top.skipped),
    )


def _made_key(request: Document, start_ns: int) -> str:
    """A key for a response without an id, derived from the record, so that its ids are always the same."""
    named = f"{compact(request.members)}:{start_ns}"
    return "gen-" + hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()


def _completion(request: Document, form: ChatForm, *, failed: bool) -> str:
    """The completion as Broadcast sends it: the answer, and the request without its messages."""
    # As captured: tool definitions are beside the request or, if it failed, inside it.
    # The caller's keys keep their order; _skin, OpenRouter's name for the API, comes last.
    own_keys = form.own_keys if failed else form.own_keys | {"tools"}
    raw_request = {name: value for name, value in request.members.items() if name not in own_keys}
    return compact(
        {
            "completion": None if failed and not form.content else form.content,
            "reasoning": form.reasoning,
            **({"toolCalls": form.tool_calls} if form.tool_calls else {}),
            **({"tools": form.tools} if form.tools and not failed else {}),
            "rawRequest": {**raw_request, "_skin": form.skin},
        }
    )


def _span_times(top: Document, form: ChatForm, observed: Observed) -> tuple[int, int]:
    """
    Start and end in nanoseconds since 1970; the end is never before the start.

    Each is the first of these that is known: the caller's time, that of the generation record,
    that of the response. A time outside the range of a span is moved into it and noted.

    Raises:
        InvalidDocument: One of them is not known, or the caller's is not a time.
    """
    start_ns = _start_ns(top, form, observed)
    if start_ns is None:
        raise _missing("started_at")
    end_ns = _end_ns(top, form, observed, start_ns)
    if end_ns is None:
        raise _missing("ended_at")
    if end_ns < start_ns:
        top.note("ended_at", "before started_at, which is used instead")
    return start_ns, max(start_ns, end_ns)


def _missing(name: str) -> InvalidDocument:
    problem = "missing, and neither a generation record nor the response has the time"
    return InvalidDocument.because(f"record.{name}", problem)


def _start_ns(top: Document, form: ChatForm, observed: Observed) -> int | None:
    given = _given_ns(top, "started_at")
    if given is None:
        given = observed.created_ns
    if given is None and form.created_s is not None:
        given = _held(top, "started_at", form.created_s * _NS_PER_S)
    return given


def _end_ns(top: Document, form: ChatForm, observed: Observed, start_ns: int) -> int | None:
    given = _given_ns(top, "ended_at")
    if given is not None:
        return given
    # In captures, the request ends with the provider's response; the other two are close to that.
    milliseconds = observed.timing.provider_body_end_ms or observed.timing.generation_ms
    if milliseconds is None:
        milliseconds = observed.latency_ms
    if milliseconds is not None:
        return _held(top, "ended_at", after(start_ns, milliseconds))
    seconds = form.completed_s or form.created_s
    return None if seconds is None else max(start_ns, _held(top, "ended_at", seconds * _NS_PER_S))


def _given_ns(top: Document, name: str) -> int | None:
    """The time given by the caller; one that cannot be read is refused."""
    value = top.value(name)
    return None if value is None else nanoseconds(value, f"{top.path}.{name}")


def _held(top: Document, name: str, moment_ns: int) -> int:
    """The time, or the nearest one that a span can hold, which is noted."""
    held = max(0, min(moment_ns, LATEST_NS))
    if held != moment_ns:
        top.skip(name, "a time from 1970 to 2554 (the nearest is used)", moment_ns)
    return held
