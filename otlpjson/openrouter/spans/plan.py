# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The straight way from a generation to the text of its spans.

What is written is defined by ``resource_spans`` and the encoder: those make a ``Span`` of checked
values, which is read again to be written. Here the same drafts and the same rows are written at
once, with the text around each value made once for each table. It takes about a quarter of the
steps. Values that have to be converted or cut, or custom metadata whose names collide, are left
to the definition.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, Optional

from ...core.bodies import Entry
from ...core.encode_attributes import Member, Notation, member_of, notation
from ...core.encoder import group_text, span_text
from ...core.integers import INT64, NANOSECONDS
from ...core.python_scalars import clean_text
from ..form import Form
from ..generation import Generation
from .hierarchy import Draft, drafts
from .rows import Row, Selection, Table
from .spans import SCOPE, exception, without_content
from .table import OWN_KEYS, RESOURCE_ROWS
from .truncate import Truncation

__all__ = ["straight_entries"]

# A longer text costs more to write again than to look up: prompt and completion are sent twice.
_LONG: Final = 128
# One for each table, notation, privacy and failure that are in use.
_PLANS_REMEMBERED: Final = 64
_KINDS: Final = (str, int, float, bool, type(None))

# By type of value; None for a row that is a prefix.
_Members = Optional[dict[type, Member]]


class _NotStraight(Exception):
    """A value that the definition has to deal with."""


def straight_entries(generation: Generation, form: Form) -> tuple[Entry, ...] | None:
    """The entries of a generation; ``None`` where only the definition can make them."""
    try:
        return _Writer(generation, form).entries()
    except _NotStraight:
        return None


class _Writer:
    """The writer of one generation in one form."""

    def __init__(self, generation: Generation, form: Form) -> None:
        self._generation = without_content(generation) if form.privacy_mode else generation
        self._form = form
        self._notation = notation(form.integers_as_numbers)
        self._limit = _unmeasured(form.truncation)
        # The written form of long texts, by their id; the generation keeps them alive.
        self._written: dict[int, str] = {}

    def entries(self) -> tuple[Entry, ...]:
        generation, form = self._generation, self._form
        groups = drafts(generation, form.hierarchy, form.truncation)
        resource = self._key_values(RESOURCE_ROWS, generation.trace_key)
        entries = []
        for group in groups:
            spans = [self._span(draft) for draft in group]
            text = group_text(resource, SCOPE, spans, self._notation)
            entries.append(Entry(data=text.encode("ascii"), span_count=len(spans)))
        return tuple(entries)

    def _span(self, draft: Draft) -> str:
        if not NANOSECONDS.low <= draft.start_ns <= draft.end_ns <= NANOSECONDS.high:
            raise _NotStraight
        if draft.is_own and self._generation.failure is not None:
            draft.events = exception(self._generation, self._selection())
        return span_text(draft, self._key_values(draft.table, draft.subject), 0, self._notation)

    def _selection(self) -> Selection:
        form = self._form
        return Selection(privacy_mode=form.privacy_mode, failed=True, truncation=form.truncation)

    def _key_values(self, table: Table, subject: Any) -> str:
        failed = self._generation.failure is not None
        pieces: list[str] = []
        for row, members in _plan(table, failed, self._form.privacy_mode, self._notation):
            value = row.read(subject)
            if value is None:
                continue
            if members is None:
                self._add_metadata(pieces, row, value)
                continue
            known = members.get(type(value))
            if known is None:
                raise _NotStraight
            opening, write, ending = known
            pieces.append(f"{opening}{self._text(value) if type(value) is str else write(value)}{ending}")
            if type(value) is int and not INT64.low <= value <= INT64.high:
                raise _NotStraight
        return f"[{','.join(pieces)}]"

    def _add_metadata(self, pieces: list[str], row: Row, pairs: Iterable[tuple[str, Any]]) -> None:
        keys = set()
        for name, value in pairs:
            key = row.key + name
            if key in keys or key in OWN_KEYS or not key.isascii() or type(value) not in _KINDS:
                raise _NotStraight
            if type(value) is int and not INT64.low <= value <= INT64.high:
                raise _NotStraight
            keys.add(key)
            opening, write, ending = member_of(key, type(value), self._notation)
            pieces.append(f"{opening}{self._text(value) if type(value) is str else write(value)}{ending}")

    def _text(self, text: str) -> str:
        if len(text) > self._limit and self._form.truncation.limit_of(text) is not None:
            raise _NotStraight
        if len(text) < _LONG:
            return self._notation.text(text if text.isascii() else clean_text(text))
        written = self._written.get(id(text))
        if written is None:
            written = self._written[id(text)] = self._notation.text(clean_text(text))
        return written


def _unmeasured(truncation: Truncation) -> int:
    """The number of characters up to which no text exceeds a limit, whatever characters they are."""
    characters = truncation.max_characters
    return characters if truncation.max_bytes is None else min(characters, truncation.max_bytes // 4)


@lru_cache(maxsize=_PLANS_REMEMBERED)
def _plan(
    table: Table, failed: bool, privacy_mode: bool, written: Notation
) -> tuple[tuple[Row, _Members], ...]:
    """The rows of a table that are used, each with the text around its values."""
    selection = Selection(privacy_mode=privacy_mode, failed=failed)
    return tuple((row, _members(row, written)) for row in table if selection.uses(row))


def _members(row: Row, written: Notation) -> _Members:
    return None if row.is_prefix else {kind: member_of(row.key, kind, written) for kind in _KINDS}
