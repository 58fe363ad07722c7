# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Traces on standard output: those that are wanted, drawn or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import attrs
import click
from rich.console import Console

from ..core.traces import Trace
from ..view.store.conditions import Condition
from ..view.trace_table import TraceTable
from .drawing.waterfall import draw

__all__ = ["TraceOutput"]


@attrs.frozen(kw_only=True)
class TraceOutput:
    """
    Which traces are written, and how.

    Attributes:
        trace_id: The id, or the beginning of it, of the only trace that is wanted; empty for all.

        conditions: What has to hold for a trace.

        limit: At most so many; ``None`` for all.

        as_json: One line of JSON per trace, as the viewer's API answers.

        with_attributes, full, width: As for ``draw``.
    """

    trace_id: str = ""
    conditions: tuple[Condition, ...] = ()
    limit: int | None = None
    as_json: bool = False
    with_attributes: bool = False
    full: bool = False
    width: int | None = None

    def write(self, traces: Iterable[Trace]) -> int:
        """Writes each trace as it comes; returns how many were wanted."""
        console = Console()
        written = 0
        for trace, answer in self._wanted(traces):
            if self.as_json:
                click.echo(json.dumps(answer, separators=(",", ":"), ensure_ascii=False, allow_nan=False))
            else:
                if written:
                    console.print()
                self._draw(console, [trace])
            written += 1
        return written

    def page(self, traces: Iterable[Trace]) -> int:
        """As ``write``; on a terminal that is too low for all of it, in a pager."""
        console = Console()
        if self.as_json or not console.is_terminal:
            return self.write(traces)
        wanted = [trace for trace, _ in self._wanted(traces)]
        with console.capture() as captured:
            self._draw(console, wanted)
        text = captured.get()
        if text.count("\n") > console.height:
            click.echo_via_pager(text, color=True)
        else:
            click.echo(text, nl=False, color=True)
        return len(wanted)

    def _draw(self, console: Console, traces: Iterable[Trace]) -> None:
        draw(console, traces, with_attributes=self.with_attributes, full=self.full, width=self.width)

    def _wanted(self, traces: Iterable[Trace]) -> Iterator[tuple[Trace, dict[str, Any]]]:
        return islice(self._matching(traces), self.limit)

    def _matching(self, traces: Iterable[Trace]) -> Iterator[tuple[Trace, dict[str, Any]]]:
        named = (trace for trace in traces if trace.trace_id.startswith(self.trace_id))
        if not (self.conditions or self.as_json):
            # No figures are needed.
            yield from ((trace, {}) for trace in named)
            return
        with TraceTable() as table:
            for trace in named:
                answer = table.look(trace, self.conditions)
                if answer is not None:
                    yield trace, answer
