# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
opentelemetry-proto-json 0.66b1 really does what our tests by name say that we do not.

Where this fails, it was mended there.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from otlpjson import InvalidDocument, decode
from otlpjson.inspect.checker import check

from ..cases.rules import EXAMPLES
from ..node_ids import exists
from . import official

DECODE: Final = "tests/core/test_decoder.py::"
# Example, and what is read of it; our strict reader refuses each.
READ: Final = {
    "an id of four digits": f"{DECODE}test_id_of_wrong_length_is_an_error",
    "an id with spaces": f"{DECODE}test_id_of_wrong_length_is_an_error",
    "a time below zero": f"{DECODE}test_number_out_of_range_is_an_error",
    "an integer with an underscore": f"{DECODE}test_number_out_of_range_is_an_error",
    "flags that are true": f"{DECODE}test_number_out_of_range_is_an_error",
    "flags of 2^32": f"{DECODE}test_number_out_of_range_is_an_error",
    "NaN without quotes": f"{DECODE}test_bare_nan_is_an_error",
}
# Our strict reader reads each.
REFUSED: Final = {
    "an unknown kind": f"{DECODE}test_unknown_kind_is_kept",
    "flags as a text": f"{DECODE}test_quoted_32_bit_number_is_read",
}
OTHERS: Final = (
    f"{DECODE}test_url_safe_base64_is_read_exactly",
    f"{DECODE}test_snake_case_keys_are_counted",
)


@pytest.mark.parametrize("example", READ)
def test_it_reads_what_is_wrong(example: str) -> None:
    """Without a word; the table in ``docs/rules.md`` says as what."""
    assert official.read(EXAMPLES[example].body) != []
    with pytest.raises(InvalidDocument):
        decode(EXAMPLES[example].body)


@pytest.mark.parametrize("example", REFUSED)
def test_it_refuses_what_is_right(example: str) -> None:
    """With an error that costs the whole body."""
    with pytest.raises((ValueError, TypeError)):
        official.read(EXAMPLES[example].body)
    assert decode(EXAMPLES[example].body).resource_spans != ()


def test_it_reads_url_safe_base64_as_no_bytes_at_all() -> None:
    """DEC-8: its base64 passes over what it does not know."""
    body = EXAMPLES["bytes in the alphabet of URLs"].body
    (span,) = decode(body).resource_spans[0].scope_spans[0].spans

    assert _span(official.read(body))["attributes"] == [("k", ("bytes", b""))]
    assert dict(span.attributes) == {"k": b"\xfb\xff\xbf"}


def test_it_ignores_snake_case_in_silence() -> None:
    """DEC-6: the span arrives empty, and nothing tells of it."""
    span = b'{"trace_id":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b174","start_time_unix_nano":"7"}'
    body = b'{"resourceSpans":[{"scopeSpans":[{"spans":[%s]}]}]}' % span
    read = _span(official.read(body))
    told = [finding.path.rpartition(".")[2] for finding in check(body).findings if finding.rule == "DEC-6"]

    assert [read[name] for name in ("trace_id", "span_id", "start_time_unix_nano")] == ["", "", 0]
    assert told == ["trace_id", "span_id", "start_time_unix_nano"]


def test_we_have_a_test_for_each() -> None:
    """In the ordinary suite, and of that name."""
    names = {*READ.values(), *REFUSED.values(), *OTHERS}

    assert [name for name in names if not exists(name)] == []


def _span(plain: list[dict[str, Any]]) -> dict[str, Any]:
    span: dict[str, Any] = plain[0]["scope_spans"][0]["spans"][0]
    return span
