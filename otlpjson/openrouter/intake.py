# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What callers hand in, as the JSON objects and the stream that the mapping reads.

A body may be an object, JSON text, an object of an SDK, or a response of requests, httpx or
aiohttp that has been read. A stream may be text, or any number of pieces: cut anywhere, lines
with and without their ends, JSON with and without ``data:``, chunks as objects of an SDK. Each
is read in the place of the other, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import attrs

from ..core.json_text import BYTE_ORDER_MARK
from .apis.events import Piece, events
from .document import Document
from .plain import OBJECT, http_body, plain

__all__ = ["Intake", "intake_of"]

# Arguments of SDKs that are no part of the body; some hold secrets.
_ARGUMENTS: Final = frozenset(
    {
        *("extra_body", "extra_headers", "extra_query", "timeout", "max_retries", "http_client"),
        *("headers", "default_headers", "api_key", "api_base", "base_url", "custom_llm_provider"),
    }
)
_SESSION_HEADER: Final = "x-session-id"
_BODY: Final = "JSON, server-sent events, or a response that has been read"
_PIECE: Final = "text, bytes or a chunk"
# The types of events that only streams have.
_EVENTS: Final = ("response.", "message_", "content_block_", "transcript.", "image_generation.")


@attrs.frozen(kw_only=True)
class Intake:
    """
    A record in the form that the mapping reads.

    Attributes:
        request: The body sent; empty if it is no object.

        response: The body received; empty if there is none.

        pieces: The stream received; ``None`` if there is none.

        binary: A body that is neither JSON nor a stream, such as sound; ``None`` if there is none.

        facts: What is known besides, by the names of ``observed``.
    """

    request: Document
    response: Document
    pieces: tuple[Piece, ...] | None = attrs.field(repr=False)
    binary: bytes | None = attrs.field(default=None, repr=False)
    facts: Mapping[str, Any] = attrs.field(repr=False)


def intake_of(record: Document, *, is_plain: bool = False) -> Intake:
    """
    The parts of a record; what cannot be read is noted.

    Args:
        is_plain: Whether the record comes from a JSON reader, so that nothing in it is an object of an SDK.
    """
    request, facts = _request(record, is_plain)
    name = "response" if record.value("response_stream") is None else "response_stream"
    value = record.value(name)
    http = http_body(value)
    if http is not None:
        value, facts = http.content, {**http.facts, **facts}
        if value is None:
            record.note(name, "the body of the response has not been read")
    is_stream = name == "response_stream"
    body, pieces = _received(value if is_plain else plain(value), is_stream=is_stream)
    is_unknown = body is None and pieces is None and value is not None
    binary = value if is_unknown and _is_binary(value) else None
    if is_unknown and binary is None:
        record.skip(name, _BODY, value)
    for index, item in enumerate(value if isinstance(value, (list, tuple)) and pieces is not None else ()):
        if _piece(plain(item)) is None:
            record.skip(f"{name}[{index}]", _PIECE, item)
    response = record.below(name, body or {})
    return Intake(request=request, response=response, pieces=pieces, binary=binary, facts=facts)


def _request(record: Document, is_plain: bool) -> tuple[Document, dict[str, Any]]:
    """The request, without the arguments of an SDK's function, and what its headers say."""
    body = record.value("request")
    body = body if is_plain else plain(body)
    if isinstance(body, (str, bytes)):
        body = _parsed(_text(body))
    if not isinstance(body, OBJECT):
        return record.below("request", {}), {}
    if _ARGUMENTS.isdisjoint(body):
        return record.below("request", body), {}
    extra, headers = body.get("extra_body"), body.get("extra_headers")
    members = {name: value for name, value in body.items() if name not in _ARGUMENTS}
    members.update(extra if isinstance(extra, OBJECT) else {})
    named = headers.items() if isinstance(headers, OBJECT) else ()
    session = next((text for name, text in named if str(name).lower() == _SESSION_HEADER), None)
    facts = {} if session is None else {"session_id": session}
    return record.below("request", members), facts


def _received(value: Any, *, is_stream: bool) -> tuple[Mapping[str, Any] | None, tuple[Piece, ...] | None]:
    """The body or the pieces of a stream, whichever a value is; neither if it is none of them."""
    if isinstance(value, (bytearray, memoryview)):
        value = bytes(value)
    if isinstance(value, (str, bytes)):
        parsed = _parsed(_text(value))
        if isinstance(parsed, (dict, list, Mapping)):
            return _received(parsed, is_stream=False)
        pieces: tuple[Piece, ...] = (_bytes(value),)
        # A stream that was cut off early may have no event yet.
        return (None, pieces) if is_stream or next(events(pieces), None) is not None else (None, None)
    if isinstance(value, OBJECT):
        return (None, (value,)) if _is_chunk(value) else (value, None)
    if not isinstance(value, (list, tuple)):
        return None, None
    if is_stream or any(_is_chunk(item) for item in value):
        return _of_pieces(value)
    # As Google's API answers: the error in a list.
    errors = [item["error"] for item in value if isinstance(item, OBJECT) and "error" in item]
    return ({"error": errors}, None) if errors else (None, None)


def _of_pieces(value: Any) -> tuple[Mapping[str, Any] | None, tuple[Piece, ...] | None]:
    """The pieces of a stream, or the body that they make up: a refused request gets JSON instead."""
    pieces = tuple(piece for piece in map(_piece, value) if piece is not None)
    if pieces and all(isinstance(piece, bytes) for piece in pieces):
        joined = b"".join(piece for piece in pieces if isinstance(piece, bytes))
        parsed = _parsed(_text(joined))
        if isinstance(parsed, OBJECT) and not _is_chunk(parsed):
            return parsed, None
    return None, pieces


def _piece(item: Any) -> Piece | None:
    if isinstance(item, (str, bytes, bytearray, memoryview)):
        return _bytes(item)
    return item if isinstance(item, OBJECT) else None


def _is_binary(value: Any) -> bool:
    """Whether a value is no text of any kind: bytes that are not UTF-8, or hold a zero."""
    if not isinstance(value, bytes):
        return False
    try:
        return "\0" in value.decode("utf-8")
    except UnicodeDecodeError:
        return True


def _is_chunk(item: Any) -> bool:
    """Whether an object is a chunk or an event of a stream, and no whole response."""
    if not isinstance(item, OBJECT):
        return False
    kind, choices = item.get("type"), item.get("choices")
    first = choices[0] if isinstance(choices, (list, tuple)) and choices else None
    return (
        str(item.get("object")).endswith(".chunk")
        or (isinstance(kind, str) and kind.startswith(_EVENTS))
        or (isinstance(first, OBJECT) and "delta" in first)
    )


def _bytes(value: str | bytes | bytearray | memoryview) -> bytes:
    return value.encode("utf-8", "replace") if isinstance(value, str) else bytes(value)


def _text(value: str | bytes) -> str:
    text = value if isinstance(value, str) else value.decode("utf-8", "replace")
    return text.lstrip(BYTE_ORDER_MARK)


def _parsed(text: str) -> Any:
    """The JSON value of a text; ``None`` if it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
