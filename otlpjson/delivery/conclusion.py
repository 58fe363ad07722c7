# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What an answer means. Does no I/O.

    ==================================================  ===================  =================
    answer                                              outcome              what follows
    ==================================================  ===================  =================
    2xx, empty or OTLP's JSON                           ACCEPTED             done
    2xx, OTLP's JSON with rejected spans                PARTLY_ACCEPTED      never sent again
    2xx, anything else but HTML; any 2xx of a webhook   UNCONFIRMED          never sent again
    2xx HTML; 3xx; 401, 403, 404, 405, 407; a           MISCONFIGURED        stop
    certificate that fails
    413; 400 or 429 that names the size                 TOO_LARGE            halve
    400, 422                                            REJECTED             bisect
    429, 502, 503, 504                                  TRY_LATER            wait
    no answer                                           UNREACHABLE          wait
    everything else, 408 and 500 included               FAILED               quarantine
    ==================================================  ===================  =================

Source: opentelemetry-proto, docs/specification.md, "OTLP/HTTP Response"; Grafana Tempo's
messages for the size.
"""

from __future__ import annotations

import json
import re
import zlib
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, Final

import attrs

from ..core.words import printable
from .exchange import MAX_ANSWER_BYTES, Answer, NoAnswer
from .outcome import Outcome, OutcomeKind
from .redaction import redacted
from .secret import Secret

__all__ = ["conclude"]

# A mistaken header must not stop delivery for days.
MAX_RETRY_AFTER_S: Final = 3600.0

# The same request would get the same answer until somebody changes something. 407 is a proxy's.
_MISCONFIGURED: Final = frozenset({401, 403, 404, 405, 407})
_REJECTED: Final = frozenset({400, 422})
# The four statuses that OTLP lists as retryable; 408 and 500 are not among them.
_TRY_LATER: Final = frozenset({429, 502, 503, 504})
# Only these messages tell a body that is too large from one that is invalid, or from a rate limit.
_NAMES_THE_SIZE: Final = re.compile(r"larger than max|too large|batch size", re.IGNORECASE)
# How HTML pages begin, also after a byte order mark.
_HTML: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|!--|\?xml|html|head|body|title|meta|script)", re.IGNORECASE
)
_TITLE: Final = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)
_MAX_MESSAGE: Final = 500


def conclude(
    answer: Answer | NoAnswer,
    *,
    now: datetime,
    secrets: tuple[str | Secret, ...] = (),
    is_webhook: bool = False,
) -> Outcome:
    """
    What an answer means.

    Args:
        now: The current time, with a time zone; a ``Retry-After`` may be a date.

        secrets: Texts to remove from the server's message, which may quote the request.

        is_webhook: Whether any 2xx counts as delivered, even one with an HTML page.
    """
    if isinstance(answer, NoAnswer):
        kind = OutcomeKind.MISCONFIGURED if answer.permanent else OutcomeKind.UNREACHABLE
        return Outcome(kind=kind, message=printable(answer.reason, _MAX_MESSAGE))
    body = _uncompressed(answer)
    # What was cut off is not read as JSON, but its status still counts.
    document = _json_object(body) if answer.complete else None
    if 200 <= answer.status < 300:
        outcome = _success(answer, body, document, secrets)
        if is_webhook and outcome.kind is OutcomeKind.MISCONFIGURED:
            return attrs.evolve(outcome, kind=OutcomeKind.UNCONFIRMED)
        return outcome
    message = _message(answer, body, document)
    return Outcome(
        kind=_refusal(answer.status, message),
        status=answer.status,
        message=_clean(message, secrets),
        retry_after_s=_retry_after_s(answer.headers.get("retry-after", ""), now),
    )


def _success(
    answer: Answer, body: bytes, document: dict[str, Any] | None, secrets: tuple[str | Secret, ...]
) -> Outcome:
    # Some gateways answer a success without a body, usually 204.
    if answer.complete and not body.strip():
        return Outcome(kind=OutcomeKind.ACCEPTED, status=answer.status)
    # A login page or a captive portal: it did not come from an OTLP receiver.
    if _is_html(answer, body):
        message = _clean(f"an HTML page instead of OTLP: {_message(answer, body, None)}", secrets)
        return Outcome(kind=OutcomeKind.MISCONFIGURED, status=answer.status, message=message)
    partial = _partial_success(document)
    if partial is None:
        message = _clean(_message(answer, body, document), secrets)
        return Outcome(kind=OutcomeKind.UNCONFIRMED, status=answer.status, message=message)
    rejected = _count(partial.get("rejectedSpans"))
    reason = partial.get("errorMessage")
    return Outcome(
        kind=OutcomeKind.PARTLY_ACCEPTED if rejected else OutcomeKind.ACCEPTED,
        status=answer.status,
        message=_clean(reason, secrets) if isinstance(reason, str) else "",
        rejected_spans=rejected,
    )


def _partial_success(document: dict[str, Any] | None) -> dict[str, Any] | None:
    """The part of an OTLP answer about rejected spans, or ``None`` if this is not an OTLP answer."""
    if document == {}:
        return {}
    partial = (document or {}).get("partialSuccess", 0)
    return {} if partial is None else partial if isinstance(partial, dict) else None


def _refusal(status: int, message: str) -> OutcomeKind:
    if status == 413 or (status in (400, 429) and _NAMES_THE_SIZE.search(message)):
        return OutcomeKind.TOO_LARGE
    if 300 <= status < 400 or status in _MISCONFIGURED:
        return OutcomeKind.MISCONFIGURED
    if status in _REJECTED:
        return OutcomeKind.REJECTED
    return OutcomeKind.TRY_LATER if status in _TRY_LATER else OutcomeKind.FAILED


def _uncompressed(answer: Answer) -> bytes:
    """The body, decompressed up to the limit and no further."""
    if answer.headers.get("content-encoding", "").strip().lower() != "gzip":
        return answer.body
    try:
        return zlib.decompressobj(wbits=31).decompress(answer.body, MAX_ANSWER_BYTES)
    except zlib.error:
        return answer.body


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):  # the latter for JSON that is nested too deeply
        return None
    return document if isinstance(document, dict) else None


def _is_html(answer: Answer, body: bytes) -> bool:
    return "html" in answer.headers.get("content-type", "").lower() or _HTML.match(body) is not None


def _count(value: object) -> int:
    """A number of spans, as a JSON number or, as OTLP/JSON writes 64-bit integers, as text."""
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    # An int64 has at most 19 digits.
    return int(text) if re.fullmatch(r"[0-9]{1,19}", text, re.ASCII) else 0


def _message(answer: Answer, body: bytes, document: dict[str, Any] | None) -> str:
    """The server's message: from google.rpc.Status, Grafana's JSON, a page's title, or the plain body."""
    for name in ("message", "error", "errorMessage"):
        if document is not None and isinstance(document.get(name), str):
            return str(document[name])
    text = body.decode("utf-8", "replace")
    if _is_html(answer, body):
        title = _TITLE.search(text)
        return (title and title[1].strip()) or "a page without a title"
    if 300 <= answer.status < 400:
        return "redirected to another address"
    return text


def _clean(text: str, secrets: tuple[str | Secret, ...]) -> str:
    """One printable line without secrets, at most 500 characters."""
    return printable(redacted(text, secrets), _MAX_MESSAGE)


def _retry_after_s(text: str, now: datetime) -> float:
    """The longest time that a Retry-After asks for, which may be there several times (SND-5)."""
    return max(_seconds_of(line.strip(), now) for line in text.split("\n"))


def _seconds_of(text: str, now: datetime) -> float:
    """Seconds, as a number or an HTTP date; 0 if it is neither."""
    if text.isascii() and text.isdigit():
        # More digits than a float can hold would be an error.
        return min(float(text[:300]), MAX_RETRY_AFTER_S)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):  # each of them for some malformed date
        return 0.0
    # HTTP dates are in GMT, whether they say so or not.
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return min(max((moment - now).total_seconds(), 0.0), MAX_RETRY_AFTER_S)
