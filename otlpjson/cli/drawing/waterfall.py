# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Traces drawn as waterfalls: one line per span, with when it ran, how it ended, and what it used."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

import attrs
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ...core.model import StatusCode
from ...core.traces import Trace
from ...core.words import plural
from ...inspect.waterfall import Row, rows_of
from ...openrouter import service_name, totals
from .cells import aligned, cell_style, cell_texts, labels, model_text, without_author
from .columns import GAP, Columns, columns_for
from .details import Detail, resource_details, span_details
from .figures import cost_text, duration_text, moment_text, tokens_text
from .glyphs import Glyphs, glyphs_for
from .names import MARKS, MIN_NAME, Names, Tree, levels_drawn

__all__ = ["draw"]

# Where the output is not a terminal, and so has no width of its own.
_WIDTH: Final = 100

_MAX_KEY: Final = 44
_TYPE: Final = 6
# A type and the start of a value are shown however long a key is.
_MIN_TYPE_AND_VALUE: Final = GAP + _TYPE + GAP + MIN_NAME
_MIN_DETAIL: Final = MIN_NAME + _MIN_TYPE_AND_VALUE


def draw(
    console: Console,
    traces: Iterable[Trace],
    *,
    with_attributes: bool = False,
    full: bool = False,
    width: int | None = None,
) -> None:
    """
    Prints one waterfall per trace, separated by empty lines.

    Args:
        with_attributes: Also print the ids, attributes, events and links of each span below its line.

        full: Do not shorten texts to the width of the terminal.

        width: Terminal columns. Default: what COLUMNS says, else those of the terminal, else 100.
    """
    glyphs = glyphs_for(console.encoding)
    if width is None:
        # rich itself looks at COLUMNS.
        width = console.width if console.is_terminal or _columns_are_set(os.environ) else _WIDTH
    for number, trace in enumerate(traces):
        drawing = _Drawing(trace=trace, glyphs=glyphs, width=width, full=full)
        # rich must neither wrap lines nor colour the numbers in names.
        lines = drawing.lines(with_attributes)
        console.print(*([""] if number else []), *lines, sep="\n", soft_wrap=True, highlight=False)


def _columns_are_set(environ: Mapping[str, str]) -> bool:
    return environ.get("COLUMNS", "").isdigit()


@attrs.frozen(kw_only=True, slots=False)
class _Drawing:
    """One trace drawn in one width."""

    trace: Trace
    glyphs: Glyphs
    width: int
    full: bool

    def lines(self, with_attributes: bool) -> Iterator[Text]:
        """The whole drawing, line by line."""
        yield from self._head()
        if with_attributes:
            for resource in dict.fromkeys(self.trace.resources):
                yield from self._details([*resource_details(resource)], Text())
        yield Text()
        yield self._axis()
        # For each level down to the current span, whether a sibling follows further down.
        continues: list[bool] = []
        for row, cells in zip(self.rows, self.cells):
            del continues[row.depth :]
            continues.append(not row.is_last)
            before, below = self.tree.before(row, continues), self.tree.below(row, continues)
            yield from self._span(row, cells, before, below)
            if with_attributes:
                details = [*span_details(row.span, self.times_ns[0])]
                yield from self._details(details, Text(below, "dim"))

    @cached_property
    def rows(self) -> list[Row]:
        """The spans from top to bottom."""
        return [*rows_of(self.trace)]

    @cached_property
    def cells(self) -> list[dict[str, str]]:
        """The texts beside each row's bar."""
        return [cell_texts(row.span, self.glyphs, self.width) for row in self.rows]

    @cached_property
    def times_ns(self) -> tuple[int, int]:
        """The trace's first and last time; 0 if unknown."""
        return self.trace.times_ns or (0, 0)

    @cached_property
    def services(self) -> list[str]:
        """The distinct services, in order of first appearance."""
        names = dict.fromkeys(map(service_name, self.trace.resources))
        return [self.glyphs.fit(name, None) for name in names if isinstance(name, str)]

    @cached_property
    def names(self) -> Names:
        """The first column's texts."""
        # Long enough for any column, so that a name of megabytes costs nothing later.
        return Names(glyphs=self.glyphs, with_service=len(self.services) > 1, max_width=4 * self.width)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The headings of the columns beside the bars."""
        return labels(self.glyphs)

    @cached_property
    def columns(self) -> Columns:
        """The width of every column."""
        widest = {cell: max(cell_len(texts[cell]) for texts in self.cells) for cell in self.labels}
        # A column in which no span has a text is left out, heading and all.
        wanted = {cell: width and max(width, cell_len(self.labels[cell])) for cell, width in widest.items()}
        short_model = max(cell_len(without_author(texts["model"])) for texts in self.cells)
        return columns_for(
            self.width,
            self.names.widest(self.rows),
            wanted,
            max(short_model, len(self.labels["model"])),
            cell_len(self.glyphs.ellipsis),
        )

    @cached_property
    def tree(self) -> Tree:
        """The lines in front of the names."""
        levels = levels_drawn(self.columns.name, self.names.widest(self.rows))
        return Tree(glyphs=self.glyphs, levels=levels)

    def _head(self) -> Iterator[Text]:
        """The trace's id, and facts about the trace as a whole."""
        first_ns, last_ns = self.times_ns
        started = f"from {moment_text(first_ns)}" if first_ns else "at an unknown time"
        facts = [plural(len(self.trace.spans), "span"), duration_text(last_ns - first_ns), started]
        yield Text(f"trace {self.trace.trace_id}", "bold")
        yield Text(self._fit(", ".join([*self.services, *facts]), self.width))
        used = totals(self.trace.spans)
        if used.generations:
            tokens = tokens_text(used.input_tokens, used.output_tokens, self.glyphs.arrow)
            words = [plural(used.generations, "generation"), tokens and f"{tokens} tokens"]
            yield Text(", ".join(word for word in [*words, cost_text(used.total_cost)] if word))
        errors = sum(span.status.code == StatusCode.ERROR for span in self.trace.spans)
        if errors:
            yield Text(plural(errors, "error"), "red")
        marked = Counter(row.mark for row in self.rows)
        for mark, (sign, meaning) in MARKS.items():
            if marked[mark]:
                yield Text(f"{sign} {plural(marked[mark], 'span')} {meaning}", "yellow")

    def _axis(self) -> Text:
        """The times above the bars, and the headings of the other columns."""
        columns = self.columns
        duration = duration_text(self.times_ns[1] - self.times_ns[0])
        # Left out if the two times would touch each other.
        times = f"0{duration.rjust(columns.bar - 1)}" if len(duration) + GAP < columns.bar else ""
        line = " " * (columns.name + GAP) + times.ljust(columns.bar)
        for cell, width in columns.cells.items():
            line += " " * GAP + aligned(cell, self.labels[cell], width)
        if columns.is_cut:
            line += " " * GAP + self.glyphs.ellipsis
        return Text(line.rstrip(), "dim")

    def _span(self, row: Row, cells: dict[str, str], before: str, below: str) -> Iterator[Text]:
        """A span's line, and a second one for its error message if that does not fit on the first."""
        line = self._name(row, before)
        failed = row.span.status.code == StatusCode.ERROR
        bar = self.glyphs.bar(row.bar, self.columns.bar) if row.bar else ""
        position = self.columns.name + GAP
        _put(line, position, bar, "red" if failed else "bright_blue")
        position += self.columns.bar + GAP
        for cell, width in self.columns.cells.items():
            text = model_text(cells[cell], self.glyphs, width) if cell == "model" else cells[cell]
            _put(line, position, aligned(cell, text, width).rstrip(), cell_style(cell, text))
            position += width + GAP
        message = self.glyphs.fit(row.span.status.message, None)
        fits = line.cell_len + GAP + cell_len(message) <= self.width
        if message and fits:
            line.append(" " * GAP + message, "red")
        yield line
        if message and not fits:
            room = max(self.width - cell_len(below), MIN_NAME)
            yield Text.assemble((below, "dim"), (self._fit(message, room), "red"))

    def _name(self, row: Row, before: str) -> Text:
        """A span's name behind the lines that lead to it."""
        room = self.columns.name - cell_len(before)
        name = self.glyphs.fit(self.names.text(row, self.tree.levels), room)
        line = Text.assemble((before, "dim"), (name, "bold cyan"))
        if row.mark:
            line.stylize("bold yellow", len(before), len(before) + 1)
        return line

    def _details(self, details: Sequence[Detail], before: Text) -> Iterator[Text]:
        """One line per detail; types and values are aligned."""
        room = max(self.width - before.cell_len, _MIN_DETAIL)
        widest = max((cell_len(one.key) + 2 * one.level for one in details if one.kind), default=0)
        types_at = before.cell_len + min(widest, _MAX_KEY, room - _MIN_TYPE_AND_VALUE) + GAP
        for detail in details:
            line = before.copy()
            line.append("  " * detail.level)
            key_room = room - 2 * detail.level
            if detail.kind:
                key_room = max(key_room - _MIN_TYPE_AND_VALUE, MIN_NAME)
            line.append(self._fit(detail.key, key_room), "" if detail.kind else "bold")
            if detail.kind:
                _put(line, types_at, detail.kind.ljust(_TYPE), "dim")
                value_room = max(self.width - line.cell_len - GAP, MIN_NAME)
                line.append(" " * GAP + self._fit(detail.value, value_room))
                line.rstrip()
            yield line

    def _fit(self, text: str, room: int) -> str:
        """A text shortened to its room, unless texts are to be printed in full."""
        return self.glyphs.fit(text, None if self.full else room)


def _put(line: Text, position: int, text: str, style: str) -> None:
    """Appends a text at a terminal column, or one gap after what already reaches beyond it."""
    if text.strip():
        missing = max(position - line.cell_len, GAP if line.cell_len > position - GAP else 0)
        line.append(" " * missing)
        line.append(text, style)
