# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Traces drawn as waterfalls: a line a span, with what ran when, how it ended, and what it used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from types import MappingProxyType
from typing import Final

import attrs
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ...core.model import Span, StatusCode
from ...inspect.waterfall import Mark, Row, Trace, rows_of
from ...openrouter import service_name, summary, totals
from .columns import GAP, Columns, columns_for
from .details import Detail, resource_details, span_details
from .figures import cost_text, duration_text, moment_text, plural, tokens_text
from .glyphs import Glyphs, glyphs_for

__all__ = ["draw"]

_WIDTH: Final = 100
"""Where the output is no terminal."""
_MAX_LEVELS: Final = 10
_MIN_NAME: Final = 12
_MAX_KEY: Final = 44
_TYPE: Final = 6
_MIN_ROOM: Final = _MIN_NAME + GAP + _TYPE + GAP + _MIN_NAME
"""The least width of a key, a type and a value."""
_RIGHT: Final = frozenset({"duration", "tokens", "cost"})
_STYLES: Final = MappingProxyType({"model": "green", "cost": "yellow", "error": "red", "ok": "dim"})
_MARKS: Final = MappingProxyType(
    {
        Mark.PARENT_MISSING: ("?", "whose parent is not here"),
        Mark.OWN_ANCESTOR: ("@", "in a circle of parents, which is cut there"),
        Mark.ID_AGAIN: ("=", "with the id of an earlier one"),
    }
)


def draw(
    console: Console, traces: Iterable[Trace], *, with_attributes: bool = False, full: bool = False
) -> None:
    """
    Prints the waterfalls, with an empty line between two.

    Args:
        with_attributes: Also everything else that a span says, below its line.

        full: Values are not shortened to the width.
    """
    glyphs = glyphs_for(console.encoding)
    width = console.width if console.is_terminal else _WIDTH
    for number, trace in enumerate(traces):
        drawing = _Drawing(trace=trace, glyphs=glyphs, width=width, full=full)
        lines = drawing.lines(with_attributes)
        console.print(*([""] if number else []), *lines, sep="\n", soft_wrap=True, highlight=False)


@attrs.frozen(kw_only=True, slots=False)
class _Drawing:
    """One trace in one width."""

    trace: Trace
    glyphs: Glyphs
    width: int
    full: bool

    def lines(self, with_attributes: bool) -> Iterator[Text]:
        """Everything, line by line."""
        yield from self.head()
        if with_attributes:
            resources = dict.fromkeys(one.resource for one in self.trace.spans)
            for resource in resources:
                yield from self.details([*resource_details(resource)], Text())
        yield Text()
        yield self.axis()
        going_on: list[bool] = []
        for row, cells in self.rows:
            del going_on[row.depth :]
            going_on.append(not row.is_last)
            yield from self.row(row, cells, going_on)
            if with_attributes:
                before = self.guides(going_on, row.depth) + self.below(row.has_children) + "  "
                yield from self.details([*span_details(row.span, self.times_ns[0])], Text(before, "dim"))

    @cached_property
    def rows(self) -> list[tuple[Row, dict[str, str]]]:
        """Each row with the texts of its cells."""
        return [(row, self.cells(row.span)) for row in rows_of(self.trace)]

    @cached_property
    def times_ns(self) -> tuple[int, int]:
        """The trace's first and last moment; 0 where no span names one."""
        return self.trace.times_ns or (0, 0)

    @cached_property
    def services(self) -> list[str]:
        """The distinct services, in order."""
        names = dict.fromkeys(service_name(one.resource) for one in self.trace.spans)
        return [self.glyphs.fit(name, None) for name in names if isinstance(name, str)]

    @cached_property
    def labels(self) -> dict[str, str]:
        """What stands above the cells, in their order."""
        in_out = tokens_text(0, 0, self.glyphs.arrow).replace("0", "in", 1).replace("0", "out", 1)
        return {"duration": "duration", "status": "", "model": "model", "tokens": in_out, "cost": "cost"}

    @cached_property
    def widest_name(self) -> int:
        """How wide the names are with all that leads to them."""
        return max(
            2 * min(row.depth, _MAX_LEVELS) + cell_len(self.name(row, _MAX_LEVELS)) for row, _ in self.rows
        )

    @cached_property
    def columns(self) -> Columns:
        """How wide everything is."""
        widest = dict.fromkeys(self.labels, 0)
        for _, cells in self.rows:
            for cell, text in cells.items():
                widest[cell] = max(widest[cell], cell_len(text))
        for cell, label in self.labels.items():
            widest[cell] = widest[cell] and max(widest[cell], cell_len(label))
        short_model = max(cell_len(_without_author(cells["model"])) for _, cells in self.rows)
        return columns_for(self.width, self.widest_name, widest, max(short_model, len(self.labels["model"])))

    def head(self) -> Iterator[Text]:
        """The trace's id, and what there is to say of it as a whole."""
        spans = [one.span for one in self.trace.spans]
        first_ns, last_ns = self.times_ns
        started = f"from {moment_text(first_ns)}" if first_ns else "at an unknown time"
        facts = [plural(len(spans), "span"), duration_text(last_ns - first_ns), started]
        yield Text(f"trace {self.trace.trace_id}", "bold")
        yield Text(self.glyphs.fit(", ".join([*self.services, *facts]), None if self.full else self.width))
        used = totals(spans)
        if used.generations:
            tokens = tokens_text(used.input_tokens, used.output_tokens, self.glyphs.arrow)
            words = [plural(used.generations, "generation"), tokens and f"{tokens} tokens"]
            yield Text(", ".join(word for word in [*words, cost_text(used.total_cost)] if word))
        errors = sum(span.status.code == StatusCode.ERROR for span in spans)
        if errors:
            yield Text(plural(errors, "error"), "red")
        marks = Counter(row.mark for row, _ in self.rows if row.mark)
        for mark, (sign, words_of_mark) in _MARKS.items():
            if marks[mark]:
                yield Text(f"{sign} {plural(marks[mark], 'span')} {words_of_mark}", "yellow")

    def axis(self) -> Text:
        """The times above the bars, and the names of the other columns."""
        columns = self.columns
        whole = duration_text(self.times_ns[1] - self.times_ns[0])
        times = f"0{whole.rjust(columns.bar - 1)}" if len(whole) + GAP < columns.bar else ""
        line = " " * (columns.name + GAP) + times.ljust(columns.bar)
        for cell, width in columns.cells.items():
            label = self.labels[cell]
            line += " " * GAP + (label.rjust(width) if cell in _RIGHT else label.ljust(width))
        return Text(line.rstrip(), "dim")

    def row(self, row: Row, cells: dict[str, str], going_on: list[bool]) -> Iterator[Text]:
        """A span's line, and one for the words of its error where they do not fit into it."""
        line = self.named(row, going_on)
        bar = self.glyphs.bar(row.bar, self.columns.bar) if row.bar else ""
        failed = row.span.status.code == StatusCode.ERROR
        _put(line, self.columns.name + GAP, bar, "red" if failed else "bright_blue")
        at = self.columns.name + GAP + self.columns.bar + GAP
        for cell, width in self.columns.cells.items():
            text = self.model(cells[cell], width) if cell == "model" else cells[cell]
            style = _STYLES.get(text if cell == "status" else cell, "")
            _put(line, at, text.rjust(width) if cell in _RIGHT else text, style)
            at += width + GAP
        message = self.glyphs.fit(row.span.status.message, None)
        if message and line.cell_len + GAP + cell_len(message) <= self.width:
            line.append(" " * GAP + message, "red")
            message = ""
        yield line
        if message:
            before = self.guides(going_on, row.depth) + self.below(row.has_children) + "  "
            room = None if self.full else max(self.width - cell_len(before), _MIN_NAME)
            yield Text.assemble((before, "dim"), (self.glyphs.fit(message, room), "red"))

    def named(self, row: Row, going_on: list[bool]) -> Text:
        """The name of a span behind the lines that lead to it."""
        levels = self.levels
        guides = ""
        if row.depth:
            branch = self.glyphs.corner if row.is_last else self.glyphs.between
            guides = self.guides(going_on, min(row.depth, levels) - 1) + f"{branch} "
        name = self.name(row, levels)
        room = self.columns.name - cell_len(guides)
        line = Text.assemble((guides, "dim"), (self.glyphs.fit(name, room), "bold cyan"))
        if row.mark:
            line.stylize("bold yellow", len(guides), len(guides) + 1)
        return line

    @cached_property
    def levels(self) -> int:
        """How many levels are drawn; deeper spans say how deep they are."""
        room = self.columns.name
        return _MAX_LEVELS if room >= self.widest_name else max(min(_MAX_LEVELS, (room - _MIN_NAME) // 2), 1)

    def guides(self, going_on: list[bool], depth: int) -> str:
        """The lines that lead on past a row, down to so many levels below the top."""
        return "".join(map(self.below, going_on[1 : min(depth, self.levels) + 1]))

    def below(self, more: bool) -> str:
        """A line that leads on, or nothing."""
        return f"{self.glyphs.below} " if more else "  "

    def name(self, row: Row, levels: int) -> str:
        """A span's name with its mark and, where the trace has several, its service."""
        words = [_MARKS[row.mark][0]] if row.mark else []
        if row.depth > levels:
            words.append(f"({row.depth})")
        words.append(row.span.name or "(no name)")
        service = service_name(row.of.resource)
        if len(self.services) > 1 and isinstance(service, str):
            words.append(f"[{service}]")
        return self.glyphs.fit(" ".join(words), 4 * self.width)

    def cells(self, span: Span) -> dict[str, str]:
        """The texts beside the bar."""
        facts = summary(span)
        return {
            "duration": _duration(span),
            "status": _status(span.status.code),
            "model": self.glyphs.fit(facts.model, self.width) if isinstance(facts.model, str) else "",
            "tokens": tokens_text(facts.input_tokens, facts.output_tokens, self.glyphs.arrow),
            "cost": cost_text(facts.total_cost),
        }

    def model(self, model: str, width: int) -> str:
        """A model's name; where it is too long, first of all without its author."""
        if cell_len(model) > width:
            model = _without_author(model)
        return self.glyphs.fit(model, width)

    def details(self, details: list[Detail], before: Text) -> Iterator[Text]:
        """The lines below a span's own, the types of their values below each other."""
        room = max(self.width - before.cell_len, _MIN_ROOM)
        widest = max((cell_len(one.key) + 2 * one.level for one in details if one.kind), default=0)
        types_at = before.cell_len + min(widest, _MAX_KEY, room - _MIN_ROOM + _MIN_NAME) + GAP
        for one in details:
            line = before.copy()
            line.append("  " * one.level)
            words_room = room - 2 * one.level
            if one.kind:
                # A type and the beginning of a value are seen behind the longest key.
                words_room = max(words_room - _MIN_ROOM + _MIN_NAME, _MIN_NAME)
            words = self.glyphs.fit(one.key, None if self.full else words_room)
            line.append(words, "" if one.kind else "bold")
            if one.kind:
                _put(line, types_at, one.kind.ljust(_TYPE), "dim")
                room_left = max(self.width - line.cell_len - GAP, _MIN_NAME)
                line.append(" " * GAP + self.glyphs.fit(one.value, None if self.full else room_left))
                line.rstrip()
            yield line


def _put(line: Text, at: int, text: str, style: str) -> None:
    """Adds a text that begins at a column, or one gap behind what is there already."""
    if text.strip():
        missing = max(at - line.cell_len, GAP if line.cell_len > at - GAP else 0)
        line.append(" " * missing)
        line.append(text, style)


def _without_author(model: str) -> str:
    return model.rpartition("/")[2]


def _duration(span: Span) -> str:
    if not span.start_ns:
        return "unknown"
    return duration_text(span.end_ns - span.start_ns) if span.end_ns else "not ended"


def _status(code: int) -> str:
    known = {StatusCode.UNSET: "", StatusCode.OK: "ok", StatusCode.ERROR: "error"}
    return known.get(StatusCode(code), "") if code in (0, 1, 2) else f"status {code}"
