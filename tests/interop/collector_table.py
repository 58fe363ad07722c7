# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The table of ``docs/collector.md``: read out of the text, and made anew from what the Collector does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

__all__ = ["DOCUMENT", "Row", "checked", "read", "row"]

DOCUMENT: Final = Path(__file__).resolve().parent.parent.parent / "docs" / "collector.md"
Row = tuple[str, str]
"""A status and, in words or JSON, what was written."""

_ROW: Final = re.compile(r"^\| ([^|]+?) \| (\d{3}) \| ([^|]+?) \| ([^|]+?) \|$", re.MULTILINE)


def read(text: str) -> dict[str, Row]:
    """The rows of the section on wrong bodies, by what is wrong with them."""
    return {name: (status, written) for name, status, written, _ in _ROW.findall(_section(text))}


def checked(text: str) -> dict[str, str]:
    """What ``check`` says of each of them."""
    return {name: findings for name, _, _, findings in _ROW.findall(_section(text))}


def _section(text: str) -> str:
    return text.split("\n## Wrong bodies\n")[1].split("\n## ")[0]


def row(status: int, lines: Sequence[str], right: str, body: bytes) -> Row:
    """
    What a row has to say.

    Args:
        lines: What the Collector wrote.

        right: What it writes for the right body.

        body: What was sent.
    """
    return str(status), _written(lines, right, body)


def _written(lines: Sequence[str], right: str, body: bytes) -> str:
    if not lines:
        return "nothing"
    (line,) = lines
    if line == right:
        return "the right span"
    found, expected = _spans(line), _spans(right)[0]
    if len(found) > 1:
        return "as sent" if _without_defaults(found) == _spans(body.decode()) else f"{len(found)} spans"
    return ", ".join(_differences(found[0], expected)) if len(line) < 500 else "as sent"


def _spans(line: str) -> list[dict[str, Any]]:
    """The spans of a body with one group; a byte that is not UTF-8 stands there as a lone ``\\xff``."""
    document = json.loads(line.replace("\\xff", "\\\\xff"))
    spans: list[dict[str, Any]] = document["resourceSpans"][0]["scopeSpans"][0]["spans"]
    return spans


def _without_defaults(spans: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the Collector adds to every span is an empty status."""
    return [{name: value for name, value in span.items() if value != {}} for span in spans]


def _differences(found: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """Members that are not as the right span has them, as JSON; members that are missing."""
    changed = [
        f"`{_compact({name: value})[1:-1]}`" for name, value in found.items() if expected.get(name) != value
    ]
    return changed + [f"no `{name}`" for name in expected if name not in found]


def _compact(members: Mapping[str, Any]) -> str:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).replace("\\\\xff", "\\xff")
