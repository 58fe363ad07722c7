# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Test Connection: what the outcome of one request means for a person who sets up a destination."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import attrs

from .outcome import Outcome, OutcomeKind
from .url import TRACES_PATH

__all__ = ["Verdict", "advice", "judge", "judge_folder", "judge_local"]


@attrs.frozen(kw_only=True)
class Verdict:
    """
    Whether a destination works.

    Attributes:
        passed: Whether it accepted the test.

        sentence: What the server answered and, unless the test passed, what to change.
    """

    passed: bool
    sentence: str


_BY_STATUS: Final = MappingProxyType(
    {
        401: "check the instance ID and the API key: the server does not accept this pair",
        403: "the API key is valid but may not write traces; add the scope traces:write to its access policy",
        404: "nothing is served at this path; check that the base URL is the OTLP endpoint",
        405: "something else is served at this path; check that the base URL is the OTLP endpoint",
        407: "the proxy requires credentials; put them into the proxy URL",
        415: "the server does not accept JSON; check that the base URL is the OTLP endpoint",
        429: "the credentials may be right, but the server is limiting the rate; try again in a minute",
    }
)
_WITHOUT_KEY: Final = MappingProxyType(
    {
        401: "check the headers of this destination: the server does not accept these credentials",
        403: "the server knows the credentials, but they may not write traces",
    }
)
"""For destinations that have no instance ID and no API key."""
_BY_KIND: Final = MappingProxyType(
    {
        # Without an answer: a certificate has its own advice, so it is one of the two URLs.
        OutcomeKind.MISCONFIGURED: "check the base URL and the proxy URL",
        OutcomeKind.TOO_LARGE: (
            "even one span is too large for this server; check that the base URL is the OTLP endpoint"
        ),
        OutcomeKind.REJECTED: "the server rejected a plain span; check that the base URL is an OTLP endpoint",
        OutcomeKind.TRY_LATER: "the server is not available; try again in a minute",
        OutcomeKind.FAILED: "the server failed; try again, and check that the base URL is the OTLP endpoint",
        OutcomeKind.UNREACHABLE: "check the host of the base URL, the network and the proxy",
        OutcomeKind.PARTLY_ACCEPTED: "the server accepted the request but not the span",
    }
)
_REDIRECT: Final = "the server redirected, perhaps to a login page; check the base URL"
_HTML: Final = (
    "a web page answered, such as a login page or a dashboard; check that the base URL is the OTLP endpoint"
)
_CERTIFICATE: Final = (
    "the server's identity cannot be verified; check the host, or set REQUESTS_CA_BUNDLE to your own "
    "certificate authority"
)


def judge(outcome: Outcome, url: str, *, is_webhook: bool = False) -> Verdict:
    """
    The verdict on one outcome.

    Args:
        outcome: That of the test request.

        url: Where the request was sent; its query is not shown.

        is_webhook: Whether the body was empty; then a 400 passes too.
    """
    url = url.partition("?")[0]
    # An endpoint of one's own may rightly refuse a body without spans; it was reached all the same.
    if is_webhook and outcome.status == 400:
        return Verdict(
            passed=True, sentence=f"{url} answered 400 to the empty test body, which is fine for a webhook."
        )
    if outcome.kind in (OutcomeKind.ACCEPTED, OutcomeKind.UNCONFIRMED):
        answered = f"{url} answered {outcome.status}"
        note = " (not an OTLP answer, but no error)" if outcome.kind is OutcomeKind.UNCONFIRMED else ""
        sent = "test request" if is_webhook else "test span"
        return Verdict(passed=True, sentence=f"{answered}{note}: {sent} accepted.")
    answered = f"answered {outcome.status}" if outcome.status else "did not answer"
    reason = f" ({outcome.message})" if outcome.message else ""
    return Verdict(passed=False, sentence=f"{url} {answered}{reason}: {advice(outcome, url)}.")


def judge_folder(outcome: Outcome, path: str) -> Verdict:
    """The verdict on what was written to a folder as a test."""
    if outcome.delivered:
        return Verdict(passed=True, sentence=f"{path}: test span written.")
    return Verdict(passed=False, sentence=f"{path}: {outcome.message}.")


def judge_local(outcome: Outcome) -> Verdict:
    """The verdict on what was sent to the viewer of this machine."""
    if outcome.delivered:
        return Verdict(passed=True, sentence="viewer: test span accepted.")
    return Verdict(passed=False, sentence=f"viewer: {outcome.message or outcome.brief}.")


def advice(outcome: Outcome, url: str) -> str:
    """What to change after an outcome that is no success."""
    if outcome.status is None or outcome.kind is OutcomeKind.TOO_LARGE:
        return _CERTIFICATE if outcome.message.startswith("the certificate") else _BY_KIND[outcome.kind]
    if 300 <= outcome.status < 400:
        return _REDIRECT
    if outcome.status < 300 and outcome.kind is OutcomeKind.MISCONFIGURED:
        return _HTML
    # Only a URL with Grafana's path was made from an instance ID and an API key.
    if outcome.status in _WITHOUT_KEY and not url.endswith(TRACES_PATH):
        return _WITHOUT_KEY[outcome.status]
    return _BY_STATUS.get(outcome.status, _BY_KIND[outcome.kind])
