# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The ranges of OTLP's integers."""

from __future__ import annotations

from otlpjson.core.integers import INT32, INT64, NANOSECONDS, UINT32


def test_ranges_are_those_of_protobuf() -> None:
    """Both ends included."""
    assert (INT32.low, INT32.high) == (-2147483648, 2147483647)
    assert (UINT32.low, UINT32.high) == (0, 4294967295)
    assert (INT64.low, INT64.high) == (-9223372036854775808, 9223372036854775807)
    assert (NANOSECONDS.low, NANOSECONDS.high) == (0, 18446744073709551615)


def test_ranges_have_words_for_messages() -> None:
    assert [bounds.words for bounds in (INT32, UINT32, INT64, NANOSECONDS)] == [
        "a whole number within int32",
        "a whole number from 0 to 2**32 - 1",
        "a whole number within int64",
        "nanoseconds since 1970, 0 to 2**64 - 1",
    ]
