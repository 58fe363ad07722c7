# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The grammar of a W3C trace state."""

from __future__ import annotations

import pytest

from otlpjson.core.trace_state import is_trace_state


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a=1",
        "a=1,b=2",
        "a=1 , \tb=2,,c=3",
        "0vendor/x*y@z_-=value with spaces~!",
        ",".join(f"k{number}=v" for number in range(32)),
        f"{'k' * 256}={'v' * 256}",
    ],
)
def test_a_w3c_list_is_one(text: str) -> None:
    """VAL-4: members may be empty, and white space may stand around commas."""
    assert is_trace_state(text)


@pytest.mark.parametrize(
    "text",
    [
        "no value",
        "A=1",
        "_a=1",
        "a=",
        "=1",
        "a=1=2",
        "a= ",
        "a =1",
        "a=é",
        "a=1\n",
        "a=1,a=2",
        ",",
        " ",
        "a=b\x7f",
        ",".join(f"k{number}=v" for number in range(33)),
        f"{'k' * 257}=v",
        f"k={'v' * 257}",
    ],
)
def test_other_text_is_none(text: str) -> None:
    """VAL-4."""
    assert not is_trace_state(text)
