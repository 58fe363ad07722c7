# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A trace drawn as a tree: names, durations, status, model, tokens and cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.text import Text
from rich.tree import Tree

from ..model import Span, StatusCode
from ..openrouter import summary
from ..printable import printable

__all__ = ["trace_tree"]

_MAX_NAME: Final = 80


def trace_tree(spans: Iterable[Span]) -> Tree:
    """The spans of one trace; those whose parent is not among them stand at the top."""
    spans = tuple(spans)
    known = {span.span_id for span in spans}
    tree = Tree(Text(f"trace {spans[0].trace_id}", "bold"))
    waiting = [(tree, span) for span in spans if span.parent_span_id not in known]
    while waiting:
        above, span = waiting.pop(0)
        branch = above.add(_label(span))
        waiting += [(branch, child) for child in spans if child.parent_span_id == span.span_id]
    return tree


def _label(span: Span) -> Text:
    facts = summary(span)
    label = Text.assemble(
        (printable(span.name, _MAX_NAME) or "(no name)", "bold cyan"), f"  {_duration(span)}"
    )
    if span.status.code == StatusCode.ERROR:
        label.append(f"  error: {printable(span.status.message, _MAX_NAME)}", "red")
    if facts.model is not None:
        label.append(f"  {printable(str(facts.model), _MAX_NAME)}", "green")
    if isinstance(facts.input_tokens, int) and isinstance(facts.output_tokens, int):
        label.append(f"  {facts.input_tokens} → {facts.output_tokens} tokens")
    if isinstance(facts.total_cost, float):
        label.append(f"  ${facts.total_cost:.6f}", "yellow")
    return label


def _duration(span: Span) -> str:
    milliseconds = (span.end_ns - span.start_ns) / 1e6
    return f"{milliseconds / 1000:.3f} s" if milliseconds >= 1000 else f"{milliseconds:.1f} ms"
