# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What a reader found in a document: the place, the problem, the rule, and how it was repaired."""

from __future__ import annotations

from enum import Enum
from typing import Final, Optional, Union

import attrs

from .errors import InvalidDocument
from .problem import Problem, Reason
from .words import key_step, shortened

__all__ = ["Finding", "Findings", "Key", "Path", "Severity"]


@attrs.frozen
class Key:
    """A step of a path that is an attribute's key."""

    text: str


Path = Optional[tuple["Path", Union[str, int, Key]]]
"""A place in a document: its parent's place and its own name, index or key; ``None`` is the document."""

# A document of a megabyte can have a million findings.
_MAX_KEPT: Final = 10_000


class Severity(Enum):
    """How much a finding weighs: a strict reader refuses an error and accepts the others."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@attrs.frozen(kw_only=True)
class Finding:
    """
    One problem that a reader found in a document.

    Attributes:
        severity: How much it weighs.

        problem: The place, member by member from ``body`` on, and what is wrong there.

        rule: The rule's id, such as ``DEC-2``; empty where no rule of OTLP/JSON is concerned.

        repair: What a lenient reader did about it, such as ``left out``; empty where it did nothing.
    """

    severity: Severity
    problem: Problem
    rule: str = ""
    repair: str = ""

    @property
    def path(self) -> str:
        """The place, from ``body`` on, member by member."""
        return self.problem.path

    @property
    def expected(self) -> str:
        """What must be there, in words; empty where ``found`` says it all."""
        return self.problem.expected

    @property
    def found(self) -> str:
        """What is there, or the problem itself, such as ``unknown field``."""
        return self.problem.found

    @property
    def message(self) -> str:
        """The problem without its place and rule."""
        return str(self.problem.reason)

    def __str__(self) -> str:
        repaired = f"; {self.repair}" if self.repair else ""
        rule = f" ({self.rule})" if self.rule else ""
        return f"{self.problem}{repaired}{rule}"


@attrs.define
class Findings:
    """
    The findings of one reading, in the order in which the reader meets them.

    Attributes:
        strict: Whether the first error is raised instead of kept.

        kept: The first 10,000 in order.

        omitted: How many more there were.

        failed: Whether there was an error.
    """

    strict: bool = False
    kept: list[Finding] = attrs.field(factory=list)
    omitted: int = 0
    failed: bool = False
    _once: set[str] = attrs.field(factory=set)

    def error(self, rule: str, path: Path, reason: Reason, repair: str) -> None:
        """
        Adds something that a strict reader refuses.

        Raises:
            InvalidDocument: The reading is strict.
        """
        if self.strict:
            raise InvalidDocument.because(_text(path), reason, rule)
        self.failed = True
        self._keep(Severity.ERROR, rule, path, reason, repair)

    def error_once(self, rule: str, path: Path, problem: str, repair: str) -> None:
        """Adds the first error with this problem; those after it would say the same again."""
        if problem not in self._once:
            self._once.add(problem)
            self.error(rule, path, problem, repair)

    def refuse(self, error: InvalidDocument) -> None:
        """Adds the error that ended a reading."""
        self.failed = True
        self._keep(Severity.ERROR, error.rule, error.path, error.problem.reason, "")

    def warn(self, rule: str, path: Path, reason: Reason, repair: str = "") -> None:
        """Adds something that every reader accepts, but that is likely a mistake or a loss."""
        self._keep(Severity.WARNING, rule, path, reason, repair)

    def note(self, rule: str, path: Path, reason: Reason, repair: str = "") -> None:
        """Adds something worth knowing."""
        self._keep(Severity.NOTE, rule, path, reason, repair)

    def _keep(self, severity: Severity, rule: str, path: Path | str, reason: Reason, repair: str) -> None:
        if len(self.kept) == _MAX_KEPT:
            self.omitted += 1  # without writing its path, which takes most of the time
            return
        place = path if isinstance(path, str) else _text(path)
        self.kept.append(Finding(severity=severity, problem=Problem(place, reason), rule=rule, repair=repair))


def _text(path: Path) -> str:
    steps: list[str] = []
    while path is not None:
        path, step = path
        if isinstance(step, Key):
            steps.append(key_step(step.text))
        else:
            # An unknown member's name is the writer's, and may be long.
            steps.append(f"[{step}]" if isinstance(step, int) else f".{shortened(step)}")
    return "body" + "".join(reversed(steps))
