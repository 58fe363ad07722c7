# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Bodies made to be expensive: refused with a sentence, and read with no more work than their size explains."""

from __future__ import annotations

import sys
from typing import Any, Callable, Final

import pytest

from otlpjson import InvalidDocument, decode, decode_lenient
from otlpjson.core.decoder import Decoded

from .cases.bombs import BOMBS, NUMBERS, Bomb
from .cases.documents import document

MEGABYTE: Final = 1_000_000
MOST_CALLS_A_BYTE: Final = 50
"""A span of three bytes, ``{},``, costs about a hundred calls: each of its members is looked for."""


@pytest.mark.slow
@pytest.mark.parametrize(("bomb", "text"), BOMBS.values(), ids=BOMBS.keys())
def test_a_megabyte_is_refused_in_one_sentence(bomb: Bomb, text: str) -> None:
    """DEC-11: depth, repetition, trailing text, marks, tokens and bad spans alike."""
    body = bomb(MEGABYTE)
    with pytest.raises(InvalidDocument) as caught:
        decode(body)

    assert len(body) > 0.9 * MEGABYTE
    assert str(caught.value) == text


@pytest.mark.parametrize(("body_of", "path", "expected"), NUMBERS.values(), ids=NUMBERS.keys())
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_megabyte_of_digits_is_refused(
    body_of: Callable[[str], bytes], path: str, expected: str, quote: str
) -> None:
    """In every place of a number, bare and quoted; shown with sixty characters."""
    words, rule = expected.rsplit(" ", 1)
    shown = f"number {'1' * 60}…" if quote == "" else f"text '{'1' * 59}…"
    with pytest.raises(InvalidDocument) as caught:
        decode(body_of(quote + "1" * MEGABYTE + quote))

    assert str(caught.value) == f"{path}: expected {words}, got {shown} {rule}"


@pytest.mark.parametrize(("body_of", "path", "expected"), NUMBERS.values(), ids=NUMBERS.keys())
@pytest.mark.parametrize("number", ["1e999999999", '"1e999999999"', "-1e999999999", "1e" + "9" * MEGABYTE])
def test_a_long_exponent_is_refused(
    body_of: Callable[[str], bytes], path: str, expected: str, number: str
) -> None:
    """No number is made of it."""
    with pytest.raises(InvalidDocument) as caught:
        decode(body_of(number))

    assert caught.value.path == path


@pytest.mark.parametrize(("body_of", "path", "expected"), NUMBERS.values(), ids=NUMBERS.keys())
@pytest.mark.parametrize("number", ["1" * MEGABYTE, "1e999999999", "1e-999999999"])
def test_a_lenient_reader_tells_of_a_long_number_once(
    body_of: Callable[[str], bytes], path: str, expected: str, number: str
) -> None:
    """And shows no more of it than others."""
    findings = decode_lenient(body_of(number)).findings

    assert [finding.path for finding in findings] == (
        [] if path.endswith("doubleValue") and number.startswith("1e-") else [path]
    )
    assert all(len(str(finding)) < 300 for finding in findings)


@pytest.mark.slow
@pytest.mark.parametrize(("bomb", "text"), BOMBS.values(), ids=BOMBS.keys())
@pytest.mark.parametrize("read", [decode, decode_lenient])
def test_work_is_in_proportion_to_the_size(bomb: Bomb, text: str, read: Callable[[bytes], Any]) -> None:
    """Counted in calls, because time depends on the machine."""
    body = bomb(30_000)

    assert calls(read, body) <= MOST_CALLS_A_BYTE * len(body)


@pytest.mark.slow
def test_findings_are_bounded_in_number_and_in_length() -> None:
    """A million faults in one body are ten thousand findings and a count."""
    decoded = decode_lenient(document(",".join(["{}"] * 100_000)))

    assert isinstance(decoded, Decoded)
    assert (len(decoded.findings), decoded.omitted) == (10_000, 190_000)
    assert max(len(str(finding)) for finding in decoded.findings) < 200


def test_calls_are_counted() -> None:
    """The guard's guard: one call of Python's for each, and those of C."""
    assert calls(lambda body: [chr(byte) for byte in body], b"abc") >= 4


def calls(read: Callable[[bytes], Any], body: bytes) -> int:
    """How many functions were called, Python's and C's, until the body was read or refused."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        read(body)
    except InvalidDocument:
        pass
    finally:
        sys.setprofile(before)
    return count
