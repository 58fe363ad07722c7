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

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ...core.encode_attributes import Member, notation
from ...core.encoder import group_text, span_text
from ...core.entry import Entry
from ...core.integers import INT64, NANOSECONDS
from ...core.python_scalars import clean_text
from ..form import Form
from ..generation import Generation
from .columns import ENDING, MAX_KEY, columns_of, members_of
from .hierarchy import Draft, drafts
from .rows import Selection, Table
from .spans import SCOPE, exception, without_content
from .table import OWN_KEYS, resource_rows

__all__ = ["straight_entries"]

# A longer text costs more to write again than to look up: prompt and completion are sent twice.
_LONG: Final = 128
_BETWEEN: Final = f"{ENDING},"
_LEAST: Final = INT64.low
_MOST: Final = INT64.high
# What each surrogate begins with where a text was written in ASCII.
_SURROGATE: Final = "\\ud"


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
        self._failed = generation.failure is not None
        self._unmeasured = form.truncation.unmeasured
        self._short = min(_LONG, self._unmeasured)
        # Long texts with their written forms, by id; a text that is kept here keeps its id.
        self._written: dict[int, tuple[str, str]] = {}

    def entries(self) -> tuple[Entry, ...]:
        generation, form = self._generation, self._form
        groups = drafts(generation, form.hierarchy, form.truncation)
        resource = self._key_values(resource_rows(form.resource_attributes), generation.trace_key)
        entries = []
        for group in groups:
            spans = [self._span(draft) for draft in group]
            text = group_text(resource, SCOPE, spans, self._notation)
            entries.append(Entry(data=text.encode("ascii"), span_count=len(spans)))
        return tuple(entries)

    def _span(self, draft: Draft) -> str:
        if not NANOSECONDS.low <= draft.start_ns <= draft.end_ns <= NANOSECONDS.high:
            raise _NotStraight
        if draft.is_own and self._failed:
            selection = Selection(failed=True, truncation=self._form.truncation)
            draft.events = exception(self._generation, selection)
        return span_text(draft, self._key_values(draft.table, draft.subject), 0, self._notation)

    def _key_values(self, table: Table, subject: Any) -> str:
        columns = columns_of(table, self._failed, self._form.privacy_mode, self._notation)
        values = columns.values_of(subject)
        short, write_text = self._short, self._notation.text
        pieces: list[str] = []
        add = pieces.append
        for value, (key, opening, members) in zip(values, columns.rows):
            if value is None:
                continue
            # Most values are short texts, which are written here without a further call.
            if type(value) is str and len(value) < short and value.isascii():
                add(opening + write_text(value))
            elif members is None:
                self._add_metadata(pieces, key, value)
            else:
                add(self._key_value(value, members))
        return f"[{_BETWEEN.join(pieces)}{ENDING}]"

    def _add_metadata(self, pieces: list[str], prefix: str, pairs: Iterable[tuple[str, Any]]) -> None:
        keys = set()
        for name, value in pairs:
            key = prefix + name
            if key in keys or key in OWN_KEYS or not key.isascii() or len(key) > MAX_KEY:
                raise _NotStraight
            keys.add(key)
            pieces.append(self._key_value(value, members_of(key, self._notation)))

    def _key_value(self, value: Any, members: Mapping[type, Member]) -> str:
        kind = type(value)
        if kind is str:
            return members[str][0] + self._text(value)
        member = members.get(kind)
        if member is None or (kind is int and not _LEAST <= value <= _MOST):
            raise _NotStraight
        opening, write, ending = member
        return opening + write(value) + ending

    def _text(self, text: str) -> str:
        if len(text) > self._unmeasured and self._form.truncation.limit_of(text) is not None:
            raise _NotStraight
        known = self._written.get(id(text))
        if known is None:
            written = self._notation.text(text)
            # Where no surrogate was written, there was none, and the text need not be looked through.
            if _SURROGATE in written and clean_text(text) is not text:
                written = self._notation.text(clean_text(text))
            known = self._written[id(text)] = (text, written)
        return known[1]
