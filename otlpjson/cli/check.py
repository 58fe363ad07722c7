# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``check``: lists the findings in OTLP/JSON bodies."""

from __future__ import annotations

import json
from collections import Counter
from typing import BinaryIO, Final

import click

from ..core.findings import Finding, Severity
from ..core.words import plural, printable
from ..inspect.checker import Checked, check_lines
from . import options

__all__ = ["check"]

# A finding quotes what is in the file, which may be hostile or very long.
_MAX_LINE: Final = 1000


@click.command()
@options.input_file
@click.option("--json", "as_json", is_flag=True, help="Print each finding as a JSON object, one per line.")
def check(file: BinaryIO, as_json: bool) -> int:
    """Find errors and oddities in OTLP/JSON bodies.

    FILE has one body per line, or is a single indented body; "-" is standard input. Each finding
    is one line with its place, its severity and its rule; `otlpjson rule ID` explains a rule. The
    exit code is 1 if there are errors; warnings and notes do not change it.
    """
    bodies = 0
    counts: Counter[Severity] = Counter()
    passed = True
    for number, checked in check_lines(file):
        bodies += 1
        passed = passed and checked.passed
        counts.update(finding.severity for finding in checked.findings)
        for line in _lines(file.name, number, checked, as_json):
            click.echo(line)
    # An empty input is a failure: something earlier in the pipe may have gone wrong.
    if bodies == 0:
        click.echo(printable(f"{file.name}: no bodies found", _MAX_LINE), err=True)
        return 1
    found = ", ".join(plural(counts[severity], severity.value) for severity in Severity)
    click.echo(f"{'1 body' if bodies == 1 else f'{bodies} bodies'}: {found}", err=True)
    return 0 if passed else 1


def _lines(name: str, number: int, checked: Checked, as_json: bool) -> list[str]:
    lines = [
        _object(name, number, finding) if as_json else _sentence(name, number, finding)
        for finding in checked.findings
    ]
    # With --json every line is a finding, so that programs need no special case.
    if checked.omitted and not as_json:
        lines.append(printable(f"{name}:{number}: and {checked.omitted} more", _MAX_LINE))
    return lines


def _sentence(name: str, number: int, finding: Finding) -> str:
    severity = finding.severity.value
    return printable(
        f"{name}:{number}: {severity}: {finding.path}: {finding.message} ({finding.rule})", _MAX_LINE
    )


def _object(name: str, number: int, finding: Finding) -> str:
    return json.dumps(
        {
            "file": name,
            "line": number,
            "severity": finding.severity.value,
            "rule": finding.rule,
            "path": finding.path,
            "expected": finding.expected,
            "found": finding.found,
        }
    )
