# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows for every form of a URL and of a credential whether it is taken, and why not."""

from __future__ import annotations

import base64
import copy
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from otlpjson.core.errors import ConfigError
from otlpjson.delivery import Destination, grafana_cloud, otel_collector, webhook
from otlpjson.delivery.redaction import redacted
from otlpjson.delivery.secret import Secret

KEY = "glc_eyJ0aGlzIjoiaXMtYS1jYW5hcnkifQ=="
TOKEN = base64.b64encode(f"123456:{KEY}".encode()).decode()
HOST = "https://otlp-gateway-prod-us-west-0.grafana.net"
WHERE = (
    "Grafana Cloud shows the OTLP endpoint under Connections > Add new connection > OpenTelemetry (OTLP), "
    "like https://otlp-gateway-prod-us-west-0.grafana.net"
)

NOTHING = f"expected a URL, got nothing; {WHERE}"
NOT_ASCII = f"expected a URL of plain ASCII without spaces or backslashes; {WHERE}"
NO_SCHEME = f"expected a URL that begins with https://; {WHERE}"
USER_INFO = f"expected a URL without a user name or password, which are given separately; {WHERE}"
QUERY = "expected a URL without a query"
FRAGMENT = f"expected a URL without a fragment; {WHERE}"
NO_HOST = f"expected a URL with a host; {WHERE}"
PAGE = f"expected the OTLP endpoint, got the address of a Grafana page; {WHERE}"
V1 = "expected a base URL, got one that ends in /v1/traces; /otlp/v1/traces is added to it"
PATH = "expected a path of plain segments, without //, /../ or % escapes"
PLAIN = "expected https, got http, which would send the API key unencrypted"
IPV6 = f"expected an IPv6 address between the brackets; {WHERE}"


def scheme(text: str) -> str:
    return f"expected a URL that begins with https://, got {text}://; {WHERE}"


def port(text: str) -> str:
    return f"expected a port from 1 to 65535, got {text}; {WHERE}"


TAKEN = [
    # As Grafana Cloud shows it, and all that people make of it.
    (HOST, f"{HOST}/otlp/v1/traces"),
    (f"{HOST}/", f"{HOST}/otlp/v1/traces"),
    (f"{HOST}//", f"{HOST}/otlp/v1/traces"),
    (f"{HOST}/otlp", f"{HOST}/otlp/v1/traces"),
    (f"{HOST}/otlp/", f"{HOST}/otlp/v1/traces"),
    (f"{HOST}/otlp///", f"{HOST}/otlp/v1/traces"),
    (f"{HOST}//otlp", f"{HOST}/otlp/v1/traces"),
    (f"{HOST}/otlp/v1/traces", f"{HOST}/otlp/v1/traces"),
    (f"{HOST}/otlp/v1/traces/", f"{HOST}/otlp/v1/traces"),
    (f"{HOST}/otlp/otlp", f"{HOST}/otlp/v1/traces"),
    (f"{HOST}/otlp/otlp/v1/traces", f"{HOST}/otlp/v1/traces"),
    (f"{HOST}/otlp/v1/traces/otlp/v1/traces", f"{HOST}/otlp/v1/traces"),
    (f"  {HOST}/otlp", f"{HOST}/otlp/v1/traces"),
    (f"{HOST}/otlp\n", f"{HOST}/otlp/v1/traces"),
    (f"\t{HOST}\r\n", f"{HOST}/otlp/v1/traces"),
    (f"\u00a0{HOST}\u00a0", f"{HOST}/otlp/v1/traces"),
    (HOST.upper(), f"{HOST}/otlp/v1/traces"),
    (HOST.replace("https", "HttpS"), f"{HOST}/otlp/v1/traces"),
    (f"{HOST}:443", f"{HOST}:443/otlp/v1/traces"),
    (f"{HOST}:443/otlp/", f"{HOST}:443/otlp/v1/traces"),
    # Gateways of one's own.
    ("https://a", "https://a/otlp/v1/traces"),
    ("https://A.Test/Path", "https://a.test/Path/otlp/v1/traces"),
    ("https://a.test/one/two", "https://a.test/one/two/otlp/v1/traces"),
    ("https://a.test/one/two/", "https://a.test/one/two/otlp/v1/traces"),
    ("https://a.test/one/otlp", "https://a.test/one/otlp/v1/traces"),
    ("https://a.test/myotlp", "https://a.test/myotlp/otlp/v1/traces"),
    ("https://a.test/OTLP", "https://a.test/OTLP/otlp/v1/traces"),
    ("https://a.test/otlp/v1", "https://a.test/otlp/v1/otlp/v1/traces"),
    ("https://a.test/otlp/v1/trace", "https://a.test/otlp/v1/trace/otlp/v1/traces"),
    ("https://a.test/otlp2", "https://a.test/otlp2/otlp/v1/traces"),
    ("https://a.test/a.b/~c/d-e_f", "https://a.test/a.b/~c/d-e_f/otlp/v1/traces"),
    ("https://a.test/...", "https://a.test/.../otlp/v1/traces"),
    ("https://a.test/a;b=c,d:e!$&'()*+", "https://a.test/a;b=c,d:e!$&'()*+/otlp/v1/traces"),
    ("https://a.test:1", "https://a.test:1/otlp/v1/traces"),
    ("https://a.test:65535", "https://a.test:65535/otlp/v1/traces"),
    ("https://a.test:00443", "https://a.test:443/otlp/v1/traces"),
    ("https://a-b.c_d.test", "https://a-b.c_d.test/otlp/v1/traces"),
    ("https://my_service:4318", "https://my_service:4318/otlp/v1/traces"),
    ("https://xn--grfana-bua.test", "https://xn--grfana-bua.test/otlp/v1/traces"),
    ("https://10.0.0.1:4318", "https://10.0.0.1:4318/otlp/v1/traces"),
    ("https://1.2.3.4.5", "https://1.2.3.4.5/otlp/v1/traces"),
    ("https://0x7f.1", "https://0x7f.1/otlp/v1/traces"),
    ("https://[::1]", "https://[::1]/otlp/v1/traces"),
    ("https://[2001:DB8::1]:4318/otlp", "https://[2001:db8::1]:4318/otlp/v1/traces"),
    ("https://[::ffff:10.0.0.1]", "https://[::ffff:10.0.0.1]/otlp/v1/traces"),
    (f"https://{'a' * 63}.test", f"https://{'a' * 63}.test/otlp/v1/traces"),
    ("https://grafana.com.evil.test", "https://grafana.com.evil.test/otlp/v1/traces"),
    ("https://mygrafana.net", "https://mygrafana.net/otlp/v1/traces"),
    ("https://otlp-gateway-x.grafana.com", "https://otlp-gateway-x.grafana.com/otlp/v1/traces"),
    # Plain http, which stays on this machine.
    ("http://localhost", "http://localhost/otlp/v1/traces"),
    ("HTTP://LocalHost:4318/", "http://localhost:4318/otlp/v1/traces"),
    ("http://127.0.0.1:4318", "http://127.0.0.1:4318/otlp/v1/traces"),
    ("http://127.255.255.254", "http://127.255.255.254/otlp/v1/traces"),
    ("http://[::1]:4318", "http://[::1]:4318/otlp/v1/traces"),
    ("http://[0:0:0:0:0:0:0:1]", "http://[0:0:0:0:0:0:0:1]/otlp/v1/traces"),
]

REFUSED: list[tuple[Any, str]] = [
    ("", NOTHING),
    (" \n ", NOTHING),
    (None, NOTHING),
    (5, NOTHING),
    (b"https://a.test", NOTHING),
    (["https://a.test"], NOTHING),
    # Characters on which parsers differ.
    ("https://a.test/a b", NOT_ASCII),
    ("https://a .test", NOT_ASCII),
    ("https:// a.test", NOT_ASCII),
    ("https://a.te\nst", NOT_ASCII),
    ("https://a.te\tst", NOT_ASCII),
    ("https://a.test/\r\nX: y", NOT_ASCII),
    ("ht\ttps://a.test", NOT_ASCII),
    ("https://a.test\x00", NOT_ASCII),
    ("https://a.test/\x7f", NOT_ASCII),
    ("https://a.test\x1b[31m", NOT_ASCII),
    ("https://a.test\\otlp", NOT_ASCII),
    (r"https://a.test\@evil.test/otlp", NOT_ASCII),
    (r"https:\\a.test", NOT_ASCII),
    ("https://gräfana.test", NOT_ASCII),
    ("https://grafаna.net", NOT_ASCII),
    ("https://a。test", NOT_ASCII),
    ("https://a\u2024test", NOT_ASCII),
    ("https://a.test/é", NOT_ASCII),
    ("https://\u200ba.test", NOT_ASCII),
    ("\ufeffhttps://a.test", NOT_ASCII),
    ("https://a.test:４４３", NOT_ASCII),
    ("https://a.test\u2044otlp", NOT_ASCII),  # a slash to the eye
    # Scheme.
    ("a.test", NO_SCHEME),
    ("a.test/otlp", NO_SCHEME),
    ("otlp-gateway-prod-us-west-0.grafana.net", NO_SCHEME),
    ("a.test:443", NO_SCHEME),
    ("//a.test", NO_SCHEME),
    ("https:a.test", NO_SCHEME),
    ("https:/a.test", NO_SCHEME),
    ("https", NO_SCHEME),
    ("ftp://a.test", scheme("ftp")),
    ("FTP://a.test", scheme("ftp")),
    ("httpss://a.test", scheme("httpss")),
    ("file://a.test/etc", scheme("file")),
    ("ws://a.test", scheme("ws")),
    ("grpc://a.test:4317", scheme("grpc")),
    ("javascript://a.test", scheme("javascript")),
    ("https+unix://a.test", NO_HOST),
    ("h2://a.test", NO_HOST),
    ("://a.test", NO_HOST),
    (" ://", NO_HOST),
    # User information, query, fragment.
    ("https://user@a.test", USER_INFO),
    ("https://user:password@a.test", USER_INFO),
    (f"https://123456:{KEY}@a.test/otlp", USER_INFO),
    ("https://@a.test", USER_INFO),
    ("https://:@a.test", USER_INFO),
    ("https://a.test@evil.test", USER_INFO),
    ("https://a.test:443@evil.test", USER_INFO),
    ("https://a.test/@evil.test", USER_INFO),
    ("https://a.test#@evil.test", USER_INFO),
    ("https://a.test?@evil.test", QUERY),
    ("https://a.test?x=1", QUERY),
    ("https://a.test/?", QUERY),
    ("https://a.test/otlp?api_key=secret", QUERY),
    ("https://a.test#", FRAGMENT),
    ("https://a.test/otlp#traces", FRAGMENT),
    ("https://a.test/otlp;x?y#z", QUERY),
    # Host.
    ("https://", NO_HOST),
    ("https:///", NO_HOST),
    ("https:///otlp", NO_HOST),
    ("https://:443", NO_HOST),
    ("https://.", NO_HOST),
    ("https://..", NO_HOST),
    ("https://.a.test", NO_HOST),
    ("https://a.test.", NO_HOST),
    ("https://localhost./", NO_HOST),
    ("https://a..test", NO_HOST),
    ("https://-a.test", NO_HOST),
    ("https://a-.test", NO_HOST),
    ("https://_a.test", NO_HOST),
    (f"https://{'a' * 64}.test", NO_HOST),
    ("https://a%2etest", NO_HOST),
    ("https://a.test%00", NO_HOST),
    ("https://a,b.test", NO_HOST),
    ("https://a;b.test", NO_HOST),
    ("https://*.test", NO_HOST),
    ("https://<stack>.test", NO_HOST),
    ("https://{zone}.test", NO_HOST),
    ("https://[a.test]", NO_HOST),
    ("https://[::1", NO_HOST),
    ("https://::1", NO_HOST),
    ("https://2001:db8::1", NO_HOST),
    ("https://[::1]a", NO_HOST),
    ("https://[fe80::1%25eth0]", NO_HOST),
    ("https://[v1.a]", NO_HOST),
    ("https://[]", NO_HOST),
    ("https://[:]", IPV6),
    ("https://[:::]", IPV6),
    ("https://[1::2::3]", IPV6),
    ("https://[12345::]", IPV6),
    ("https://[1.2.3.4]", IPV6),
    ("https://[127.0.0.1]", IPV6),
    ("https://[abc]", IPV6),
    # Port.
    ("https://a.test:", NO_HOST),
    ("https://a.test:/otlp", NO_HOST),
    ("https://a.test:0", port("0")),
    ("https://a.test:00000", port("00000")),
    ("https://a.test:65536", port("65536")),
    ("https://a.test:99999", port("99999")),
    ("https://a.test:100000", NO_HOST),
    ("https://a.test:-1", NO_HOST),
    ("https://a.test:+1", NO_HOST),
    ("https://a.test:1.5", NO_HOST),
    ("https://a.test:https", NO_HOST),
    ("https://a.test:443:443", NO_HOST),
    # Path.
    ("https://a.test/v1/traces", V1),
    ("https://a.test/v1/traces/", V1),
    ("https://a.test/one/v1/traces", V1),
    ("https://a.test/otlp/v1/traces/v1/traces", V1),
    ("https://a.test/a//b", PATH),
    ("https://a.test//a", PATH),
    ("https://a.test/..", PATH),
    ("https://a.test/.", PATH),
    ("https://a.test/../otlp/x", PATH),
    ("https://a.test/a/../b", PATH),
    ("https://a.test/a/./b", PATH),
    ("https://a.test/otlp/..", PATH),
    ("https://a.test/%2e%2e", PATH),
    ("https://a.test/a%2fb", PATH),
    ("https://a.test/%6ftlp", PATH),
    ("https://a.test/%", PATH),
    ('https://a.test/"', PATH),
    ("https://a.test/<a>", PATH),
    ("https://a.test/{a}", PATH),
    ("https://a.test/a|b", PATH),
    ("https://a.test/[a]", PATH),
    ("https://a.test/a^b", PATH),
    ("https://a.test/a`b", PATH),
    # Pages of Grafana that are not the endpoint.
    ("https://mystack.grafana.net", PAGE),
    ("https://mystack.grafana.net/", PAGE),
    ("https://MyStack.Grafana.Net/a/app", PAGE),
    ("https://mystack.grafana.net:443", PAGE),
    ("https://mystack.grafana.net/otlp", PAGE),
    ("https://tempo-prod-04-prod-us-east-0.grafana.net/tempo", PAGE),
    ("https://a.otlp-gateway-x.grafana.net", PAGE),
    ("https://grafana.net", PAGE),
    ("https://grafana.com", PAGE),
    ("https://www.grafana.com", PAGE),
    ("https://grafana.com/orgs/mine", PAGE),
    ("http://mystack.grafana.net", PAGE),
    # Plain http that leaves this machine, or may.
    ("http://a.test", PLAIN),
    ("HTTP://a.test", PLAIN),
    (HOST.replace("https", "http"), PLAIN),
    ("http://10.0.0.1", PLAIN),
    ("http://0.0.0.0", PLAIN),
    ("http://128.0.0.1", PLAIN),
    ("http://127.0.0.1.evil.test", PLAIN),
    ("http://127.evil.test", PLAIN),
    ("http://127.1", PLAIN),
    ("http://127.0.0.256", PLAIN),
    ("http://127.0.0.0.1", PLAIN),
    ("http://2130706433", PLAIN),
    ("http://0x7f.1", PLAIN),
    ("http://0x7f000001", PLAIN),
    ("http://0177.0.0.1", PLAIN),
    ("http://localhost.evil.test", PLAIN),
    ("http://localhost.localdomain", PLAIN),
    ("http://notlocalhost", PLAIN),
    ("http://localhost-evil.test", PLAIN),
    ("http://[::2]", PLAIN),
    ("http://[::]", PLAIN),
    ("http://[fe80::1]", PLAIN),
]


def cloud(url: Any, **options: Any) -> Destination:
    return grafana_cloud(url, 123456, KEY, **options)


def problems(*arguments: Any, **options: Any) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        grafana_cloud(*arguments, **options)
    return caught.value.problems


# URLs


@pytest.mark.parametrize(("base_url", "url"), TAKEN)
def test_a_url_that_is_taken_gives_exactly_one_endpoint(base_url: str, url: str) -> None:
    """E4, SND-1: and giving the endpoint itself changes nothing."""
    assert cloud(base_url).url == url
    assert cloud(cloud(base_url).url).url == url


@pytest.mark.parametrize(("base_url", "problem"), REFUSED)
def test_a_url_that_is_refused_says_why(base_url: Any, problem: str) -> None:
    """E4: whatever two parsers could read in two ways."""
    assert problems(base_url, 123456, KEY) == {"base_url": problem}


def test_the_tables_are_long_enough() -> None:
    assert len(TAKEN) + len(REFUSED) >= 200
    assert len({str(base_url) for base_url, _ in (*TAKEN, *REFUSED)}) == len(TAKEN) + len(REFUSED)


@pytest.mark.parametrize("base_url", [url for url, problem in REFUSED if problem == PLAIN])
def test_plain_http_can_be_allowed(base_url: str) -> None:
    host = base_url.lower()

    assert cloud(base_url, allow_plain_http=True).url == f"{host}/otlp/v1/traces"
    assert cloud(host.replace("http", "https")).url == f"{host.replace('http', 'https')}/otlp/v1/traces"


@pytest.mark.parametrize(("base_url", "problem"), [row for row in REFUSED if row[1] != PLAIN])
def test_allowing_plain_http_allows_nothing_else(base_url: Any, problem: str) -> None:
    assert problems(base_url, 123456, KEY, allow_plain_http=True) == {"base_url": problem}


PIECES = st.lists(
    st.sampled_from(
        [
            *("https", "http", "://", ":", "/", "//", "@", "\\", "?", "#", ".", "..", "%2f", "%00", "[", "]"),
            *("::1", "1", "443", "0", "a", "b.test", "-", "_", "localhost", "127.0.0.1", "0x7f", "xn--", "é"),
            *("/otlp", "/v1/traces", " ", "\t", "\n", ";", "&", "=", "*", "grafana.net", "otlp-gateway-"),
        ]
    ),
    max_size=8,
).map("".join)
URLS = st.one_of(
    PIECES,
    PIECES.map(lambda rest: f"https://{rest}"),
    st.text(max_size=20).map(lambda rest: f"https://{rest}"),
    st.from_regex(r"https?://[a-z0-9.\[\]:_-]{1,20}(/[ -~]{0,10}){0,4}", fullmatch=True),
)


@given(URLS)
@example("https://[::1]:443/otlp")
@example("https://a.test:443/a;b")
def test_two_parsers_agree_on_every_url_that_is_taken(text: str) -> None:
    """E4: the host that was checked is the host that gets the key; and f(f(x)) = f(x)."""
    try:
        url = cloud(text, allow_plain_http=True).url
    except ConfigError:
        return
    one, two = urlsplit(url), parse_url(url)

    assert (one.scheme, one.port, one.path) == (two.scheme, two.port, two.path)
    assert one.hostname == (two.host or "").strip("[]")
    assert one.netloc == two.netloc
    assert (one.username, one.query, one.fragment, two.auth, two.query, two.fragment) == (
        *(None, "", ""),
        *(None, None, None),
    )
    assert one.hostname is not None
    assert one.hostname in text.lower()
    assert url.endswith("/otlp/v1/traces")
    assert "/otlp/otlp" not in url
    assert cloud(url, allow_plain_http=True).url == url


# Credentials


def test_a_destination_is_complete() -> None:
    assert cloud(HOST) == Destination(
        url=f"{HOST}/otlp/v1/traces",
        headers=(("Authorization", f"Basic {TOKEN}"),),
        secrets=(TOKEN, KEY),
        searchable_s=240,
    )


@pytest.mark.parametrize("instance_id", [123456, "123456", " 123456 ", "123456\n", "\u00a0123456\t"])
@pytest.mark.parametrize("api_key", [KEY, f" {KEY}", f"{KEY}\r\n", f"\u2003{KEY}\u2003"])
def test_edges_of_credentials_are_trimmed(instance_id: str | int, api_key: str) -> None:
    """E2: what comes along when copying."""
    assert grafana_cloud(HOST, instance_id, api_key) == cloud(HOST)


@pytest.mark.parametrize("instance_id", [0, "0", 10**20 - 1, "9" * 20, "007"])
def test_an_instance_id_is_up_to_twenty_digits(instance_id: str | int) -> None:
    [(_, header)] = grafana_cloud(HOST, instance_id, "k").headers

    assert base64.b64decode(header.reveal()[len("Basic ") :]) == f"{instance_id}:k".encode()


@pytest.mark.parametrize(
    ("instance_id", "found"),
    [
        ("", "nothing"),
        ("  ", "nothing"),
        (None, "nothing"),
        (True, "bool"),
        (1.0, "float"),
        (b"123456", "bytes"),
        ([123456], "list"),
        (-1, "int"),
        (10**20, "int"),
        (10**5000, "int"),
        ("9" * 21, "text of 21 characters"),
        ("12a", "text of 3 characters"),
        ("-5", "text of 2 characters"),
        ("1.5", "text of 3 characters"),
        ("123456:glc_", "text of 11 characters"),
        ("12 34", "text with the invalid character U+0020"),
        ("12\n34", "text with the invalid character U+000A"),
        ("１２３", "text with the invalid character U+FF11"),
        ("\ufeff123", "text with the invalid character U+FEFF"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_is_no_instance_id_is_refused(instance_id: Any, found: str) -> None:
    expected = {"instance_id": f"expected digits such as 123456, got {found}"}

    assert problems(HOST, instance_id, KEY) == expected


@pytest.mark.parametrize("api_key", ["k", "a:b", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "x" * 4096])
def test_an_api_key_is_visible_ascii(api_key: str) -> None:
    """The colon too: only the first one of the pair separates."""
    [(_, header)] = grafana_cloud(HOST, 1, api_key).headers

    assert base64.b64decode(header.reveal()[len("Basic ") :]) == f"1:{api_key}".encode()


@pytest.mark.parametrize(
    ("api_key", "found"),
    [
        ("", "nothing"),
        (" \r\n", "nothing"),
        (None, "nothing"),
        (5, "int"),
        (KEY.encode(), "bytes"),
        ([KEY], "list"),
        ("x" * 4097, "text of 4097 characters"),
        ("glc_a glc_b", "text with the invalid character U+0020"),
        ("glc_a\nX-Evil: 1", "text with the invalid character U+000A"),
        ("glc_a\r\nb", "text with the invalid character U+000D"),
        ("glc_a\x00", "text with the invalid character U+0000"),
        ("glc_a\x7fb", "text with the invalid character U+007F"),
        ("glc_\u200b", "text with the invalid character U+200B"),
        ("\ufeffglc_a", "text with the invalid character U+FEFF"),
        ("glc_é", "text with the invalid character U+00E9"),
        ("“glc_a”", "text with the invalid character U+201C"),
        ("glc_\ud83e", "text with the invalid character U+D83E"),
        ("glc_😀", "text with the invalid character U+1F600"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_what_is_no_api_key_is_refused(api_key: Any, found: str) -> None:
    """E2: named by its field and its first strange character, never by itself."""
    expected = {"api_key": f"expected an API key such as glc_…, got {found}"}

    assert problems(HOST, 1, api_key) == expected


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        grafana_cloud("", "", "")

    assert str(caught.value) == (
        f"base_url: {NOTHING}\n"
        "instance_id: expected digits such as 123456, got nothing\n"
        "api_key: expected an API key such as glc_…, got nothing"
    )
    assert list(caught.value.problems) == ["base_url", "instance_id", "api_key"]


# Nothing is shown


@pytest.mark.parametrize(
    ("base_url", "instance_id", "api_key"),
    [
        (f"https://1:{KEY}@a.test", 1, KEY),
        (f"https://a.test?{KEY}", 1, KEY),
        (HOST, KEY, KEY),
        (HOST, 1, f"{KEY}\n{KEY}"),
        (HOST, 1, f"{KEY}é"),
        (KEY, KEY, KEY + " " + KEY),
    ],
)
def test_no_refusal_shows_a_value(base_url: str, instance_id: str | int, api_key: str) -> None:
    """E1: neither in the message nor in what an error carries."""
    with pytest.raises(ConfigError) as caught:
        grafana_cloud(base_url, instance_id, api_key)

    error = caught.value
    shown = f"{error} {error!r} {error.args} {error.__cause__!r} {error.__context__!r}"
    assert KEY not in shown
    assert KEY[4:12] not in shown


def test_a_destination_shows_where_and_how_many_headers() -> None:
    destination = cloud(HOST)

    assert (
        repr(destination)
        == f"Destination(url='{HOST}/otlp/v1/traces', headers=<1>, method='POST', is_webhook=False)"
    )
    assert str(copy.copy(destination)) == f"{destination}" == repr(destination)


@pytest.mark.parametrize(
    ("text", "secrets", "shown"),
    [
        ("", ("secret",), ""),
        ("nothing", (), "nothing"),
        ("a secret, secrets", ("secret",), "a [secure], [secure]s"),
        ("abcdefghij", ("abcdefghij",), "[secure]"),
        ("-abcdefgh-", ("abcdefghij",), "-[secure]-"),
        ("-abcdefg-", ("abcdefghij",), "-abcdefg-"),
        ("-bcdefghi", ("abcdefghij",), "-[secure]"),
        ("abcdefghabcdefgh", ("abcdefghij",), "[secure]"),
        ("text", ("",), "text"),
    ],
)
def test_secrets_and_their_parts_are_redacted(text: str, secrets: tuple[str, ...], shown: str) -> None:
    assert redacted(text, secrets) == shown


LETTERS = st.sampled_from("xyz0")


@given(
    st.text(LETTERS, min_size=8, max_size=40), st.text(LETTERS, max_size=30), st.text(LETTERS, max_size=30)
)
def test_no_eight_characters_of_a_secret_are_left(secret: str, before: str, after: str) -> None:
    shown = redacted(before + secret[1:9] + after, (secret,))

    assert not any(secret[at : at + 8] in shown for at in range(len(secret) - 7))


@given(st.text(LETTERS, max_size=60))
def test_nothing_but_the_secret_is_taken_away(text: str) -> None:
    assert redacted(text, ("abcdefghij", "")) == text


# Collectors and webhooks

CANARY = "canary_c0ffee_5f2b"


def test_a_collector_gets_the_url_and_the_headers_as_they_are() -> None:
    """Nothing is added to either; what is around a value is taken off, as on the wire."""
    destination = otel_collector(
        "https://a.test/v1/traces/?a=b", {"X-Api-Key": f" {CANARY} ", "b": "two words"}
    )

    assert destination == Destination(
        url="https://a.test/v1/traces/?a=b",
        headers=(("X-Api-Key", CANARY), ("b", "two words")),
        secrets=(CANARY, "two words", "a=b"),
    )


def test_a_webhook_has_a_method_and_takes_any_success() -> None:
    """POST unless PUT is wanted."""
    assert webhook("https://a.test/hook") == Destination(url="https://a.test/hook", is_webhook=True)
    assert webhook("https://a.test/hook", "PUT", {"X-Key": CANARY}) == Destination(
        url="https://a.test/hook",
        headers=(("X-Key", CANARY),),
        secrets=(CANARY,),
        method="PUT",
        is_webhook=True,
    )


@pytest.mark.parametrize("make", [otel_collector, webhook])
def test_neither_header_values_nor_the_query_are_shown(make: Any) -> None:
    """Some servers want their token in the query; both are blacked out of a server's words."""
    destination = make(f"https://a.test/hook?token={CANARY}", headers={"X-Key": CANARY})

    assert repr(destination) == (
        f"Destination(url='https://a.test/hook', headers=<1>, method='POST', is_webhook={make is webhook})"
    )
    assert CANARY not in redacted(f"no such token={CANARY} or {CANARY}", destination.secrets)


HEADERS: list[tuple[Any, dict[str, str]]] = [
    ([], {"headers": "expected names and values, got list"}),
    (CANARY, {"headers": f"expected names and values, got text of {len(CANARY)} characters"}),
    (5, {"headers": "expected names and values, got int"}),
    ({"": "x"}, {"headers[1]": "expected a name of letters, digits and hyphens"}),
    ({"a": "x", CANARY: "x"}, {"headers[2]": "expected a name of letters, digits and hyphens"}),
    ({"a b": "x"}, {"headers[1]": "expected a name of letters, digits and hyphens"}),
    ({"a:": "x"}, {"headers[1]": "expected a name of letters, digits and hyphens"}),
    ({"é": "x"}, {"headers[1]": "expected a name of letters, digits and hyphens"}),
    ({"a\n": "x"}, {"headers[1]": "expected a name of letters, digits and hyphens"}),
    ({5: "x"}, {"headers[1]": "expected a name of letters, digits and hyphens"}),
    ({"a" * 101: "x"}, {"headers[1]": "expected a name of letters, digits and hyphens"}),
    *(
        ({name: "x"}, {f"headers.{name}": "reserved header"})
        for name in (
            *("Content-Type", "content-encoding", "CONTENT-LENGTH"),
            *("Accept-Encoding", "Host", "Transfer-Encoding"),
        )
    ),
    ({"X-Key": ""}, {"headers.X-Key": "expected plain text on one line, got nothing"}),
    ({"X-Key": "  "}, {"headers.X-Key": "expected plain text on one line, got nothing"}),
    ({"X-Key": None}, {"headers.X-Key": "expected plain text on one line, got nothing"}),
    ({"X-Key": 5}, {"headers.X-Key": "expected plain text on one line, got int"}),
    ({"X-Key": [CANARY]}, {"headers.X-Key": "expected plain text on one line, got list"}),
    (
        {"X-Key": f"Bearer {CANARY}\r\nX: y"},
        {"headers.X-Key": "expected plain text on one line, got text with the invalid character U+000D"},
    ),
    (
        {"X-Key": f"{CANARY}é"},
        {"headers.X-Key": "expected plain text on one line, got text with the invalid character U+00E9"},
    ),
    (
        {"X-Key": "x" * 4097},
        {"headers.X-Key": "expected plain text on one line, got text of 4097 characters"},
    ),
    (
        {"X-Key": "", "Host": "x", "good": "x", "?": "x"},
        {
            "headers.X-Key": "expected plain text on one line, got nothing",
            "headers.Host": "reserved header",
            "headers[4]": "expected a name of letters, digits and hyphens",
        },
    ),
]


@pytest.mark.parametrize("make", [otel_collector, webhook])
@pytest.mark.parametrize(("headers", "problems"), HEADERS)
def test_headers_that_cannot_be_sent_are_all_named(make: Any, headers: Any, problems: dict[str, str]) -> None:
    """Names that can be shown are, values never."""
    with pytest.raises(ConfigError) as caught:
        make("https://a.test", headers=headers)

    assert caught.value.problems == problems
    assert CANARY not in repr(caught.value)


@pytest.mark.parametrize("headers", [None, {}])
@pytest.mark.parametrize("make", [otel_collector, webhook])
def test_plain_http_is_fine_where_nothing_secret_travels(make: Any, headers: Any) -> None:
    """As to a Collector beside the program."""
    assert make("http://a.test/x", headers=headers).url == "http://a.test/x"


@pytest.mark.parametrize(("make", "key"), [(otel_collector, "endpoint"), (webhook, "url")])
def test_headers_over_plain_http_need_a_decision(make: Any, key: str) -> None:
    """Not to this machine; and headers that cannot be sent do not hide it."""
    headers = {"X-Key": CANARY}
    plain = "expected https, got http, which would send the headers unencrypted"
    with pytest.raises(ConfigError) as caught:
        make("http://a.test/x", headers=headers)
    with pytest.raises(ConfigError) as both:
        make("http://a.test/x", headers={"Host": "x"})

    assert caught.value.problems == {key: plain}
    assert both.value.problems == {
        key: plain,
        "headers.Host": "reserved header",
    }
    assert make("http://a.test/x", headers=headers, allow_plain_http=True).url == "http://a.test/x"
    assert make("http://localhost/x", headers=headers).url == "http://localhost/x"


@pytest.mark.parametrize("method", ["", "put", "GET", "PATCH", None, 5, [], "PUT\r\n"])
def test_a_webhook_takes_no_other_method(method: Any) -> None:
    """Every fault at once."""
    with pytest.raises(ConfigError) as caught:
        webhook("nowhere", method, {"Host": "x"})

    assert caught.value.problems == {
        "url": "expected a URL that begins with https://",
        "headers.Host": "reserved header",
        "method": "expected POST or PUT",
    }


def test_grafana_cloud_takes_headers_besides() -> None:
    """Their values are secrets too; the one that it makes itself cannot be given."""
    destination = grafana_cloud("https://otlp.test", "123456", KEY, headers={"X-Scope-OrgID": "tenant-1"})

    assert [(name, value.reveal()) for name, value in destination.headers][1:] == [
        ("X-Scope-OrgID", "tenant-1")
    ]
    assert Secret("tenant-1") in destination.secrets
    with pytest.raises(ConfigError) as caught:
        grafana_cloud("https://otlp.test", "x", KEY, headers={"authorization": KEY, "Host": "y"})
    assert set(caught.value.problems) == {"headers.authorization", "headers.Host", "instance_id"}
    assert KEY not in str(caught.value)
