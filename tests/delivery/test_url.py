# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows which URLs are used as they stand, and why others are not; ``test_destination`` has the base URLs."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.delivery.url import InvalidUrl, endpoint_url, traces_url

NOT_ASCII = "expected a URL of plain ASCII without spaces or backslashes"
BAD_QUERY = "expected a query of plain ASCII without spaces, backslashes or a fragment"
PATH = "expected a path of plain segments, without //, /../ or % escapes"
PLAIN = "expected https, got http, which would send the headers unencrypted"
WHERE = (
    "Grafana Cloud shows the OTLP endpoint under Connections > Add new connection > OpenTelemetry (OTLP), "
    "like https://otlp-gateway-prod-us-west-0.grafana.net"
)

VERBATIM = [
    "https://a.test/",
    "https://a.test/v1/traces",
    "https://a.test/v1/traces/",
    "https://a.test:4318/v1/traces",
    "https://a.test/?",
    "https://a.test/hook?token=c2VjcmV0&x=%2F%20/..//@[]",
    "https://a.test/hook/?a=b?c",
    "https://a.test/otlp/v1/traces/otlp/v1/traces",
    "https://stack.grafana.net/hooks/1",
    "https://grafana.com/",
    "https://[2001:db8::1]:4318/v1/traces",
    "http://localhost/v1/traces",
    "http://127.0.0.1:4318/v1/traces",
    "http://[::1]/v1/traces",
]

COMPLETED = [
    ("https://a.test", "https://a.test/"),
    ("https://a.test?a=b", "https://a.test/?a=b"),
    (" https://a.test/x \n", "https://a.test/x"),
    ("HTTPS://A.Test/X?Y", "https://a.test/X?Y"),
    ("https://a.test:00443/", "https://a.test:443/"),
]

REFUSED: list[tuple[Any, str]] = [
    ("", "expected a URL, got nothing"),
    (" ", "expected a URL, got nothing"),
    (None, "expected a URL, got nothing"),
    (5, "expected a URL, got nothing"),
    (b"https://a.test", "expected a URL, got nothing"),
    ("https://a .test", NOT_ASCII),
    ("https://ä.test", NOT_ASCII),
    ("https://a.test\\x", NOT_ASCII),
    ("https://a.test/\x00", NOT_ASCII),
    ("a.test/v1/traces", "expected a URL that begins with https://"),
    ("?", "expected a URL, got nothing"),
    ("ftp://a.test/", "expected a URL that begins with https://, got ftp://"),
    (
        "https://user:word@a.test/",
        "expected a URL without a user name or password, which are given separately",
    ),
    ("https://a.test/#top", "expected a URL without a fragment"),
    ("https://a.test/?a=b#top", BAD_QUERY),
    ("https://a.test/?a=b c", BAD_QUERY),
    ("https://a.test/?a=\\", BAD_QUERY),
    ("https://a.test/?a=é", BAD_QUERY),
    ("https://a.test/?a=\r\nX: y", BAD_QUERY),
    ("https://", "expected a URL with a host"),
    ("https:///x", "expected a URL with a host"),
    ("https://a..test/", "expected a URL with a host"),
    ("https://a.test:0/", "expected a port from 1 to 65535, got 0"),
    ("https://a.test:65536/", "expected a port from 1 to 65535, got 65536"),
    ("https://[1.2.3.4]/", "expected an IPv6 address between the brackets"),
    ("https://a.test//", PATH),
    ("https://a.test//x", PATH),
    ("https://a.test/x//", PATH),
    ("https://a.test/../x", PATH),
    ("https://a.test/..", PATH),
    ("https://a.test/./", PATH),
    ("https://a.test/%2e%2e/x", PATH),
    ("http://a.test/", PLAIN),
    ("http://10.0.0.1/", PLAIN),
    ("http://localhost.test/", PLAIN),
]


def problem(given: object) -> str:
    with pytest.raises(InvalidUrl) as caught:
        endpoint_url(given, allow_plain_http=False)
    return str(caught.value)


@pytest.mark.parametrize("url", VERBATIM)
def test_a_url_is_used_as_it_stands(url: str) -> None:
    """With its query, its slash at the end, and its path as it is."""
    assert endpoint_url(url, allow_plain_http=False) == url


@pytest.mark.parametrize(("given", "url"), COMPLETED)
def test_white_space_case_and_a_missing_path_are_no_fault(given: str, url: str) -> None:
    """These are the only things that are changed."""
    assert endpoint_url(given, allow_plain_http=False) == url


@pytest.mark.parametrize(("given", "expected"), REFUSED)
def test_every_refusal_says_what_is_expected(given: object, expected: str) -> None:
    """In one sentence, without the query, which may hold a token."""
    assert problem(given) == expected


def test_plain_http_can_be_allowed() -> None:
    """To another host too."""
    assert endpoint_url("http://a.test/x", allow_plain_http=True) == "http://a.test/x"
    assert traces_url("http://a.test/x", allow_plain_http=True) == "http://a.test/x/otlp/v1/traces"


def test_a_base_url_that_is_not_a_url_says_where_to_find_it() -> None:
    """A person who typed something else does not know where the OTLP endpoint is shown."""
    with pytest.raises(InvalidUrl) as caught:
        traces_url("mystack", allow_plain_http=False)

    assert str(caught.value) == f"expected a URL that begins with https://; {WHERE}"
    assert problem("mystack") == "expected a URL that begins with https://"
