# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The times of the spans in an encoded entry, found without decoding it."""

from __future__ import annotations

import re
from typing import Final

from .entry import Entry

__all__ = ["ended_before", "ends_of"]

# In JSON a quote inside a text has a backslash before it, so only a member's name matches.
_END: Final = re.compile(rb'"endTimeUnixNano"\s*:\s*"?([1-9][0-9]{0,19})(?![0-9.eE])')


def ended_before(entry: Entry, moment_ns: int) -> int:
    """How many spans of an entry ended before a moment; those without an end are not counted."""
    return sum(end < moment_ns for end in ends_of(entry))


def ends_of(entry: Entry) -> list[int]:
    """When the spans of an entry ended, in their order; those without an end are left out."""
    return [int(end) for end in _END.findall(entry.data)]
