# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A trace as it is drawn, without a terminal."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from otlpjson.cli.tree import trace_tree
from otlpjson.model import Span, SpanKind, Status, StatusCode

TRACE = "5b8efff798038103d269b633813fc60c"


def span(number: int, name: str, parent: int | None = None, **fields: Any) -> Span:
    """A span of 1.5 seconds."""
    given: Mapping[str, Any] = {"start_ns": 10**18, "end_ns": 10**18 + 1_500_000_000, **fields}
    return Span(
        trace_id=TRACE,
        span_id=f"{number:016x}",
        parent_span_id=None if parent is None else f"{parent:016x}",
        name=name,
        kind=SpanKind.INTERNAL,
        **given,
    )


def drawn(*spans: Span) -> str:
    """The tree as text."""
    output = io.StringIO()
    Console(file=output, width=200, soft_wrap=True).print(trace_tree(spans))
    return output.getvalue()


def test_children_stand_below_their_parents_in_order() -> None:
    """A span whose parent is not there stands at the top, wherever it came."""
    assert drawn(
        span(3, "grandchild", 2),
        span(1, "root"),
        span(2, "child", 1),
        span(4, "second child", 1),
        span(5, "orphan", 99),
    ) == (
        f"trace {TRACE}\n"
        "├── root  1.500 s\n"
        "│   ├── child  1.500 s\n"
        "│   │   └── grandchild  1.500 s\n"
        "│   └── second child  1.500 s\n"
        "└── orphan  1.500 s\n"
    )


def test_a_span_shows_what_a_person_looks_for() -> None:
    """Name, duration, error, model, tokens, cost."""
    attributes = {
        "gen_ai.response.model": "openai/gpt-4o",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 48,
        "gen_ai.usage.total_cost": 0.00051,
    }
    failed = Status(code=StatusCode.ERROR, message="slow\ndown")

    assert drawn(span(1, "ask", attributes=attributes, status=failed, end_ns=10**18 + 999_900_000)) == (
        f"trace {TRACE}\n└── ask  999.9 ms  error: slow down  openai/gpt-4o  12 → 48 tokens  $0.000510\n"
    )


def test_what_a_span_does_not_say_is_not_shown() -> None:
    """Half a count is none; a number of another type is none."""
    attributes = {"gen_ai.usage.input_tokens": 12, "gen_ai.usage.total_cost": "free"}

    assert drawn(span(1, "", attributes=attributes, end_ns=10**18)) == (
        f"trace {TRACE}\n└── (no name)  0.0 ms\n"
    )


def test_names_cannot_steer_the_terminal_or_fill_it() -> None:
    """Nor are they read as markup."""
    assert drawn(span(1, "\x1b[31m[bold]x[/]\u202e" + "y" * 100)) == (
        f"trace {TRACE}\n└── [31m[bold]x[/] {'y' * 64}…  1.500 s\n"
    )
