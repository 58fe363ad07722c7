# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The body of a request to the receiver: read whole or in chunks, decompressed, checked, within a limit."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from email.message import Message
from typing import Final, Protocol

__all__ = ["UNAUTHENTICATED", "UNAVAILABLE", "Refusal", "delivered_body"]

_INVALID_ARGUMENT: Final = 3
_RESOURCE_EXHAUSTED: Final = 8
UNAVAILABLE: Final = 14
UNAUTHENTICATED: Final = 16
"""Codes of google.rpc.Status, as the OpenTelemetry Collector sends them."""
_LENGTH: Final = re.compile(r"[0-9]{1,15}", re.ASCII)
_CHUNK_LENGTH: Final = re.compile(rb"([0-9a-fA-F]{1,15})[ \t]*(?:;.*)?\r?\n", re.DOTALL)
_MAX_LINE: Final = 4096
"""Bytes of a chunk's first line, or of a trailer."""
_MAX_TRAILERS: Final = 100
# As Python values they take thirty times as much memory as in the body.
_MAX_VALUES: Final = 2_000_000
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


class Stream(Protocol):
    """Where a body is read from."""

    def read(self, size: int, /) -> bytes:
        """This many bytes, or fewer at the end."""

    def readline(self, size: int, /) -> bytes:
        """A line, or this many bytes of it."""


class Refusal(Exception):
    """
    An answer other than success, with the message of an OpenTelemetry Collector.

    Args:
        status: The HTTP status code.

        message: For people.

        code: That of google.rpc.Status; without one the answer is plain text.
    """

    def __init__(self, status: int, message: str, code: int | None = None) -> None:
        super().__init__(status, message, code)
        self.status = status
        self.message = message
        self.code = code


def delivered_body(stream: Stream, headers: Message, limit: int) -> bytes:
    """
    The JSON text of a request.

    Args:
        stream: Positioned at the body.

        headers: Of the request.

        limit: The largest body in bytes, before and after decompression.

    Raises:
        Refusal:
            The body has no length, ends early, is above the limit, or is not a JSON object with
            a list of groups.
    """
    _check_framing(headers)
    coding = headers.get("Transfer-Encoding")
    if coding is not None and coding.strip().lower() != "chunked":
        raise Refusal(501, "501 unsupported transfer encoding")
    pieces = _whole(stream, headers, limit) if coding is None else _chunks(stream, limit)
    body = _uncompressed(b"".join(pieces), headers.get("Content-Encoding"), limit)
    _check_outline(body)
    return body


def _check_framing(headers: Message) -> None:
    """Refuses headers by which two readers could find different ends of a body (RFC 9112, 5.1 and 6.3)."""
    lengths, codings = headers.get_all("Content-Length", []), headers.get_all("Transfer-Encoding", [])
    if len(lengths) + len(codings) > 1:
        raise Refusal(400, "more than one length of the body", _INVALID_ARGUMENT)
    # Python's parser stops at a line that is no header, such as one with a space before its colon.
    if headers.defects:
        raise Refusal(400, "malformed header", _INVALID_ARGUMENT)


def _whole(stream: Stream, headers: Message, limit: int) -> Iterator[bytes]:
    length = headers.get("Content-Length", "")
    if not _LENGTH.fullmatch(length):
        raise Refusal(411, "411 length required")
    if int(length) > limit:
        raise _too_large()
    yield _exactly(stream, int(length))


def _chunks(stream: Stream, limit: int) -> Iterator[bytes]:
    """The chunks of a chunked body (RFC 9112, 7.1); trailers are skipped."""
    left = limit
    while True:
        head = _CHUNK_LENGTH.fullmatch(stream.readline(_MAX_LINE))
        if head is None:
            raise Refusal(400, "malformed chunked encoding", _INVALID_ARGUMENT)
        length = int(head[1], 16)
        if length == 0:
            break
        left -= length
        if left < 0:
            raise _too_large()
        yield _exactly(stream, length)
        if stream.readline(2) not in (b"\r\n", b"\n"):
            raise Refusal(400, "malformed chunked encoding", _INVALID_ARGUMENT)
    for _ in range(_MAX_TRAILERS):
        if stream.readline(_MAX_LINE) in (b"\r\n", b"\n", b""):
            return
    raise Refusal(400, "too many trailers", _INVALID_ARGUMENT)


def _exactly(stream: Stream, length: int) -> bytes:
    piece = stream.read(length)
    if len(piece) < length:
        raise Refusal(400, "unexpected end of the body", _INVALID_ARGUMENT)
    return piece


def _too_large() -> Refusal:
    return Refusal(413, "request body too large", _RESOURCE_EXHAUSTED)


def _uncompressed(body: bytes, encoding: str | None, limit: int) -> bytes:
    """The body as JSON text, decompressed up to the limit and no further."""
    if encoding is None:
        return body
    if encoding != "gzip":
        raise Refusal(400, f"unsupported Content-Encoding: {encoding}", _INVALID_ARGUMENT)
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as decompressed:
            # One byte more than allowed tells a body that is too large; a bomb is not decompressed further.
            text = decompressed.read(limit + 1)
    except (OSError, EOFError, zlib.error):
        raise Refusal(400, "gzip: invalid data", _INVALID_ARGUMENT) from None
    if len(text) > limit:
        raise _too_large()
    return text


def _check_outline(body: bytes) -> None:
    if body.count(b",") > _MAX_VALUES and _STRING.sub(b"", body).count(b",") > _MAX_VALUES:
        raise _too_large()
    try:
        # By itself Python's reader accepts NaN and Infinity, which are not JSON.
        document = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"the body is not JSON: {error}", _INVALID_ARGUMENT) from None
    # Absent and null both mean an empty list.
    groups = document.get("resourceSpans") if isinstance(document, dict) else 0
    if groups is not None and not (
        isinstance(groups, list) and all(isinstance(group, dict) for group in groups)
    ):
        raise Refusal(400, "the body is not an object with a list of resourceSpans", _INVALID_ARGUMENT)


def _refuse_constant(token: str) -> None:
    raise ValueError(f"{token} is not a JSON number")
