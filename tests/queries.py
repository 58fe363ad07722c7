# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Where the project shows TraceQL: in texts, in the dashboard, and on the terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from otlpjson.receiver.server import Receiver

from .cli.commands import MODULE, credentials, process

__all__ = ["DASHBOARD", "GUIDE", "ROOT", "blocks", "in_dashboard", "in_text", "printed", "shown"]

ROOT: Final = Path(__file__).resolve().parent.parent
GUIDE: Final = ROOT / "docs" / "grafana.md"
DASHBOARD: Final = ROOT / "docs" / "grafana-dashboard.json"
_BLOCK: Final = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
# Between backticks, or after the words with which the command prints one.
_INLINE: Final = re.compile(r"`(\{ [^`\n]+)`|^ *Find it with TraceQL: (.+)$", re.MULTILINE)


def blocks(text: str, kind: str) -> list[str]:
    """The fenced blocks of this kind in a Markdown text, without the indentation of a list."""
    found = [(indent, body) for indent, name, body in _BLOCK.findall(text) if name == kind]
    # An empty line of a list has no indentation.
    return ["".join(line[len(indent) :] or "\n" for line in body.splitlines(True)) for indent, body in found]


def in_text(text: str) -> list[str]:
    """Each line of a ``traceql`` block is a query, and so is inline code that looks like one."""
    lines = [line for block in blocks(text, "traceql") for line in block.splitlines() if line.strip()]
    return lines + [inline or told for inline, told in _INLINE.findall(text)]


def in_dashboard(dashboard: dict[str, Any]) -> list[str]:
    """The queries of its panels."""
    return [target["query"] for panel in dashboard["panels"] for target in panel["targets"]]


def printed() -> str:
    """The query that ``send-trace`` prints when a receiver has taken its trace."""
    with Receiver() as receiver:
        ran = process(*MODULE, "send-trace", environ=credentials(receiver.base_url))
    (query,) = in_text(ran.out.decode("utf-8"))
    return query


def shown() -> list[tuple[str, str]]:
    """Every query in the project's texts and in the dashboard, each after the name of its file."""
    found = []
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        found += [(path.name, query) for query in in_text(path.read_text(encoding="utf-8"))]
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return found + [(DASHBOARD.name, query) for query in in_dashboard(dashboard)]
