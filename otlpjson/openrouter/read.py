# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A record, that is the request and response of one LLM call, read as a ``Generation``.

Unless the record's ``api`` names the API, it is recognised by its response and its request.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Callable, Final

import attrs

from ..core.errors import InvalidDocument
from ..core.findings import Finding
from . import recognition
from .apis.chat import chat_form
from .apis.chat_form import ChatForm
from .apis.completions import completions_form
from .apis.embeddings import embeddings_form
from .apis.failure import error_words
from .apis.media import images_form, speech_form, video_form
from .apis.messages import messages_form
from .apis.parts import placeholder
from .apis.rerank import rerank_form
from .apis.responses import responses_form
from .apis.stream import response_of_stream
from .apis.transcription import transcription_form
from .compact import compact
from .completion import completion_text, prompt_text
from .document import Document, found
from .ending import ending_of
from .generation import Generation, MetadataValue, TraceOptions, merged
from .generation_metadata import members_of_record
from .intake import Intake, intake_of
from .observed import NOTHING, Observed, observed_of
from .plain import OBJECT
from .span_times import span_times
from .trace_options import trace_options

__all__ = ["read_parsed", "read_record"]

_RETRY_NUMBER: Final = "retry_number"
_FORMS: Final[Mapping[str, Callable[[Document, Document], ChatForm]]] = MappingProxyType(
    {
        "chat": chat_form,
        "messages": messages_form,
        "responses": responses_form,
        "completions": completions_form,
        "embeddings": embeddings_form,
        "rerank": rerank_form,
        "speech": speech_form,
        "transcription": transcription_form,
        "images": images_form,
        "video": video_form,
    }
)
_EXPECTED_API: Final = "one of " + ", ".join(_FORMS)


def read_record(record: Mapping[str, Any]) -> Generation:
    """
    Reads a record of one LLM request.

    A known key of the wrong type is left out and noted in ``Generation.skipped``.

    Args:
        record:
            A mapping with these keys; all but ``request`` are optional, others are ignored.

            ``request``: The body sent, or the keyword arguments of an SDK.

            ``response``: The body received, an error body included; or ``None``. It may also be
            JSON text, an object of an SDK, or a response of requests, httpx or aiohttp that has
            been read.

            ``response_stream``: Instead of ``response``, the server-sent events as text or bytes,
            or a list of pieces: cut anywhere, lines without ends, or chunks as objects.

            ``started_at``, ``ended_at``: RFC 3339 text with an offset, or nanoseconds since 1970.
            Without them, the times of ``generation`` or the response's ``created`` are used.

            ``generation``: The response of GET /generation, or its ``data``.

            ``observed``: Facts that none of these has, such as ``router_latency_ms``.

            ``api``: ``chat``, ``messages``, ``responses``, ``completions``, ``embeddings``,
            ``rerank``, ``speech``, ``transcription``, ``images`` or ``video``.

    Raises:
        InvalidDocument:
            The record is not a mapping, has no request or no times, or is of no known API.
    """
    return _read(record, is_plain=False)


def read_parsed(record: Mapping[str, Any]) -> Generation:
    """Reads a record as ``read_record`` does that comes from a JSON reader, which takes fewer steps."""
    return _read(record, is_plain=True)


def _read(record: Mapping[str, Any], *, is_plain: bool) -> Generation:
    if not isinstance(record, OBJECT):
        raise InvalidDocument("record", "an object with request and response", found(record))
    skipped: list[Finding] = []
    top = Document("record", record, skipped)
    intake = intake_of(top, is_plain=is_plain)
    if not intake.request.members:
        body = record.get("request")
        what = "an empty object" if isinstance(body, OBJECT) else found(body)
        raise InvalidDocument("record.request", "the body of the request", what)
    generation_record = _generation_record(top)
    received = _received(top, intake, generation_record)
    form = _FORMS[received.api](intake.request, received.response)
    observed = observed_of(generation_record, _facts(top, intake))
    return _generation(top, received, form, observed, generation_record)


@attrs.frozen(kw_only=True)
class _Received:
    """
    A request with what came back.

    Attributes:
        api: The name of its API.

        request, response: The bodies; that of a stream is put together.

        cut: Whether the stream was cut off; ``None`` if there was none.
    """

    api: str
    request: Document
    response: Document
    cut: bool | None


def _received(top: Document, intake: Intake, record: Document) -> _Received:
    """The response, and the API that it and its request are of."""
    request, response = intake.request, intake.response
    given = _given_api(top) or recognition.API_TYPES.get(str(record.value("api_type")))
    if intake.pieces is not None:
        streamed = response_of_stream(intake.pieces, top, request, given)
        return _Received(
            api=streamed.api, request=request, response=streamed.response, cut=not streamed.ended
        )
    api = given or recognition.of_response(response) or recognition.of_error(response, request)
    api = api or recognition.of_request(request)
    if api is None and error_words(response) is None:
        raise InvalidDocument.because("record.request", "none of the members of a request to OpenRouter")
    if intake.binary is not None:
        response = _of_binary(top, intake.binary, api, response)
    return _Received(api=api or "chat", request=request, response=response, cut=None)


def _of_binary(top: Document, binary: bytes, api: str | None, response: Document) -> Document:
    """The response in a body that is no text: sound, where speech was asked for."""
    if api != "speech":
        top.skip("response", "JSON", binary)
        return response
    sound = {"audio": placeholder("audio", binary.decode("latin-1"))}
    return Document(response.path, sound, response.skipped)


def _facts(top: Document, intake: Intake) -> Document:
    """The record's ``observed``, and what the intake knows besides."""
    given = top.document("observed")
    return top.below("observed", {**intake.facts, **given.members}) if intake.facts else given


def _given_api(top: Document) -> str | None:
    api = top.text("api")
    api = recognition.API_TYPES.get(api, api) if api is not None else None
    if api is not None and api not in _FORMS:
        raise InvalidDocument("record.api", _EXPECTED_API, found(api))
    return api


def _generation_record(top: Document) -> Document:
    """The generation record, whether given alone or inside ``data``, as GET /generation answers it."""
    record = top.document("generation")
    return record.document("data") if "data" in record.members else record


def _generation(
    top: Document, received: _Received, form: ChatForm, observed: Observed, record: Document
) -> Generation:
    request, cut = received.request, received.cut
    start_ns, end_ns = span_times(top, form, observed)
    generation_id = form.generation_id or observed.generation_id
    ending = ending_of(form, observed, received.response, cut=cut)
    failure = ending.failure
    # An id or an attempt shows that the request was routed.
    if failure is not None and (generation_id is not None or observed.attempts):
        failure = attrs.evolve(failure, before_routing=False)
    trace = trace_options(request.document("trace"))
    return Generation(
        key=generation_id or _made_key(request, start_ns),
        generation_id=generation_id,
        start_ns=start_ns,
        end_ns=end_ns,
        operation=form.operation,
        complete=ending.complete,
        streamed=request.value("stream") is True or cut is not None,
        request_model=request.text("model"),
        response_model=form.model,
        provider_name=form.provider_name or (failure and failure.provider_name) or observed.provider_name,
        provider_slug=observed.provider_slug,
        user_id=form.user_id or observed.user_id,
        session_id=request.word("session_id") or form.session_id or observed.session_id,
        api_key_name=observed.api_key_name,
        entity_id=observed.entity_id,
        creator_user_id=observed.creator_user_id,
        trace=_with_metadata(trace, (*form.metadata, *_retry(observed, trace))),
        usage=form.usage if observed is NOTHING else merged(form.usage, observed.usage),
        input_unit_price=observed.input_unit_price,
        output_unit_price=observed.output_unit_price,
        timing=observed.timing,
        prompt=prompt_text(form),
        completion=completion_text(request, form, failed=failure is not None),
        finish_reason=form.finish_reason or observed.finish_reason,
        native_finish_reason=form.native_finish_reason or observed.native_finish_reason,
        attempts=observed.attempts,
        provider_responses=observed.provider_responses,
        record_metadata=members_of_record(record),
        failure=failure,
        skipped=tuple(top.skipped),
    )


def _with_metadata(trace: TraceOptions, more: tuple[tuple[str, MetadataValue], ...]) -> TraceOptions:
    return attrs.evolve(trace, metadata=(*trace.metadata, *more)) if more else trace


def _retry(observed: Observed, trace: TraceOptions) -> tuple[tuple[str, int], ...]:
    """OpenRouter has no attribute for it, so it is metadata, unless the caller's has the same name."""
    number = observed.retry_number
    if number is None or any(name == _RETRY_NUMBER for name, _ in trace.metadata):
        return ()
    return ((_RETRY_NUMBER, number),)


def _made_key(request: Document, start_ns: int) -> str:
    """A key for a response without an id, derived from the record, so that its ids are always the same."""
    named = f"{compact(request.members)}:{start_ns}"
    return "gen-" + hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()
