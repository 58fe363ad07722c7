# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Test Connection: the outcome of one body, to a sentence that says what to change."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import attrs

from .outcome import Outcome, OutcomeKind
from .url import TRACES_PATH

__all__ = ["Verdict", "judge"]


@attrs.frozen(kw_only=True)
class Verdict:
    """
    Whether a destination can be used.

    Attributes:
        passed: Whether it took the body.

        sentence: What came back and, where it did not pass, what to change.
    """

    passed: bool
    sentence: str


_BY_STATUS: Final = MappingProxyType(
    {
        401: "check the instance ID and the API key: the server does not know this pair",
        403: "the API key is known but may not write traces; give its access policy the scope traces:write",
        404: "there is nothing at this path; check that the base URL is the OTLP endpoint and no other host",
        405: "there is something else at this path; check that the base URL is the OTLP endpoint",
        407: "the proxy wants credentials; put them into the proxy's URL",
        415: "the server takes no JSON; check that the base URL is the OTLP endpoint",
        429: "the credentials may be right, but the server takes no more for now; try again in a minute",
    }
)
_ELSEWHERE: Final = MappingProxyType(
    {
        401: "check the headers of this destination: the server does not know these credentials",
        403: "the server knows the credentials, but they may not write traces",
    }
)
"""Where no instance ID and API key were given."""
_BY_KIND: Final = MappingProxyType(
    {
        OutcomeKind.MISCONFIGURED: "check the base URL and the proxy's URL",
        OutcomeKind.TOO_LARGE: (
            "even one span is too large for this server; check that the base URL is the OTLP endpoint"
        ),
        OutcomeKind.REJECTED: "the server refused a plain span; check that the base URL is an OTLP endpoint",
        OutcomeKind.TRY_LATER: "the server is not available at the moment; try again in a minute",
        OutcomeKind.FAILED: "the server failed; try again, and check that the base URL is the OTLP endpoint",
        OutcomeKind.UNREACHABLE: "check the host of the base URL, the network and the proxy",
        OutcomeKind.PARTLY_ACCEPTED: "the server took the request but not the span",
    }
)
_REDIRECT: Final = (
    "the address belongs to something that sends visitors elsewhere, such as a login page; check the base URL"
)
_HTML: Final = (
    "a web page answered, such as a login page or a dashboard; check that the base URL is the OTLP endpoint"
)
_CERTIFICATE: Final = (
    "the server cannot prove who it is; check the host, or name your own authority in REQUESTS_CA_BUNDLE"
)


def judge(outcome: Outcome, url: str, *, is_webhook: bool = False) -> Verdict:
    """
    The verdict on one outcome.

    Args:
        url: Where the body went; its query is not shown.

        is_webhook: Whether the body was empty, to which a 400 is good enough.
    """
    url = url.partition("?")[0]
    if is_webhook and outcome.status == 400:
        return Verdict(
            passed=True, sentence=f"{url} answered 400 to the empty test body, which is good enough."
        )
    if outcome.kind in (OutcomeKind.ACCEPTED, OutcomeKind.UNCONFIRMED):
        answered = f"{url} answered {outcome.status}"
        note = (
            " (not with OTLP's answer, but without an error)"
            if outcome.kind is OutcomeKind.UNCONFIRMED
            else ""
        )
        return Verdict(passed=True, sentence=f"{answered}{note}: the test was taken.")
    came_back = f"answered {outcome.status}" if outcome.status else "gave no answer"
    words = f" ({outcome.message})" if outcome.message else ""
    return Verdict(passed=False, sentence=f"{url} {came_back}{words}: {_advice(outcome, url)}.")


def _advice(outcome: Outcome, url: str) -> str:
    if outcome.status is None or outcome.kind is OutcomeKind.TOO_LARGE:
        # Without an answer, a proxy's URL is the other thing that can be wrong for good.
        return _CERTIFICATE if outcome.message.startswith("the certificate") else _BY_KIND[outcome.kind]
    if 300 <= outcome.status < 400:
        return _REDIRECT
    if outcome.status < 300 and outcome.kind is OutcomeKind.MISCONFIGURED:
        return _HTML
    if outcome.status in _ELSEWHERE and not url.endswith(TRACES_PATH):
        return _ELSEWHERE[outcome.status]
    return _BY_STATUS.get(outcome.status, _BY_KIND[outcome.kind])
