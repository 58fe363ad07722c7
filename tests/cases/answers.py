# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What servers answer, in their own words, and none at all."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Callable, Final

from otlpjson.delivery.exchange import Answer, NoAnswer

NOW: Final = datetime(2026, 2, 13, 18, 0, 0, tzinfo=timezone.utc)
SECRETS: Final = ("glc_0123456789abcdef",)
_JSON: Final = {"content-type": "application/json"}


def collector_accepts() -> Answer:
    """The OpenTelemetry Collector's full success."""
    return Answer(status=200, headers=_JSON, body=b'{"partialSuccess":{}}')


def gateway_accepts_without_a_body() -> Answer:
    """Grafana's gateway has answered 204 with nothing."""
    return Answer(status=204)


def partly_accepted() -> Answer:
    """Rejected spans come as text, because they are int64."""
    body = b'{"partialSuccess":{"rejectedSpans":"3","errorMessage":"spans are too old"}}'
    return Answer(status=200, headers=_JSON, body=body)


def accepted_with_a_warning() -> Answer:
    """No span rejected, and a message: a warning."""
    return Answer(
        status=200, headers=_JSON, body=b'{"partialSuccess":{"errorMessage":"deprecated endpoint"}}'
    )


def accepted_in_other_words() -> Answer:
    """A gateway that says OK in its own way."""
    return Answer(status=200, headers={"content-type": "text/plain"}, body=b"OK")


def login_page() -> Answer:
    """A captive portal: 200, but not from the receiver."""
    body = b"<!DOCTYPE html><html><head><title>Sign in</title></head></html>"
    return Answer(status=200, headers={"content-type": "text/html; charset=utf-8"}, body=body)


def redirect() -> Answer:
    """A redirect is never a success."""
    return Answer(status=302, headers={"location": "https://elsewhere.example/login"})


def collector_without_credentials() -> Answer:
    """The Collector's basicauth extension."""
    return Answer(status=401, headers=_JSON, body=b'{"code":16, "message":"no basic auth provided"}')


def grafana_wrong_credentials() -> Answer:
    """Grafana's own JSON, which here quotes the key."""
    body = b'{"status":"error","error":"authentication error: glc_0123456789abcdef is not valid"}'
    return Answer(status=401, headers=_JSON, body=body)


def collector_request_too_large() -> Answer:
    """The Collector says 400 where the specification says 413."""
    return Answer(status=400, headers=_JSON, body=b'{"code":3, "message":"http: request body too large"}')


def tempo_message_too_large() -> Answer:
    """Grafana's gateway says 429 and asks to come back at once."""
    body = b'{"code":8,"message":"grpc: received message after decompression larger than max (15728641 vs. 15728640)"}'
    return Answer(status=429, headers={**_JSON, "retry-after": "0"}, body=body)


def tempo_batch_too_large() -> Answer:
    """A batch over the burst can never pass, and still answers 429."""
    body = b'{"code":8,"message":"RATE_LIMITED: batch size (600000 bytes) exceeds ingestion limit (500000 bytes)"}'
    return Answer(status=429, headers=_JSON, body=body)


def tempo_rate_limited() -> Answer:
    """The same status for a limit that passes with time."""
    body = (
        b'{"code":8,"message":"RATE_LIMITED: ingestion rate limit (local: 500000 bytes/s, global: 0 bytes/s, '
        b'burst: 500000 bytes) exceeded while adding 90000 bytes for user 1"}'
    )
    return Answer(status=429, headers={**_JSON, "retry-after": "5"}, body=body)


def tempo_bad_trace_id() -> Answer:
    """One bad span costs the whole request."""
    body = b'{"code":3,"message":"trace ids must be 128 bit, received 0 bits"}'
    return Answer(status=400, headers=_JSON, body=body)


def unavailable_until_a_date() -> Answer:
    """Retry-After may be a date."""
    return Answer(
        status=503, headers={"retry-after": "Fri, 13 Feb 2026 18:02:00 GMT"}, body=b"upstream is down"
    )


def internal_error() -> Answer:
    """500 is not to be retried."""
    return Answer(
        status=500, headers=_JSON, body=b'{"code":13,"message":"failed to push\\n\\u001b[31mto ingester"}'
    )


def host_not_found() -> NoAnswer:
    """No answer at all: the network's."""
    return NoAnswer("host name not found")


def certificate_expired() -> NoAnswer:
    """No answer because we did not ask: waiting cannot help."""
    return NoAnswer("the certificate is not trusted: certificate has expired", permanent=True)


CASES: Final[tuple[Callable[[], Answer | NoAnswer], ...]] = (
    collector_accepts,
    gateway_accepts_without_a_body,
    partly_accepted,
    accepted_with_a_warning,
    accepted_in_other_words,
    login_page,
    redirect,
    collector_without_credentials,
    grafana_wrong_credentials,
    collector_request_too_large,
    tempo_message_too_large,
    tempo_batch_too_large,
    tempo_rate_limited,
    tempo_bad_trace_id,
    unavailable_until_a_date,
    internal_error,
    host_not_found,
    certificate_expired,
)
