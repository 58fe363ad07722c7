# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One HTTP exchange: a body becomes a request, and an answer comes or does not. Does no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from .compression import UNCOMPRESSED, Compression
from .destination import Destination

__all__ = ["MAX_ANSWER_BYTES", "Answer", "NoAnswer", "Request", "post"]

MAX_ANSWER_BYTES: Final = 64 * 1024
"""How much of an answer is read, before and after decompression; as in the OpenTelemetry Collector."""


@attrs.frozen(kw_only=True)
class Request:
    """
    One HTTP request, complete but for its length.

    Attributes:
        method: ``POST`` or ``PUT``.

        url: The whole URL.

        headers: Names and values, credentials among them. A ``repr`` shows only their number.

        body: The bytes to send, compressed as ``headers`` say.
    """

    method: str = "POST"
    url: str
    headers: tuple[tuple[str, str], ...] = attrs.field(repr=lambda headers: f"<{len(headers)}>")
    body: bytes = attrs.field(repr=lambda body: f"<{len(body)} bytes>")


@attrs.frozen(kw_only=True)
class Answer:
    """
    An HTTP answer.

    Attributes:
        status: The HTTP status code.

        headers: Names in lower case.

        body: As received, compressed if ``headers`` say so.

        complete: Whether the whole body was read.
    """

    status: int
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    body: bytes = attrs.field(default=b"", repr=lambda body: f"<{len(body)} bytes>")
    complete: bool = True


@attrs.frozen
class NoAnswer:
    """
    No HTTP answer at all.

    Attributes:
        reason: In a few words, without the URL.

        permanent: Whether trying again is pointless, as with an untrusted certificate.
    """

    reason: str
    permanent: bool = False


def post(
    destination: Destination,
    body: bytes,
    *,
    user_agent: str,
    test: bool = False,
    compression: Compression | None = None,
) -> Request:
    """
    The request that sends a body to a destination.

    Args:
        test: Whether it is a connection test; a webhook recognises it by a header.

        compression: How the body is compressed. Default: as the destination says.
    """
    compression = compression or destination.compression
    mark = (("X-Test-Connection", "true"),) if test and destination.is_webhook else ()
    return Request(
        method=destination.method,
        url=destination.url,
        headers=(
            ("Content-Type", "application/json"),
            *(() if compression is UNCOMPRESSED else (("Content-Encoding", compression.encoding),)),
            # Answers are a few bytes; without compression there is no decompression bomb.
            ("Accept-Encoding", "identity"),
            ("User-Agent", user_agent),
            *mark,
            *((name, value.reveal()) for name, value in destination.headers),
        ),
        body=compression.compress(body),
    )
