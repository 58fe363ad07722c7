# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The entries of one generation: mapped, encoded, and small enough for Grafana to accept."""

from __future__ import annotations

from typing import Final

import attrs

from ..core.encoder import encode_entry
from ..core.entry import Entry
from .form import DOCUMENTED, Form
from .generation import Generation
from .generation_metadata import with_generation_metadata
from .masking.mask import masked
from .masking.patterns import by_patterns
from .spans.plan import straight_entries
from .spans.spans import resource_spans
from .spans.truncate import Truncation

__all__ = ["entries_of_generation", "entries_of_prepared", "prepared"]

# A span has at most four long values, each of which JSON may write six times as long.
_TIGHTER_BYTES: Final = (2_000_000, 500_000, 100_000, 10_000)


def entries_of_generation(generation: Generation, form: Form = DOCUMENTED) -> tuple[Entry, ...]:
    """
    A generation as entries: one, or one for each span in the observed hierarchy.

    Where an entry is larger than the form allows, long values are cut shorter.
    """
    return entries_of_prepared(prepared(generation, form), form)


def prepared(generation: Generation, form: Form) -> Generation:
    """A generation with the additional metadata that the form asks for, and masked."""
    if form.generation_metadata:
        generation = with_generation_metadata(generation, form.generation_metadata)
    return masked(generation, by_patterns(form.mask)) if form.mask else generation


def entries_of_prepared(generation: Generation, form: Form) -> tuple[Entry, ...]:
    """As ``entries_of_generation``, of a generation that has been prepared."""
    straight = straight_entries(generation, form)
    if straight is not None and _fit(straight, form):
        return straight
    entries: tuple[Entry, ...] = ()
    for truncation in (form.truncation, *_tighter(form.truncation)):
        groups = resource_spans(
            generation,
            hierarchy=form.hierarchy,
            privacy_mode=form.privacy_mode,
            truncation=truncation,
            resource_attributes=form.resource_attributes,
        )
        entries = tuple(encode_entry(group, integers_as_numbers=form.integers_as_numbers) for group in groups)
        if _fit(entries, form):
            break
    return entries


def _fit(entries: tuple[Entry, ...], form: Form) -> bool:
    return all(len(entry.data) <= form.max_entry_bytes for entry in entries)


def _tighter(truncation: Truncation) -> list[Truncation]:
    least = truncation.max_bytes or _TIGHTER_BYTES[0] + 1
    return [attrs.evolve(truncation, max_bytes=limit) for limit in _TIGHTER_BYTES if limit < least]
