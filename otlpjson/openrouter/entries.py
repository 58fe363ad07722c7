# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The entries of one generation: mapped, encoded, and small enough for Grafana to take."""

from __future__ import annotations

from typing import Final

import attrs

from ..core.bodies import Entry
from ..core.encoder import encode_entry
from . import Generation, Hierarchy, Truncation, resource_spans

__all__ = ["MAX_ENTRY_BYTES", "entries_of_generation"]

MAX_ENTRY_BYTES: Final = 15_000_000
"""Of one entry; above it no body is small enough for Grafana, however few entries it has."""

_AS_BROADCAST: Final = Truncation()
_TIGHTER_BYTES: Final = (2_000_000, 500_000, 100_000, 10_000)
"""A span has at most six long values, each of which JSON may write six times as long."""


def entries_of_generation(
    generation: Generation,
    *,
    hierarchy: Hierarchy = "documented",
    privacy_mode: bool = False,
    truncation: Truncation = _AS_BROADCAST,
    integers_as_numbers: bool = False,
) -> tuple[Entry, ...]:
    """
    A generation as entries; where one is larger than Grafana takes, its long values are cut shorter.

    Args:
        integers_as_numbers: As in ``encode``; the other arguments as in ``resource_spans``.
    """
    entries: tuple[Entry, ...] = ()
    for limit in (truncation, *_tighter(truncation)):
        groups = resource_spans(generation, hierarchy=hierarchy, privacy_mode=privacy_mode, truncation=limit)
        entries = tuple(encode_entry(group, integers_as_numbers=integers_as_numbers) for group in groups)
        if all(len(entry.data) <= MAX_ENTRY_BYTES for entry in entries):
            break
    return entries


def _tighter(truncation: Truncation) -> list[Truncation]:
    least = truncation.max_bytes or _TIGHTER_BYTES[0] + 1
    return [attrs.evolve(truncation, max_bytes=limit) for limit in _TIGHTER_BYTES if limit < least]
