# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A record, that is request and response of one LLM request, to a Generation.

Which of the three APIs it is of is told by ``api``, else by the shape; where a shape fits
several, it is ``/chat/completions``.
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

__all__ = ["read_record", "span_times"]

_FORMS: Final[Mapping[str, Callable[[Document, Document], ChatForm]]] = MappingProxyType(
    {
        "chat": chat_form,
        "messages": messages_form,
        "responses": responses_form,
    }
)

_BLOCKS_OF_MESSAGES: Final = frozenset(
    {"tool_use", "tool_result", "thinking", "redacted_thinking", "image", "document"}
)


def read_record(record: Mapping[str, Any]) -> Generation:
    """
    The generation that a record tells of.

    Args:
        record:
            ``request``: the body sent. ``response``: the body that came back, an error body
            included, or None; or ``response_stream``: the server-sent events, as text or
            bytes. ``started_at``, ``ended_at``: RFC 3339 text or nanoseconds since 1970;
            without them ``generation`` or the response's ``created`` counts. ``generation``:
            what GET /generation answers, or its ``data``. ``observed``: facts that neither carries. ``api``:
            ``chat``, ``messages`` or ``responses``. Other keys are ignored.

    Raises:
        InvalidDocument: No object, no request, no times, or an unknown API.
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
    """The record; a plain body that stands where a stream should is its response."""
    body = plain_body(record.get("response_stream"))
    return record if body is None else {**record, "response": body, "response_stream": None}


def _response(top: Document, request: Document) -> tuple[Document, str, bool]:
    """The response, of which API it is, and whether it is whole."""
    api = _given_api(top)
    stream = top.value("response_stream")
    if stream is None:
        response = top.document("response")
        return response, api or _recognised(request, response), bool(response.members)
    if not isinstance(stream, (str, bytes)):
        top.skip("response_stream", "the text of a stream", stream)
        stream = ""
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
    """Whether a conversation holds blocks that only /messages knows."""
    for message in messages if isinstance(messages, list) else ():
        content = message.get("content") if isinstance(message, Mapping) else None
        for block in content if isinstance(content, list) else ():
            kind = block.get("type") if isinstance(block, Mapping) else None
            if is_one_of(_BLOCKS_OF_MESSAGES, kind):
                return True
    return False


def _generation_record(top: Document) -> Document:
    """The record, be it in the ``data`` that GET /generation answers or out of it."""
    record = top.document("generation")
    return record.document("data") if "data" in record.members else record


def _generation(
    top: Document, request: Document, form: ChatForm, observed: Observed, complete: bool
) -> Generation:
    start_ns, end_ns = span_times(top, form, observed)
    generation_id = form.generation_id or observed.generation_id
    failure = form.failure or observed.failure
    if failure is not None and (generation_id is not None or observed.attempts):
        failure = attrs.evolve(failure, before_routing=False)
    streamed = top.value("response_stream") is not None
    # Where no response was kept, the record may still tell that there was a whole one.
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
    """A key for a response without an id: the same record gives the same ids again."""
    named = f"{compact(request.members)}:{start_ns}"
    return "gen-" + hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()


def _completion(request: Document, form: ChatForm, *, failed: bool) -> str:
    """
    Broadcast's own form: the answer, and the request without its messages.

    The definitions of tools stand beside the request, and inside it where the request failed,
    as captured.
    """
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


_NS_PER_S = 10**9


def span_times(top: Document, form: ChatForm, observed: Observed) -> tuple[int, int]:
    """
    Start and end in nanoseconds since 1970, the end never before the start.

    What the caller says counts first, then the generation record, then the response. A time
    that a span cannot hold is moved into its range and noted.

    Raises:
        InvalidDocument: One of the two is told by nothing, or the caller's is no time.
    """
    start_ns = _start_ns(top, form, observed)
    if start_ns is None:
        raise _missing("started_at")
    end_ns = _end_ns(top, form, observed, start_ns)
    if end_ns is None:
        raise _missing("ended_at")
    if end_ns < start_ns:
        top.skip("ended_at", "a time that is not before started_at", top.value("ended_at"))
    return start_ns, max(start_ns, end_ns)


def _missing(name: str) -> InvalidDocument:
    expected = "a time: started_at and ended_at, a generation record, or a response with created"
    return InvalidDocument(f"record.{name}", expected, "nothing")


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
    milliseconds = observed.timing.provider_body_end_ms or observed.timing.generation_ms
    if milliseconds is None:
        milliseconds = observed.latency_ms
    if milliseconds is not None:
        return _held(top, "ended_at", after(start_ns, milliseconds))
    seconds = form.completed_s or form.created_s
    return None if seconds is None else max(start_ns, _held(top, "ended_at", seconds * _NS_PER_S))


def _given_ns(top: Document, name: str) -> int | None:
    """What the caller says, which is refused where it is no time."""
    value = top.value(name)
    return None if value is None else nanoseconds(value, f"{top.path}.{name}")


def _held(top: Document, name: str, moment_ns: int) -> int:
    """A moment that a span can hold: this one, else the nearest, with a note."""
    held = max(0, min(moment_ns, LATEST_NS))
    if held != moment_ns:
        top.skip(name, "a time from 1970 to 2554, to which it was moved", moment_ns)
    return held
