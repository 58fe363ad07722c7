# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Numbers as people read them: durations, times, tokens and costs."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Final

__all__ = ["cost_text", "duration_text", "moment_text", "tokens_text"]

# Above this, all digits of a cost would only be in the way.
_MAX_PLAIN_COST: Final = 10**9

_NS_PER_S: Final = 1_000_000_000
_S_PER_MIN: Final = 60
_S_PER_H: Final = 3600
_S_PER_DAY: Final = 86_400


def duration_text(duration_ns: int) -> str:
    """
    A duration in its largest fitting unit, rounded down.

    ``250 ns``, ``12.5 us``, ``96.0 ms``, ``1.203 s``, ``2 min 05 s``, ``1 h 02 min``, ``3 d 04 h``.
    """
    seconds = duration_ns // _NS_PER_S
    if duration_ns < 1000:
        return f"{duration_ns} ns" if duration_ns else "0 ms"
    if duration_ns < 1_000_000:
        return f"{duration_ns // 1000}.{duration_ns // 100 % 10} us"
    if seconds < 1:
        return f"{duration_ns // 1_000_000}.{duration_ns // 100_000 % 10} ms"
    if seconds < _S_PER_MIN:
        return f"{seconds}.{duration_ns // 1_000_000 % 1000:03} s"
    if seconds < _S_PER_H:
        return f"{seconds // _S_PER_MIN} min {seconds % _S_PER_MIN:02} s"
    if seconds < _S_PER_DAY:
        return f"{seconds // _S_PER_H} h {seconds % _S_PER_H // _S_PER_MIN:02} min"
    return f"{seconds // _S_PER_DAY} d {seconds % _S_PER_DAY // _S_PER_H:02} h"


def moment_text(time_ns: int) -> str:
    """``2026-02-13 18:00:00.000 UTC``."""
    moment = datetime.fromtimestamp(time_ns // _NS_PER_S, timezone.utc)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{time_ns // 1_000_000 % 1000:03} UTC"


def tokens_text(input_tokens: object, output_tokens: object, arrow: str) -> str:
    """``12 → 48``, with "?" for an unknown number; empty if both are unknown."""
    # Not isinstance: a bool is an int, but not a number of tokens.
    texts = [str(tokens) if type(tokens) is int else "?" for tokens in (input_tokens, output_tokens)]
    return "" if texts == ["?", "?"] else f"{texts[0]} {arrow} {texts[1]}"


def cost_text(cost: object) -> str:
    """``$0.000510``, or ``$1e+300`` if it is that large; empty if it is not a number."""
    if not isinstance(cost, (int, float)) or isinstance(cost, bool):
        return ""
    return f"${cost:.6f}" if abs(cost) < _MAX_PLAIN_COST else f"${cost:g}"
