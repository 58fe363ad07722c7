# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Why a request got no answer: the exceptions of sockets, TLS and HTTP as reasons."""

from __future__ import annotations

import socket
import ssl
from http.client import HTTPException
from typing import Final, Union

from .exchange import Answer, NoAnswer

__all__ = ["NETWORK_ERRORS", "Unusable", "no_answer"]


class Unusable(Exception):
    """
    A request that cannot be made.

    Attributes:
        result: What takes the place of the answer.
    """

    def __init__(self, result: Answer | NoAnswer) -> None:
        super().__init__(result)
        self.result = result


NETWORK_ERRORS: Final = (OSError, ValueError, HTTPException, Unusable)
"""Every exception by which a request can fail."""

_Kinds = Union[type[BaseException], tuple[type[BaseException], ...]]
# The first kind that an exception is of; the flag says that waiting cannot help.
_REASONS: Final[tuple[tuple[_Kinds, str, bool], ...]] = (
    (ssl.SSLCertVerificationError, "the certificate is not trusted", True),
    # Until Python 3.10 the timeout of a socket is no TimeoutError.
    ((TimeoutError, socket.timeout), "timed out", False),
    (ssl.SSLEOFError, "connection lost", False),
    (ssl.SSLError, "TLS handshake failed; does the server speak https?", False),
    (socket.gaierror, "host name not found", False),
    (ConnectionRefusedError, "connection refused", False),
    (ConnectionError, "connection lost", False),
    (HTTPException, "the answer is not HTTP", False),
    (ValueError, "the URL, a header or the proxy URL is invalid", True),
    (OSError, "connection failed", False),
)


def no_answer(error: BaseException) -> Answer | NoAnswer:
    """Why there was no answer, in our own words: an exception's message may quote a URL or a header."""
    if isinstance(error, Unusable):
        return error.result
    for kind, reason, permanent in _REASONS:
        if isinstance(error, kind):
            why = f": {error.verify_message}" if isinstance(error, ssl.SSLCertVerificationError) else ""
            return NoAnswer(reason + why, permanent)
    return NoAnswer("no HTTP answer")
