# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Why a request got no answer: the exceptions of ``requests``, ``urllib3`` and sockets as reasons."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException
from typing import Final, Union

import requests
import urllib3
from urllib3.util.ssl_match_hostname import CertificateError

from .exchange import Answer, NoAnswer

__all__ = ["NETWORK_ERRORS", "no_answer"]

# Those of requests derive from OSError.
NETWORK_ERRORS: Final = (OSError, ValueError, HTTPException, urllib3.exceptions.HTTPError)
"""Every exception by which a request can fail."""

_Kinds = Union[type[BaseException], tuple[type[BaseException], ...]]
# Looked for in an exception and in its causes, in this order; the flag says that waiting cannot help.
_REASONS: Final[tuple[tuple[_Kinds, str, bool], ...]] = (
    (ssl.SSLCertVerificationError, "the certificate is not trusted", True),
    (CertificateError, "the certificate is for another host", True),
    (ssl.SSLError, "TLS handshake failed; does the server speak https?", False),
    (requests.exceptions.ProxyError, "the proxy did not connect", False),
    (socket.gaierror, "host name not found", False),
    (ConnectionRefusedError, "connection refused", False),
    (requests.exceptions.InvalidSchema, "unsupported kind of proxy", True),
    ((requests.Timeout, TimeoutError), "timed out", False),
    (ConnectionError, "connection lost", False),
    ((HTTPException, urllib3.exceptions.InvalidHeader), "the answer is not HTTP", False),
    (urllib3.exceptions.ProtocolError, "connection lost", False),
    (requests.ConnectionError, "connection failed", False),
    (ValueError, "the URL, a header or the proxy URL is invalid", True),
    (requests.RequestException, "no HTTP answer", False),
    (OSError, "connection failed, or the CA bundle is not readable", False),
)
# A message of http.client, which has no exception type for it.
_TUNNEL_407: Final = "Tunnel connection failed: 407"


def no_answer(error: Exception) -> Answer | NoAnswer:
    """Why there was no answer, in our own words: an exception's message may quote a URL or a header."""
    chain = tuple(_causes(error))
    if any(str(cause).startswith(_TUNNEL_407) for cause in chain):
        return Answer(status=407)
    for kind, reason, permanent in _REASONS:
        for cause in chain:
            if isinstance(cause, kind):
                why = f": {cause.verify_message}" if isinstance(cause, ssl.SSLCertVerificationError) else ""
                return NoAnswer(reason + why, permanent)
    return NoAnswer("no HTTP answer")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and everything that caused it, the outermost first."""
    found = [error]
    for cause in found:
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        found += [item for item in inner if isinstance(item, BaseException) and item not in found]
