# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The texts to the right of a span's bar: duration, status, model, tokens and cost."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from rich.cells import cell_len

from ...core.model import Span, StatusCode
from ...openrouter import summary
from .figures import cost_text, duration_text, tokens_text
from .glyphs import Glyphs

__all__ = ["aligned", "cell_style", "cell_texts", "labels", "model_text", "without_author"]

_RIGHT_ALIGNED: Final = frozenset({"duration", "tokens", "cost"})

# By the column, or by the text in the column "status".
_STYLES: Final = MappingProxyType({"model": "green", "cost": "yellow", "error": "red", "ok": "dim"})

_STATUSES: Final = MappingProxyType({StatusCode.UNSET: "", StatusCode.OK: "ok", StatusCode.ERROR: "error"})


def labels(glyphs: Glyphs) -> dict[str, str]:
    """The heading of each column, by its name, in drawing order."""
    return {
        "duration": "duration",
        "status": "",
        "model": "model",
        "tokens": f"in {glyphs.arrow} out",
        "cost": "cost",
    }


def cell_texts(span: Span, glyphs: Glyphs, max_width: int) -> dict[str, str]:
    """The text of each column, by its name; empty where the span has none."""
    facts = summary(span)
    return {
        "duration": _duration(span),
        "status": _status(span.status.code),
        "model": glyphs.fit(facts.model, max_width) if isinstance(facts.model, str) else "",
        "tokens": tokens_text(facts.input_tokens, facts.output_tokens, glyphs.arrow),
        "cost": cost_text(facts.total_cost),
    }


def aligned(cell: str, text: str, width: int) -> str:
    """A text padded to the width of its column; numbers stand at the right."""
    return text.rjust(width) if cell in _RIGHT_ALIGNED else text.ljust(width)


def cell_style(cell: str, text: str) -> str:
    """The style of a text, as rich names it; empty for none."""
    return _STYLES.get(text if cell == "status" else cell, "")


def model_text(model: str, glyphs: Glyphs, width: int) -> str:
    """A model's name in its column; its author is left out before the name itself is cut."""
    return glyphs.fit(without_author(model) if cell_len(model) > width else model, width)


def without_author(model: str) -> str:
    """``gpt-4o`` of ``openai/gpt-4o``."""
    return model.rpartition("/")[2]


def _duration(span: Span) -> str:
    if not span.start_ns:
        return "unknown"
    return duration_text(span.end_ns - span.start_ns) if span.end_ns else "not ended"


def _status(code: int) -> str:
    # A sender may use numbers that OTLP does not define.
    return _STATUSES[StatusCode(code)] if code in (0, 1, 2) else f"status {code}"
