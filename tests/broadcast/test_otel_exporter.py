# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The destination of OpenTelemetry's exporter variables: one test or more for each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from otlpjson.broadcast import BroadcastDestination
from otlpjson.broadcast.otel_exporter import of_opentelemetry
from otlpjson.core.errors import ConfigError
from otlpjson.delivery import Destination
from otlpjson.delivery.compression import GZIP, UNCOMPRESSED
from otlpjson.delivery.secret import Secret
from otlpjson.delivery.tls import Tls

from ..delivery.certificates import Certificates
from .test_environment import CANARY, OTEL, STANDARD, plain


def found_in(
    environ: dict[str, str], *, allow_plain_http: bool = False
) -> tuple[BroadcastDestination, tuple[str, ...]]:
    """The destination that the variables name, and what the log should say."""
    found = of_opentelemetry(environ, allow_plain_http=allow_plain_http)
    assert found is not None
    return found


def collector(environ: dict[str, str], *, allow_plain_http: bool = False) -> Destination:
    """The one that OpenTelemetry's variables name."""
    target, notices = found_in(environ, allow_plain_http=allow_plain_http)
    assert notices == ()
    assert (target.name, target.kind, target.account) == ("environment", "otel_collector", "")
    return target.destination


def test_without_an_endpoint_there_is_no_destination() -> None:
    """OpenTelemetry's own default, localhost, is none: nobody asked for it."""
    assert of_opentelemetry({}) is None
    assert of_opentelemetry({f"{OTEL}_ENDPOINT": "", f"{OTEL}_TRACES_ENDPOINT": ""}) is None
    assert of_opentelemetry({f"{OTEL}_HEADERS": "no equals sign"}) is None


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("http://localhost:4318", "http://localhost:4318/v1/traces"),
        ("http://c.test:4318/", "http://c.test:4318/v1/traces"),
        ("https://c.test/x/ ", "https://c.test/x/v1/traces"),
        ("https://c.test/v1/traces", "https://c.test/v1/traces/v1/traces"),
        ("https://c.test?a=b", "https://c.test/v1/traces?a=b"),
        ("https://c.test/x/?a=b/", "https://c.test/x/v1/traces?a=b/"),
    ],
)
def test_the_base_gets_the_path_and_the_traces_endpoint_does_not(base: str, url: str) -> None:
    """SND-1: the specific variable is used as it stands and beats the general one."""
    assert collector({f"{OTEL}_ENDPOINT": base}).url == url
    assert collector({f"{OTEL}_ENDPOINT": CANARY, f"{OTEL}_TRACES_ENDPOINT": url}).url == url
    assert collector({f"{OTEL}_TRACES_ENDPOINT": "https://c.test"}).url == "https://c.test/"


@pytest.mark.parametrize("variable", [f"{OTEL}_TIMEOUT", f"{OTEL}_TRACES_TIMEOUT"])
def test_timeout_variable_is_milliseconds(variable: str) -> None:
    """4.6: 10000 means ten seconds, and is never taken for 10,000 of them."""
    assert collector({**STANDARD, variable: "10000"}).timeout_s == 10.0
    assert collector({**STANDARD, variable: " 1 "}).timeout_s == 0.001
    assert collector({**STANDARD, f"{OTEL}_TIMEOUT": "1", f"{OTEL}_TRACES_TIMEOUT": "2"}).timeout_s == 0.002
    assert collector({**STANDARD, variable: ""}).timeout_s is None
    for wrong in ("soon", "0", "-1", "1.5", "3600001", "9" * 5000, "١"):
        target, notices = found_in({**STANDARD, variable: wrong})
        assert target.destination.timeout_s is None
        assert notices == (f"{variable} is not used: expected milliseconds, 1 to 3600000",)


@pytest.mark.parametrize("variable", [f"{OTEL}_COMPRESSION", f"{OTEL}_TRACES_COMPRESSION"])
def test_compression_is_gzip_or_none(variable: str) -> None:
    """Another name is ignored with a notice, as the specification demands."""
    assert collector({**STANDARD, variable: "none"}).compression is UNCOMPRESSED
    assert collector({**STANDARD, variable: "gzip"}).compression is GZIP
    assert collector(STANDARD).compression is GZIP
    target, notices = found_in({**STANDARD, variable: "zstd"})
    assert target.destination.compression is GZIP
    assert notices == (f"{variable} is not used: expected gzip or none",)


@pytest.mark.parametrize("variable", [f"{OTEL}_PROTOCOL", f"{OTEL}_TRACES_PROTOCOL"])
def test_the_protocol_is_json_over_http(variable: str) -> None:
    """Protobuf is what Grafana's own snippet sets: its endpoint accepts JSON too."""
    assert collector({**STANDARD, variable: "http/json"}) == collector(STANDARD)
    target, notices = found_in({**STANDARD, variable: "http/protobuf"})
    assert target.destination == collector(STANDARD)
    assert notices == (f"{variable} is http/protobuf; JSON is sent to the same URL",)
    for protocol, reason in (
        ("grpc", "grpc is not supported; set it to http/json and use the HTTP endpoint"),
        ("thrift", "expected http/json or http/protobuf"),
    ):
        with pytest.raises(ConfigError) as caught:
            of_opentelemetry({**STANDARD, variable: protocol})
        assert caught.value.problems == {variable: reason}


@pytest.mark.parametrize("infix", ["", "_TRACES"])
def test_certificates_are_files(infix: str, tmp_path: Path) -> None:
    """Whom to trust, and who this side is; each that is no such file is named."""
    files = Certificates.made(tmp_path)
    names = {
        f"{OTEL}{infix}_CERTIFICATE": str(files.authority),
        f"{OTEL}{infix}_CLIENT_CERTIFICATE": str(files.here),
        f"{OTEL}{infix}_CLIENT_KEY": str(files.here),
    }
    assert collector({**STANDARD, **names}).tls == Tls(
        ca_file=str(files.authority), client_certificate=str(files.here), client_key=str(files.here)
    )
    pair = "expected PEM files of a certificate and of its key without a password"
    for number, (variable, reason) in enumerate(zip(names, ("expected a PEM file, got ", pair, pair))):
        wrong = {variable: str(tmp_path / "missing")}
        with pytest.raises(ConfigError) as caught:
            of_opentelemetry({**STANDARD, **(wrong if number != 2 else {**names, **wrong})})
        assert list(caught.value.problems) == [variable]
        assert caught.value.problems[variable].startswith(reason)
    with pytest.raises(ConfigError) as caught:
        of_opentelemetry({**STANDARD, f"{OTEL}{infix}_CLIENT_KEY": str(files.here)})
    assert caught.value.problems == {f"{OTEL}{infix}_CLIENT_KEY": pair}


def test_headers_are_decoded_and_merged() -> None:
    """SND-8: per name, whatever its case, and the specific variable wins."""
    destination = collector(
        {
            **STANDARD,
            f"{OTEL}_HEADERS": f"X-Key = {CANARY}%3D= ,Authorization=Basic%20YTpi+Yw==,, \t",
            f"{OTEL}_TRACES_HEADERS": "x-key=other,tenant=a b",
        }
    )

    assert plain(destination) == [
        ("x-key", "other"),
        ("authorization", "Basic YTpi+Yw=="),
        ("tenant", "a b"),
    ]
    assert collector({**STANDARD, f"{OTEL}_HEADERS": f"k={CANARY}"}).secrets == (Secret(CANARY),)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({f"{OTEL}_ENDPOINT": "c.test"}, {f"{OTEL}_ENDPOINT": "expected a URL that begins with https://"}),
        (
            {f"{OTEL}_TRACES_ENDPOINT": f"https://c.test/#{CANARY}"},
            {f"{OTEL}_TRACES_ENDPOINT": "expected a URL without a fragment"},
        ),
        (
            {**STANDARD, f"{OTEL}_HEADERS": f"{CANARY},a=b"},
            {f"{OTEL}_HEADERS": "expected name=value pairs, separated by commas"},
        ),
        (
            {f"{OTEL}_ENDPOINT": "c.test", f"{OTEL}_TRACES_HEADERS": CANARY.replace("_", "-")},
            {
                f"{OTEL}_ENDPOINT": "expected a URL that begins with https://",
                f"{OTEL}_TRACES_HEADERS": "expected name=value pairs, separated by commas",
            },
        ),
        (
            {
                f"{OTEL}_TRACES_ENDPOINT": "c.test",
                f"{OTEL}_HEADERS": f"a=b,x-key={CANARY}%0D%0Ax:y,host={CANARY}",
                f"{OTEL}_TRACES_HEADERS": f"{CANARY}=b,HOST={CANARY},utf={CANARY}%FF",
            },
            {
                f"{OTEL}_TRACES_ENDPOINT": "expected a URL that begins with https://",
                f"{OTEL}_HEADERS.x-key": "expected plain text on one line, "
                "got text with the invalid character U+000D",
                f"{OTEL}_TRACES_HEADERS.host": "reserved header",
                f"{OTEL}_TRACES_HEADERS": "expected a name of letters, digits and hyphens",
                f"{OTEL}_TRACES_HEADERS.utf": "expected plain text on one line, "
                "got text with the invalid character U+FFFD",
            },
        ),
        (
            {f"{OTEL}_ENDPOINT": "http://c.test", f"{OTEL}_HEADERS": f"a={CANARY}"},
            {f"{OTEL}_ENDPOINT": "expected https, got http, which would send the headers unencrypted"},
        ),
    ],
)
def test_wrong_standard_variables_are_all_named(environ: dict[str, str], expected: dict[str, str]) -> None:
    """Each by its own name, and without a value."""
    with pytest.raises(ConfigError) as caught:
        of_opentelemetry(environ)

    assert caught.value.problems == expected
    assert CANARY not in repr(caught.value)
    assert CANARY.replace("_", "-") not in repr(caught.value)
