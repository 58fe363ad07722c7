# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One piece of OTLP/JSON read by one function of the decoder, strictly and leniently, with what was found."""

from __future__ import annotations

import re
from typing import Any, Callable, Final, NamedTuple

from otlpjson import Attributes
from otlpjson.core.findings import Finding, Findings, Path, Severity
from otlpjson.core.json_text import parse
from otlpjson.core.problem import Mismatch, Problem

__all__ = ["Fault", "Reads", "case_id", "lenient", "parsed", "same", "strict"]

_NO_ID: Final = re.compile(r"[^A-Za-z0-9_.,+-]+")
Reads = Callable[[Any, Path, Findings], Any]


class Fault(NamedTuple):
    """Something wrong in a document, what is said of it, and what a lenient reader takes it for."""

    json: str
    value: Any
    rule: str
    expected: str
    found: str
    repair: str
    path: str = "body"

    @property
    def refusal(self) -> str:
        """The whole text of the error that a strict reading ends with."""
        if self.expected:
            return f"{self.path}: expected {self.expected}, got {self.found} ({self.rule})"
        return f"{self.path}: {self.found} ({self.rule})"

    def finding(self, severity: Severity = Severity.ERROR) -> Finding:
        """What a lenient reading says about it."""
        reason = Mismatch(self.expected, self.found) if self.expected else self.found
        return Finding(
            severity=severity, rule=self.rule, problem=Problem(self.path, reason), repair=self.repair
        )


def parsed(json: str) -> Any:
    """What the decoder's functions are given for a JSON text."""
    return parse(json.encode("utf-8"), Findings())


def lenient(read: Reads, json: str) -> tuple[Any, list[Finding]]:
    """What a lenient reading takes a JSON text for, and what it found."""
    findings = Findings()
    return read(parsed(json), None, findings), findings.kept


def strict(read: Reads, json: str) -> tuple[Any, list[Finding]]:
    """What a strict reading takes a JSON text for, and what it found besides; raises at the first error."""
    findings = Findings(strict=True)
    return read(parsed(json), None, findings), findings.kept


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same on the wire: ``1``, ``1.0`` and ``True`` differ, and NaN is itself."""
    return Attributes({"value": one}) == Attributes({"value": other})


def case_id(item: object) -> str:
    """A parameter's id in letters that pytest takes back, on a command line and within one process."""
    name = item.json if isinstance(item, Fault) else getattr(item, "__name__", None)
    return _NO_ID.sub("_", ascii(item) if name is None else name)[:40]
