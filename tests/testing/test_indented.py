# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""JSON laid out for people."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given

from otlpjson.testing.indented import indented

from .. import strategies

SPACE = re.compile(rb"\s")


def test_one_token_a_line_and_pairs_together() -> None:
    """As ``json.dumps(…, indent=1)`` does it, but empty objects and lists too stay on their line."""
    body = b'{"a":[1,{"b":{}},[]],"c":"x, {y}: [z]"}'

    assert indented(body) == (b'{\n "a": [\n  1,\n  {\n   "b": {}\n  },\n  []\n ],\n "c": "x, {y}: [z]"\n}\n')


@pytest.mark.parametrize("number", [b"1e2", b"1.50", b"-0", b"12345678901234567890", b"NaN"])
def test_tokens_keep_their_form(number: bytes) -> None:
    """Numbers as their writer wrote them, and texts with their escapes."""
    text = rb'"\u00e9\/\"\\"'

    assert indented(b"[" + number + b" ,\t" + text + b"\r\n]") == b"[\n " + number + b",\n " + text + b"\n]\n"


def test_documents_follow_each_other() -> None:
    """JSON Lines become one document after the other."""
    assert indented(b'{"a":1}\n{}\n[2]\n') == b'{\n "a": 1\n}\n{}\n[\n 2\n]\n'
    assert indented(b"") == b""


@pytest.mark.parametrize("text", [b"}]{", b'"open', b"{:,}", b"a b\xff", b'{"a"1}'])
def test_what_is_no_json_loses_white_space_alone(text: bytes) -> None:
    """It is shown where a test fails, so nothing of it may go missing."""
    assert SPACE.sub(b"", indented(text)) == SPACE.sub(b"", text)


@given(strategies.json_values)
def test_the_layout_is_the_standard_librarys(value: Any) -> None:
    """A law, and laying out twice changes nothing."""
    compact = json.dumps(value, separators=(",", ":")).encode()
    laid_out = indented(compact)

    assert laid_out == json.dumps(value, indent=1).encode() + b"\n"
    assert indented(laid_out) == laid_out
