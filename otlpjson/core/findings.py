# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What a reader of OTLP/JSON found: where, by which rule, what was expected, and what was made of it."""

from __future__ import annotations

from enum import Enum
from typing import Final, Optional, Union

import attrs

from .errors import InvalidDocument

__all__ = ["Finding", "Findings", "Path", "Severity"]

Path = Optional[tuple["Path", Union[str, int]]]
"""A place in a document: its parent's place and its own name or index; ``None`` is the document."""

_LONGEST_STEP: Final = 60
_MAX_KEPT: Final = 10_000


class Severity(Enum):
    """How much a finding weighs: an error is refused by a strict reader, the others are not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@attrs.frozen(kw_only=True)
class Finding:
    """
    One thing that a reader has to say of a document.

    Attributes:
        severity: How much it weighs.

        rule: The rule's id, such as ``DEC-2``.

        path: Where, from ``body`` on, member by member.

        expected: What has to stand there, in words.

        found: What stands there.

        repair: What a lenient reader makes of it; empty where nothing needs to be made.
    """

    severity: Severity
    rule: str
    path: str
    expected: str
    found: str
    repair: str = ""

    @property
    def message(self) -> str:
        """The finding without its place and rule."""
        return f"expected {self.expected}, got {self.found}"

    def __str__(self) -> str:
        repaired = f"; {self.repair}" if self.repair else ""
        return f"{self.path}: {self.message}{repaired} ({self.rule})"


@attrs.define
class Findings:
    """
    The findings of one reading, as they come.

    Attributes:
        strict: Whether the first error is raised instead of kept.

        kept: The first 10,000 in order.

        omitted: How many more there were: a document of a megabyte can have a million.

        failed: Whether there was an error.
    """

    strict: bool = False
    kept: list[Finding] = attrs.field(factory=list)
    omitted: int = 0
    failed: bool = False

    def error(self, rule: str, path: Path, expected: str, found: str, repair: str) -> None:
        """
        Something that a strict reader refuses.

        Raises:
            InvalidDocument: The reading is strict.
        """
        if self.strict:
            raise InvalidDocument(_text(path), expected, found, rule)
        self.failed = True
        self._keep(Severity.ERROR, rule, path, (expected, found, repair))

    def refuse(self, error: InvalidDocument) -> None:
        """What ended a reading is its last error."""
        self.failed = True
        self._keep(Severity.ERROR, error.rule, error.path, (error.expected, error.found, ""))

    def warn(self, rule: str, path: Path, expected: str, found: str, repair: str = "") -> None:
        """Something that every reader takes, but that is likely a mistake or a loss."""
        self._keep(Severity.WARNING, rule, path, (expected, found, repair))

    def note(self, rule: str, path: Path, expected: str, found: str) -> None:
        """Something worth knowing."""
        self._keep(Severity.NOTE, rule, path, (expected, found, ""))

    def _keep(self, severity: Severity, rule: str, path: Path | str, words: tuple[str, str, str]) -> None:
        if len(self.kept) == _MAX_KEPT:
            self.omitted += 1  # and no time is lost with its words
            return
        expected, found, repair = words
        self.kept.append(
            Finding(
                severity=severity,
                rule=rule,
                path=path if isinstance(path, str) else _text(path),
                expected=expected,
                found=found,
                repair=repair,
            )
        )


def _text(path: Path) -> str:
    steps: list[str] = []
    while path is not None:
        path, step = path
        steps.append(f".{_shortened(step)}" if isinstance(step, str) else f"[{step}]")
    return "body" + "".join(reversed(steps))


def _shortened(name: str) -> str:
    # An unknown member's name is the writer's.
    return name if len(name) <= _LONGEST_STEP else name[:_LONGEST_STEP] + "…"
