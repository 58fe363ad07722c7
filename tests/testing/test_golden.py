# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Golden files: what is stored, under which name, and what is said of a body that is another."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import InvalidDocument, InvalidValue, encode
from otlpjson.testing.golden import (
    COMPANION,
    MAIN,
    Compare,
    body_of,
    contents,
    disagreement,
    out_of_step,
    stem_of,
)
from otlpjson.testing.indented import indented

from ..cases.bodies import body, span

ONE = encode(body(span(attributes={"amount": 12})))
OTHER = encode(body(span(attributes={"amount": 12.0})))
PAY = 'span eee19b7ec3c1b174 "pay"'


def test_bytes_are_taken_as_they_are_and_traces_are_encoded() -> None:
    """A text is the same as its bytes."""
    assert body_of(b" {}\xff") == b" {}\xff"
    assert body_of('{"é":1}') == '{"é":1}'.encode()
    assert body_of(body(span())) == encode(body(span()))


@pytest.mark.parametrize("given", [{"resourceSpans": []}, None, [b"{}"]])
def test_anything_else_is_refused(given: Any) -> None:
    """In one sentence."""
    kind = "nothing" if given is None else type(given).__name__
    with pytest.raises(InvalidValue) as caught:
        body_of(given)

    assert str(caught.value) == f"golden_otlp: expected TracesData, or the bytes of a body, got {kind}"


@pytest.mark.parametrize(
    ("test", "name", "stem"),
    [
        ("test_pay", None, "test_pay"),
        ("test_pay", "second", "test_pay.second"),
        ("TestPay::test_refund", None, "TestPay.test_refund"),
        ("TestPay::test_refund[eur-1.5]", "a", "TestPay.test_refund-eur-1.5.a"),
        ("test_pay[a/b]", None, "test_pay-a-b-110d7e2a"),
        ("test_pay[a:b]", None, "test_pay-a-b-0d1e4490"),
        ("test_pay", "../../é", "test_pay...-..--917f67c5"),
        ("test_" + "x" * 95, None, "test_" + "x" * 95),
        ("test_" + "x" * 96, None, "test_" + "x" * 86 + "-9e9be7c8"),
    ],
)
def test_a_case_has_a_name_that_is_fit_for_files(test: str, name: str | None, stem: str) -> None:
    """Readable, at most 100 characters, and distinct where characters were replaced."""
    assert stem_of(test, name) == stem
    assert len(stem) <= 100


def test_by_bytes_the_file_holds_them_and_another_is_for_people() -> None:
    """Where they are on one line; a form that is laid out already needs no second one."""
    pretty = b'{\n  "resourceSpans": [\n  ]\n}'

    assert contents(ONE, "bytes") == {MAIN: ONE, COMPANION: indented(ONE)}
    assert contents(ONE + b"\n" + OTHER, "bytes")[COMPANION] == indented(ONE) + indented(OTHER)
    assert contents(pretty, "bytes") == {MAIN: pretty}
    assert contents(b"{}", "bytes") == {MAIN: b"{}"}
    assert contents(b"[1,2,3", "bytes") == {MAIN: b"[1,2,3"}


def test_by_meaning_the_file_is_for_people() -> None:
    """One file; what has no meaning is not stored."""
    assert contents(ONE, "meaning") == {MAIN: indented(ONE)}
    with pytest.raises(InvalidDocument) as caught:
        contents(b"[]", "meaning")
    assert str(caught.value) == "line 1: body: expected an object, got a list (PROTO)"


@pytest.mark.parametrize("compare", ["bytes", "meaning"])
def test_the_same_bytes_agree(compare: Compare) -> None:
    """Whatever they are."""
    assert disagreement(ONE, ONE, compare) == ""
    assert disagreement(b"?", b"?", compare) == ""


def test_by_meaning_bytes_do_not_count() -> None:
    """Neither order nor number form nor white space."""
    turned = ONE.replace(b'"kind":1,', b"").replace(b'"name":', b'"kind" : 1, "name":')
    numbers = ONE.replace(b'{"intValue":"12"}', b'{"intValue":12}')

    assert disagreement(ONE, turned, "meaning") == ""
    assert disagreement(indented(ONE), numbers, "meaning") == ""


def test_a_difference_is_shown_by_meaning_first_and_then_by_bytes() -> None:
    """By meaning the first alone."""
    meaning = (
        "by meaning, 1 difference:\n"
        f"  {PAY}: attributes['amount']: int 12 in the golden file, double 12.0 in this test"
    )
    place = ONE.index(b"intValue")

    assert disagreement(ONE, OTHER, "meaning") == meaning
    assert disagreement(ONE, OTHER, "bytes") == (
        f"{meaning}\n"
        f"by bytes, first at byte {place}, of {len(ONE)} in the golden file and {len(OTHER)} in this test:\n"
        '  the golden file  …s":[{"key":"amount","value":{"intValue":"12"}}]}]}]}]}\n'
        '  this test        …s":[{"key":"amount","value":{"doubleValue":12.0}}]}]}]}]}\n'
        "by lines, both indented:\n"
        "  --- the golden file\n"
        "  +++ this test\n"
        "  @@ -16,5 +16,5 @@\n"
        '            "key": "amount",\n'
        '            "value": {\n'
        '  -          "intValue": "12"\n'
        '  +          "doubleValue": 12.0\n'
        "            }\n"
        "           }"
    )


def test_other_bytes_of_the_same_meaning_are_said_to_be_that() -> None:
    """So that one knows what kind of change it is."""
    assert disagreement(b'{"resourceSpans":[]}', b'{"resourceSpans": []}', "bytes") == (
        "by meaning: no difference\n"
        "by bytes, first at byte 17, of 20 in the golden file and 21 in this test:\n"
        '  the golden file  {"resourceSpans":[]}\n'
        '  this test        {"resourceSpans": []}'
    )


def test_many_differences_are_counted() -> None:
    """Twenty are shown."""
    left, right = (encode(body(span(attributes={f"k{i}": value for i in range(23)}))) for value in (1, 2))
    lines = disagreement(left, right, "meaning").splitlines()

    assert (len(lines), lines[0], lines[-1]) == (22, "by meaning, 23 differences:", "  and 3 more")


@pytest.mark.parametrize("compare", ["bytes", "meaning"])
def test_what_cannot_be_read_is_said(compare: Compare) -> None:
    """Whichever side it is."""
    reason = "line 1: body: expected an object, got a list (PROTO)"

    assert disagreement(b"[]", ONE, compare).splitlines()[0] == (
        f"by meaning: the golden file cannot be read: {reason}"
    )
    assert (
        disagreement(ONE, b"[]", compare).splitlines()[0] == f"by meaning: this test cannot be read: {reason}"
    )


def test_what_is_invalid_on_one_side_alone_is_a_difference() -> None:
    """A lenient reading leaves it out, and so would find both sides the same."""
    bad = ONE.replace(b'"kind":1', b'"kind":1,"links":[{"traceId":"x"}]').replace(
        b'"spans":[', b'"spans":[{},'
    )
    worse = bad.replace(b'"links":[', b'"droppedLinksCount":1,"links":[').replace(b'[{"traceId":"x"}]', b"[]")

    assert disagreement(indented(bad), bad, "meaning") == ""
    assert disagreement(worse, bad, "meaning") == (
        "by meaning, 2 differences:\n"
        "  invalid only in this test: expected 32 hex digits, not all zero, got text 'x'; "
        "the link is left out (DEC-2)\n"
        "  invalid only in this test: expected 16 hex digits, not all zero, got nothing; "
        "the link is left out (VAL-1)"
    )


def test_a_form_for_people_is_checked_against_the_bytes() -> None:
    """Whatever line ends a version control system gave it."""
    assert not out_of_step(ONE, indented(ONE))
    assert not out_of_step(ONE, indented(ONE).replace(b"\n", b"\r\n"))
    assert out_of_step(ONE, indented(OTHER))
