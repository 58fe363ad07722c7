# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The grammar of a W3C trace state."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_trace_state"]

_MEMBER: Final = re.compile(
    r"(?P<key>[a-z0-9][a-z0-9_\-*/@]{0,255})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]"
)
_MAX_MEMBERS: Final = 32


def is_trace_state(text: str) -> bool:
    """
    Whether a text is a W3C trace state or empty (VAL-4).

    Source: W3C Trace Context level 2, "tracestate Header Field Values".
    """
    if not text or text.count(",") >= _MAX_MEMBERS:
        return not text
    members = [member.strip(" \t") for member in text.split(",")]
    matches = [_MEMBER.fullmatch(member) for member in members if member]
    keys = [match["key"] for match in matches if match]
    return 0 < len(matches) == len(keys) == len(set(keys))
