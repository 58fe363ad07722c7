# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Scalars of OTLP/JSON: what is read as what, what is refused, and what a lenient reader makes of it."""

from __future__ import annotations

import base64
import sys
from typing import Any, Final

import pytest

from otlpjson import InvalidDocument
from otlpjson.core import decode_scalars as scalars
from otlpjson.core.findings import Findings, Path, Severity

from ..readings import Fault, Reads, case_id, lenient, same, strict

TRACE_ID: Final = "5b8efff798038103d269b633813fc60c"
SPAN_ID: Final = "eee19b7ec3c1b174"
DIGITS: Final = "1234567890" * 10


def trace_id(raw: Any, path: Path, findings: Findings) -> str | None:
    """A trace id, as for a span."""
    return scalars.identifier(raw, 32, path, findings, "the span is left out")


def span_id(raw: Any, path: Path, findings: Findings) -> str | None:
    """A span id, as for a link."""
    return scalars.identifier(raw, 16, path, findings, "the link is left out")


def kind(raw: Any, path: Path, findings: Findings) -> int:
    """The number of an enum with two members."""
    return scalars.enum_number(raw, path, findings, {"KIND_NONE": 0, "KIND_ONE": 1})


# What is right: the function, the JSON text, the value.
RIGHT: Final[list[tuple[Reads, str, Any]]] = [
    (scalars.text, '""', ""),
    (scalars.text, '"caf\\u00e9 \\ud83d\\ude00 \\u0000 \\/"', "café 😀 \0 /"),
    (scalars.boolean, "true", True),
    (scalars.boolean, "false", False),
    (trace_id, f'"{TRACE_ID}"', TRACE_ID),
    (trace_id, f'"{TRACE_ID.upper()}"', TRACE_ID),
    (span_id, f'"{SPAN_ID}"', SPAN_ID),
    (span_id, f'"{SPAN_ID.title()}"', SPAN_ID),
    (span_id, '"0000000000000001"', "0000000000000001"),
    (scalars.trace_state, '"k=v"', "k=v"),
    (scalars.trace_state, '"a=1, b=2"', "a=1, b=2"),
    (scalars.trace_state, '""', ""),
    (scalars.uint32, "0", 0),
    (scalars.uint32, "4294967295", 2**32 - 1),
    (scalars.uint32, '"4294967295"', 2**32 - 1),
    (scalars.uint32, '"007"', 7),
    (scalars.nanoseconds, '"0"', 0),
    (scalars.nanoseconds, '"1771005600000000001"', 1771005600000000001),
    (scalars.nanoseconds, "1771005600000000001", 1771005600000000001),
    (scalars.nanoseconds, '"18446744073709551615"', 2**64 - 1),
    (scalars.nanoseconds, "18446744073709551615", 2**64 - 1),
    (scalars.nanoseconds, '"007"', 7),
    (scalars.nanoseconds, f'"{"0" * 100}7"', 7),
    (kind, "0", 0),
    (kind, "1", 1),
    (scalars.int64, '"0"', 0),
    (scalars.int64, "0", 0),
    (scalars.int64, '"-0"', 0),
    (scalars.int64, "-0", 0),
    (scalars.int64, '"42"', 42),
    (scalars.int64, "9007199254740993", 2**53 + 1),
    (scalars.int64, '"9223372036854775807"', 2**63 - 1),
    (scalars.int64, "9223372036854775807", 2**63 - 1),
    (scalars.int64, '"-9223372036854775808"', -(2**63)),
    (scalars.int64, "-9223372036854775808", -(2**63)),
    (scalars.double, "0", 0.0),
    (scalars.double, "0.0", 0.0),
    (scalars.double, "-0", -0.0),
    (scalars.double, "-0.0", -0.0),
    (scalars.double, '"-0"', -0.0),
    (scalars.double, "1", 1.0),
    (scalars.double, "51.5", 51.5),
    (scalars.double, '"51.5"', 51.5),
    (scalars.double, "1e2", 100.0),
    (scalars.double, "1E+2", 100.0),
    (scalars.double, "5e-324", 5e-324),
    (scalars.double, "2.2250738585072014e-308", sys.float_info.min),
    (scalars.double, "1.7976931348623157e+308", sys.float_info.max),
    (scalars.double, "-1.7976931348623157e308", -sys.float_info.max),
    (scalars.double, "1e-999999999", 0.0),
    (scalars.double, "9007199254740993", 9007199254740992.0),
    (scalars.double, DIGITS, 1.2345678901234568e99),
    (scalars.double, '"NaN"', float("nan")),
    (scalars.double, '"Infinity"', float("inf")),
    (scalars.double, '"-Infinity"', float("-inf")),
    (scalars.octets, '""', b""),
    (scalars.octets, '"AA=="', b"\0"),
    (scalars.octets, '"///+AA=="', b"\xff\xff\xfe\0"),
    (scalars.octets, '"AAA="', b"\0\0"),
    (scalars.octets, '"AAAA"', b"\0\0\0"),
    (scalars.octets, '"AAAX"', b"\0\0\x17"),
    (scalars.octets, '"\\/\\/\\/+"', b"\xff\xff\xfe"),
]

NOT_TEXT: Final = ("PROTO", "text")
NOT_BOOL: Final = ("PROTO", "true or false")
NOT_TRACE_ID: Final = "32 hex digits, not all zero"
NOT_SPAN_ID: Final = "16 hex digits, not all zero"
NOT_STATE: Final = ("VAL-4", "a W3C trace state such as 'vendor=value'")
NOT_WHOLE: Final = ("PROTO", "a whole number, bare or as decimal text")
INTEGRAL: Final = ("DEC-5", "a whole number")
NOT_UINT32: Final = ("PROTO", "a whole number from 0 to 2**32 - 1")
NOT_TIME: Final = ("VAL-2", "nanoseconds since 1970, 0 to 2**64 - 1")
NOT_ENUM: Final = ("DEC-3", "the number of an enum's member")
NOT_INT64: Final = ("ENC-11", "a whole number within int64")
NOT_DOUBLE: Final = ("DEC-9", 'a number, "NaN", "Infinity" or "-Infinity"')
TOO_LARGE: Final = ("DEC-9", "a number within a double's range")
NOT_BASE64: Final = ("DEC-8", "base64")
TEXT_OF_DIGITS: Final = "read as text"

# What is wrong: a strict reader refuses it with this text, a lenient one takes it for the value.
WRONG: Final[list[tuple[Reads, Fault]]] = [
    (scalars.text, Fault("5", None, *NOT_TEXT, "number 5", "left out")),
    (scalars.text, Fault("1.50", None, *NOT_TEXT, "number 1.50", "left out")),
    (scalars.text, Fault("true", None, *NOT_TEXT, "true", "left out")),
    (scalars.text, Fault("[]", None, *NOT_TEXT, "a list", "left out")),
    (scalars.text, Fault('{"a":1,"a":2}', None, *NOT_TEXT, "an object", "left out")),
    (
        scalars.text,
        Fault(
            '"a\\ud800b\\udfff"',
            "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}",
            *("ENC-5", "", "lone surrogate"),
            "read as U+FFFD",
        ),
    ),
    (scalars.boolean, Fault('"true"', None, *NOT_BOOL, "text 'true'", "left out")),
    (scalars.boolean, Fault("1", None, *NOT_BOOL, "number 1", "left out")),
    (scalars.boolean, Fault("0", None, *NOT_BOOL, "number 0", "left out")),
    (trace_id, Fault('"5b8e"', None, "DEC-2", NOT_TRACE_ID, "text '5b8e'", "the span is left out")),
    (
        trace_id,
        Fault(f'"{TRACE_ID}0"', None, "DEC-2", NOT_TRACE_ID, f"text '{TRACE_ID}0'", "the span is left out"),
    ),
    (
        trace_id,
        Fault(
            '"W47/95gDgQPSabYzgT/GDA=="',
            "5b8efff798038103d269b633813fc60c",
            *("DEC-2", "", "ids in base64, as Tempo's API writes them", "read as hex digits"),
        ),
    ),
    *(
        (
            trace_id,
            Fault(f'"{text}"', None, "DEC-2", NOT_TRACE_ID, f"text '{text}'", "the span is left out"),
        )
        # Of another length, with characters that base64 does not have, or all zero.
        for text in (
            "W47/95gDgQPSabYzgT/GDQ",
            "W47!95gDgQPSabYzgT/GDA==",
            "AAAAAAAAAAAAAAAAAAAAAA==",
            "W47/95gDgQPSabYzgT/GDAAA",
        )
    ),
    (trace_id, Fault('""', None, "VAL-1", NOT_TRACE_ID, "text ''", "the span is left out")),
    (
        trace_id,
        Fault(f'"{"0" * 32}"', None, "VAL-1", NOT_TRACE_ID, f"text '{'0' * 32}'", "the span is left out"),
    ),
    (trace_id, Fault('"X00X"', None, "DEC-2", NOT_TRACE_ID, "text 'X00X'", "the span is left out")),
    (trace_id, Fault("17", None, "DEC-2", NOT_TRACE_ID, "number 17", "the span is left out")),
    (trace_id, Fault("null", None, "VAL-1", NOT_TRACE_ID, "nothing", "the span is left out")),
    (
        span_id,
        Fault(
            '"ab cd ef 0123456"',
            None,
            *("DEC-2", NOT_SPAN_ID, "text 'ab cd ef 0123456'", "the link is left out"),
        ),
    ),
    (
        span_id,
        Fault(
            '"eee19b7ec3c1b17\\uff14"',
            None,
            *("DEC-2", NOT_SPAN_ID, r"text 'eee19b7ec3c1b17\uff14'", "the link is left out"),
        ),
    ),
    (
        span_id,
        Fault(f'"{TRACE_ID}"', None, "DEC-2", NOT_SPAN_ID, f"text '{TRACE_ID}'", "the link is left out"),
    ),
    (
        span_id,
        Fault(f'"{SPAN_ID}\\n"', None, "DEC-2", NOT_SPAN_ID, rf"text '{SPAN_ID}\n'", "the link is left out"),
    ),
    (scalars.trace_state, Fault("7", "", *NOT_TEXT, "number 7", "left out")),
    (scalars.uint32, Fault("-1", 0, *NOT_UINT32, "number -1", "left out")),
    (scalars.uint32, Fault("4294967296", 0, *NOT_UINT32, "number 4294967296", "left out")),
    (scalars.uint32, Fault('"4294967296"', 0, *NOT_UINT32, "text '4294967296'", "left out")),
    (scalars.uint32, Fault("true", 0, *NOT_WHOLE, "true", "left out")),
    (scalars.uint32, Fault("1.5", 0, *NOT_WHOLE, "number 1.5", "left out")),
    (scalars.uint32, Fault('"1_0"', 0, *NOT_WHOLE, "text '1_0'", "left out")),
    (scalars.uint32, Fault("3.0", 3, *INTEGRAL, "number 3.0", "read as 3")),
    (scalars.nanoseconds, Fault('"-1"', 0, *NOT_TIME, "text '-1'", "read as 0")),
    (scalars.nanoseconds, Fault("-1", 0, *NOT_TIME, "number -1", "read as 0")),
    (
        scalars.nanoseconds,
        Fault(
            '"18446744073709551616"',
            2**64 - 1,
            *NOT_TIME,
            "text '18446744073709551616'",
            "read as 18446744073709551615",
        ),
    ),
    (
        scalars.nanoseconds,
        Fault(DIGITS, 2**64 - 1, *NOT_TIME, f"number {DIGITS[:60]}…", "read as 18446744073709551615"),
    ),
    (scalars.nanoseconds, Fault("1.0", 1, *INTEGRAL, "number 1.0", "read as 1")),
    (scalars.nanoseconds, Fault("1e18", 10**18, *INTEGRAL, "number 1e18", f"read as {10**18}")),
    (scalars.nanoseconds, Fault('"1e18"', 10**18, *INTEGRAL, "text '1e18'", f"read as {10**18}")),
    (scalars.nanoseconds, Fault("15e-1", 0, *NOT_WHOLE, "number 15e-1", "left out")),
    (scalars.nanoseconds, Fault("1e40", 0, *NOT_WHOLE, "number 1e40", "left out")),
    (scalars.nanoseconds, Fault("1e999999999", 0, *NOT_WHOLE, "number 1e999999999", "left out")),
    (scalars.nanoseconds, Fault("1e-999999999", 0, *NOT_WHOLE, "number 1e-999999999", "left out")),
    (scalars.nanoseconds, Fault('"+1"', 0, *NOT_WHOLE, "text '+1'", "left out")),
    (scalars.nanoseconds, Fault('" 1"', 0, *NOT_WHOLE, "text ' 1'", "left out")),
    (scalars.nanoseconds, Fault('"1\\n"', 0, *NOT_WHOLE, r"text '1\n'", "left out")),
    (scalars.nanoseconds, Fault('""', 0, *NOT_WHOLE, "text ''", "left out")),
    (scalars.nanoseconds, Fault('"1_0"', 0, *NOT_WHOLE, "text '1_0'", "left out")),
    (scalars.nanoseconds, Fault('"\\u0661"', 0, *NOT_WHOLE, r"text '\u0661'", "left out")),
    (scalars.nanoseconds, Fault("true", 0, *NOT_WHOLE, "true", "left out")),
    (scalars.nanoseconds, Fault("NaN", 0, *NOT_WHOLE, "NaN, which is not JSON", "left out")),
    (scalars.nanoseconds, Fault("{}", 0, *NOT_WHOLE, "an object", "left out")),
    (kind, Fault('"KIND_ONE"', 1, *NOT_ENUM, "text 'KIND_ONE'", "read as 1")),
    (kind, Fault('"KIND_NONE"', 0, *NOT_ENUM, "text 'KIND_NONE'", "read as 0")),
    (kind, Fault('"kind_one"', 0, *NOT_ENUM, "text 'kind_one'", "left out")),
    (kind, Fault('"1"', 1, *NOT_ENUM, "text '1'", "read as 1")),
    (kind, Fault('"-7"', -7, *NOT_ENUM, "text '-7'", "read as -7")),
    (kind, Fault('"2147483647"', 2**31 - 1, *NOT_ENUM, "text '2147483647'", "read as 2147483647")),
    (kind, Fault('"-2147483648"', -(2**31), *NOT_ENUM, "text '-2147483648'", "read as -2147483648")),
    (kind, Fault('"-2147483649"', 0, *NOT_ENUM, "text '-2147483649'", "left out")),
    (kind, Fault('"2147483648"', 0, *NOT_ENUM, "text '2147483648'", "left out")),
    (kind, Fault('""', 0, *NOT_ENUM, "text ''", "left out")),
    (kind, Fault("1.0", 1, *NOT_ENUM, "number 1.0", "read as 1")),
    (kind, Fault("1e2", 100, *NOT_ENUM, "number 1e2", "read as 100")),
    (kind, Fault("1.5", 0, *NOT_ENUM, "number 1.5", "left out")),
    (kind, Fault("2147483648", 0, *NOT_ENUM, "number 2147483648", "left out")),
    (kind, Fault("-2147483649", 0, *NOT_ENUM, "number -2147483649", "left out")),
    (kind, Fault("true", 0, *NOT_ENUM, "true", "left out")),
    (
        scalars.int64,
        Fault(
            '"9223372036854775808"',
            "9223372036854775808",
            *NOT_INT64,
            "text '9223372036854775808'",
            TEXT_OF_DIGITS,
        ),
    ),
    (
        scalars.int64,
        Fault(
            "-9223372036854775809",
            "-9223372036854775809",
            *NOT_INT64,
            "number -9223372036854775809",
            TEXT_OF_DIGITS,
        ),
    ),
    (scalars.int64, Fault(DIGITS, DIGITS, *NOT_INT64, f"number {DIGITS[:60]}…", TEXT_OF_DIGITS)),
    (scalars.int64, Fault(f'"{DIGITS}"', DIGITS, *NOT_INT64, f"text '{DIGITS[:59]}…", TEXT_OF_DIGITS)),
    (scalars.int64, Fault("1." + "0" * 38, 1, *INTEGRAL, "number 1." + "0" * 38, "read as 1")),
    (scalars.int64, Fault("1." + "0" * 39, None, *NOT_WHOLE, "number 1." + "0" * 39, "left out")),
    (scalars.int64, Fault("5.0", 5, *INTEGRAL, "number 5.0", "read as 5")),
    (scalars.int64, Fault("1e3", 1000, *INTEGRAL, "number 1e3", "read as 1000")),
    (scalars.int64, Fault("-5.0", -5, *INTEGRAL, "number -5.0", "read as -5")),
    (scalars.int64, Fault("5.5", None, *NOT_WHOLE, "number 5.5", "left out")),
    (scalars.int64, Fault('""', None, *NOT_WHOLE, "text ''", "left out")),
    (scalars.int64, Fault('"C.A"', None, *NOT_WHOLE, "text 'C.A'", "left out")),
    (scalars.int64, Fault("true", None, *NOT_WHOLE, "true", "left out")),
    (scalars.int64, Fault("[]", None, *NOT_WHOLE, "a list", "left out")),
    (scalars.double, Fault("NaN", float("nan"), *NOT_DOUBLE, "NaN, which is not JSON", "read as NaN")),
    (
        scalars.double,
        Fault("Infinity", float("inf"), *NOT_DOUBLE, "Infinity, which is not JSON", "read as Infinity"),
    ),
    (
        scalars.double,
        Fault("-Infinity", float("-inf"), *NOT_DOUBLE, "-Infinity, which is not JSON", "read as -Infinity"),
    ),
    (scalars.double, Fault("1e999", "1e999", *TOO_LARGE, "number 1e999", "read as text")),
    (scalars.double, Fault('"-1e999"', "-1e999", *TOO_LARGE, "text '-1e999'", "read as text")),
    (
        scalars.double,
        Fault("1e999999999", "1e999999999", *TOO_LARGE, "number 1e999999999", "read as text"),
    ),
    (scalars.double, Fault('"inf"', float("inf"), *NOT_DOUBLE, "text 'inf'", "read as inf")),
    (scalars.double, Fault('"nan"', float("nan"), *NOT_DOUBLE, "text 'nan'", "read as nan")),
    (scalars.double, Fault('"+Infinity"', float("inf"), *NOT_DOUBLE, "text '+Infinity'", "read as inf")),
    (scalars.double, Fault('"-inf"', float("-inf"), *NOT_DOUBLE, "text '-inf'", "read as -inf")),
    (scalars.double, Fault('""', None, *NOT_DOUBLE, "text ''", "left out")),
    (scalars.double, Fault('"0x1p-2"', None, *NOT_DOUBLE, "text '0x1p-2'", "left out")),
    (scalars.double, Fault('"1_0"', None, *NOT_DOUBLE, "text '1_0'", "left out")),
    (scalars.double, Fault('" 1"', None, *NOT_DOUBLE, "text ' 1'", "left out")),
    (scalars.double, Fault('".5"', None, *NOT_DOUBLE, "text '.5'", "left out")),
    (scalars.double, Fault("true", None, *NOT_DOUBLE, "true", "left out")),
    (scalars.double, Fault("[]", None, *NOT_DOUBLE, "a list", "left out")),
    (scalars.octets, Fault('"A"', None, *NOT_BASE64, "text 'A'", "left out")),
    (scalars.octets, Fault('"AAAAA"', None, *NOT_BASE64, "text 'AAAAA'", "left out")),
    (scalars.octets, Fault('"AA="', None, *NOT_BASE64, "text 'AA='", "left out")),
    (scalars.octets, Fault('"AAAA="', None, *NOT_BASE64, "text 'AAAA='", "left out")),
    (scalars.octets, Fault('"A==="', None, *NOT_BASE64, "text 'A==='", "left out")),
    (scalars.octets, Fault('"===="', None, *NOT_BASE64, "text '===='", "left out")),
    (scalars.octets, Fault('"AA==AA=="', None, *NOT_BASE64, "text 'AA==AA=='", "left out")),
    (scalars.octets, Fault('"_/AA"', None, *NOT_BASE64, "text '_/AA'", "left out")),
    (scalars.octets, Fault('"AA\\nAA"', None, *NOT_BASE64, r"text 'AA\nAA'", "left out")),
    (scalars.octets, Fault('"AA A"', None, *NOT_BASE64, "text 'AA A'", "left out")),
    (scalars.octets, Fault("[1]", None, *NOT_BASE64, "a list", "left out")),
]

# What every reader takes, but with a warning.
UNKNOWN: Final = ("DEC-3", "a number from 0 to 1")
OTHER_FORM: Final = (
    *("ENC-6", "padded standard base64", "a URL-safe or unpadded form, which the Collector refuses"),
    "",
)
ODD: Final[list[tuple[Reads, Fault]]] = [
    (kind, Fault("2", 2, *UNKNOWN, "number 2", "kept")),
    (kind, Fault("42", 42, *UNKNOWN, "number 42", "kept")),
    (kind, Fault("-1", -1, *UNKNOWN, "number -1", "kept")),
    (kind, Fault("2147483647", 2**31 - 1, *UNKNOWN, "number 2147483647", "kept")),
    (kind, Fault("-2147483648", -(2**31), *UNKNOWN, "number -2147483648", "kept")),
    (scalars.octets, Fault('"-_-_"', b"\xfb\xff\xbf", *OTHER_FORM)),
    (scalars.octets, Fault('"____"', b"\xff\xff\xff", *OTHER_FORM)),
    (scalars.octets, Fault('"--=="', b"\xfb", *OTHER_FORM)),
    (scalars.octets, Fault('"AA"', b"\0", *OTHER_FORM)),
    (scalars.octets, Fault('"AAAAAA"', bytes(4), *OTHER_FORM)),
    (scalars.octets, Fault('"AAAAAAAAAA"', bytes(7), *OTHER_FORM)),
    (scalars.octets, Fault('"+/+"', b"\xfb\xff", *OTHER_FORM)),
    (scalars.trace_state, Fault('"no value"', "no value", *NOT_STATE, "text 'no value'", "")),
    (scalars.trace_state, Fault('"a=1,a=2"', "a=1,a=2", *NOT_STATE, "text 'a=1,a=2'", "")),
]


@pytest.mark.parametrize(("read", "json", "value"), RIGHT, ids=case_id)
def test_a_right_value_is_read_without_a_finding(read: Reads, json: str, value: Any) -> None:
    """DEC-2, DEC-4, DEC-8, DEC-9: defaults and extremes, quoted and bare."""
    for reading in (lenient, strict):
        got, findings = reading(read, json)

        assert same(got, value)
        assert findings == []


@pytest.mark.parametrize(("read", "fault"), WRONG, ids=case_id)
def test_a_strict_reader_refuses_a_wrong_value(read: Reads, fault: Fault) -> None:
    """DEC-2, DEC-3, DEC-5, DEC-8, DEC-9, ENC-5, ENC-11, VAL-1, VAL-2: with the whole sentence."""
    with pytest.raises(InvalidDocument) as caught:
        strict(read, fault.json)

    assert str(caught.value) == fault.refusal
    assert caught.value.rule == fault.rule


@pytest.mark.parametrize(("read", "fault"), WRONG, ids=case_id)
def test_a_lenient_reader_repairs_a_wrong_value(read: Reads, fault: Fault) -> None:
    """The same fault is told as a finding, and with it what was made of the value."""
    got, findings = lenient(read, fault.json)

    assert same(got, fault.value)
    assert findings == [fault.finding()]


@pytest.mark.parametrize(("read", "fault"), ODD, ids=case_id)
def test_every_reader_takes_an_odd_value_with_a_warning(read: Reads, fault: Fault) -> None:
    """DEC-3: unknown numbers are kept; DEC-8: other forms of base64 are read exactly; VAL-4: any text is kept."""
    for reading in (lenient, strict):
        got, findings = reading(read, fault.json)

        assert same(got, fault.value)
        assert findings == [fault.finding(Severity.WARNING)]


def test_every_byte_value_is_read_in_four_forms() -> None:
    """DEC-8: standard and URL-safe, padded and not."""
    data = bytes(range(256))
    standard, url_safe = base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()

    for written in (standard, url_safe, standard.rstrip("="), url_safe.rstrip("=")):
        assert strict(scalars.octets, f'"{written}"')[0] == data


@pytest.mark.parametrize(
    ("json", "text"), [("1e30", "1" + "0" * 30), ("-1.0e20", "-1" + "0" * 20), ('"1e19"', "1" + "0" * 19)]
)
def test_a_number_wrong_in_two_ways_is_told_twice(json: str, text: str) -> None:
    """DEC-5, ENC-11: it is read as a whole number, and that is too large."""
    got, findings = lenient(scalars.int64, json)

    assert got == text
    assert [(finding.rule, finding.repair) for finding in findings] == [
        ("DEC-5", f"read as {text}"),
        ("ENC-11", TEXT_OF_DIGITS),
    ]


def test_a_long_text_is_shown_shortened() -> None:
    """At most 60 characters of it, and as ASCII."""
    got, findings = lenient(scalars.boolean, f'"{"é" * 1000}"')

    assert got is None
    assert [finding.found for finding in findings] == ["text '" + r"\xe9" * 14 + r"\xe…"]
