# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows the reason for each kind of failure; ``test_sender`` shows that every exception of requests has one."""

from __future__ import annotations

import socket
import ssl

import pytest
import requests

from otlpjson.delivery.exchange import Answer, NoAnswer
from otlpjson.delivery.network_errors import no_answer

SECRET = "glc_canary_never_shown"


def caused_by(error: BaseException) -> Exception:
    """As urllib3 and requests wrap one."""
    wrapped = requests.ConnectionError(SECRET)
    wrapped.__cause__ = error
    return wrapped


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (socket.gaierror(SECRET), NoAnswer("host name not found")),
        (ConnectionRefusedError(SECRET), NoAnswer("connection refused")),
        (ConnectionResetError(SECRET), NoAnswer("connection lost")),
        (TimeoutError(SECRET), NoAnswer("timed out")),
        (ssl.SSLError(SECRET), NoAnswer("TLS handshake failed; does the server speak https?")),
        (OSError("Tunnel connection failed: 407 Proxy Authentication Required"), Answer(status=407)),
    ],
)
def test_the_reason_is_that_of_the_cause(error: Exception, expected: Answer | NoAnswer) -> None:
    """However deep it lies, and in our own words: an exception's may quote a URL."""
    assert (
        no_answer(error) == no_answer(caused_by(error)) == no_answer(caused_by(caused_by(error))) == expected
    )


def test_an_exception_that_is_its_own_cause_has_a_reason() -> None:
    """Its causes are looked through once."""
    error = caused_by(ConnectionAbortedError(SECRET))
    assert error.__cause__ is not None
    error.__cause__.__context__ = error

    assert no_answer(error) == NoAnswer("connection lost")


def test_an_exception_of_no_known_kind_has_a_reason_as_well() -> None:
    assert no_answer(KeyError(SECRET)) == NoAnswer("no HTTP answer")
