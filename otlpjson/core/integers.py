# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The ranges of OTLP's integers, with the words for them.

Source: Protocol Buffers, "Scalar Value Types"; opentelemetry/proto/trace/v1/trace.proto.
"""

from __future__ import annotations

from typing import Final

import attrs

__all__ = ["INT32", "INT64", "NANOSECONDS", "UINT32", "Range"]


@attrs.frozen
class Range:
    """
    Whole numbers from one to another, both included.

    Attributes:
        low, high: The smallest and the largest.

        words: What the range is called in messages.
    """

    low: int
    high: int
    words: str


INT32: Final = Range(-(2**31), 2**31 - 1, "a whole number within int32")
UINT32: Final = Range(0, 2**32 - 1, "a whole number from 0 to 2**32 - 1")
INT64: Final = Range(-(2**63), 2**63 - 1, "a whole number within int64")
NANOSECONDS: Final = Range(0, 2**64 - 1, "nanoseconds since 1970, 0 to 2**64 - 1")
