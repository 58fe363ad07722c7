# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The reason for each kind of failure."""

from __future__ import annotations

import socket
import ssl
from http.client import BadStatusLine, IncompleteRead, RemoteDisconnected

import pytest

from otlpjson.delivery.exchange import Answer, NoAnswer
from otlpjson.delivery.network_errors import NETWORK_ERRORS, Unusable, no_answer

SECRET = "glc_canary_never_shown"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (socket.gaierror(SECRET), NoAnswer("host name not found")),
        (UnicodeError(SECRET), NoAnswer("the URL, a header or the proxy URL is invalid", permanent=True)),
        (ConnectionRefusedError(SECRET), NoAnswer("connection refused")),
        (ConnectionResetError(SECRET), NoAnswer("connection lost")),
        (BrokenPipeError(SECRET), NoAnswer("connection lost")),
        (RemoteDisconnected(SECRET), NoAnswer("connection lost")),
        (ssl.SSLEOFError(SECRET), NoAnswer("connection lost")),
        (TimeoutError(SECRET), NoAnswer("timed out")),
        (socket.timeout(SECRET), NoAnswer("timed out")),
        (ssl.SSLError(SECRET), NoAnswer("TLS handshake failed; does the server speak https?")),
        (BadStatusLine(SECRET), NoAnswer("the answer is not HTTP")),
        (IncompleteRead(b""), NoAnswer("the answer is not HTTP")),
        (OSError(SECRET), NoAnswer("connection failed")),
        (Unusable(Answer(status=407)), Answer(status=407)),
        (Unusable(NoAnswer("why", permanent=True)), NoAnswer("why", permanent=True)),
    ],
)
def test_each_kind_has_its_reason(error: Exception, expected: Answer | NoAnswer) -> None:
    """In our own words: an exception's may quote a URL."""
    assert no_answer(error) == expected
    assert isinstance(error, NETWORK_ERRORS)


def test_an_exception_of_no_known_kind_has_a_reason_as_well() -> None:
    """Nothing else is caught, but whoever asks gets an answer."""
    assert no_answer(KeyError(SECRET)) == NoAnswer("no HTTP answer")
