# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Findings: their sentence, their place, what a strict reading raises, and how many are kept."""

from __future__ import annotations

import pytest

from otlpjson import InvalidDocument
from otlpjson.core.findings import Finding, Findings, Key, Path, Severity
from otlpjson.core.problem import Mismatch, Problem

PLACE: Path = ((((None, "resourceSpans"), 0), "resource"), "attributes")


def finding(severity: Severity, repair: str = "") -> Finding:
    """One about the resource's attributes."""
    return Finding(
        severity=severity,
        rule="DEC-2",
        problem=Problem("body.resourceSpans[0].resource.attributes", Mismatch("a list", "number 5")),
        repair=repair,
    )


def test_a_finding_is_one_sentence() -> None:
    """Where, what has to stand there, what does, what was made of it, and the rule."""
    assert (
        str(finding(Severity.ERROR, "left out"))
        == "body.resourceSpans[0].resource.attributes: expected a list, got number 5; left out (DEC-2)"
    )
    assert (
        str(finding(Severity.NOTE))
        == "body.resourceSpans[0].resource.attributes: expected a list, got number 5 (DEC-2)"
    )
    assert finding(Severity.ERROR, "left out").message == "expected a list, got number 5"
    assert (finding(Severity.NOTE).expected, finding(Severity.NOTE).found) == ("a list", "number 5")


def test_a_problem_without_an_expectation_is_a_sentence_too() -> None:
    """Where nothing particular was expected; without a rule, no brackets."""
    unknown = Finding(severity=Severity.WARNING, problem=Problem("body.a", "unknown field"), repair="ignored")

    assert str(unknown) == "body.a: unknown field; ignored"
    assert (unknown.path, unknown.message) == ("body.a", "unknown field")
    assert (unknown.expected, unknown.found) == ("", "unknown field")


def test_a_key_is_a_step_of_a_path() -> None:
    """In brackets, as in Python, shortened and with quotation marks escaped."""
    findings = Findings()
    findings.note("GC-2", ((None, "attributes"), Key("it's")), "too long")
    findings.note("GC-2", (None, Key("k" * 61)), "too long")

    assert [kept.path for kept in findings.kept] == ["body.attributes['it\\'s']", f"body['{'k' * 60}…']"]


def test_a_lenient_reading_keeps_findings_in_order() -> None:
    """Errors with their repair, warnings with or without one, notes."""
    findings = Findings()
    findings.error("DEC-2", PLACE, Mismatch("a list", "number 5"), "left out")
    findings.warn("DEC-2", PLACE, Mismatch("a list", "number 5"), "kept")
    findings.warn("DEC-2", PLACE, Mismatch("a list", "number 5"))
    findings.note("DEC-2", PLACE, Mismatch("a list", "number 5"))

    assert findings.kept == [
        finding(Severity.ERROR, "left out"),
        finding(Severity.WARNING, "kept"),
        finding(Severity.WARNING),
        finding(Severity.NOTE),
    ]
    assert findings.omitted == 0


def test_a_strict_reading_raises_at_the_first_error() -> None:
    """The three facts and the rule are attributes of the error; warnings are kept."""
    findings = Findings(strict=True)
    findings.warn("DEC-2", PLACE, Mismatch("a list", "number 5"))
    with pytest.raises(InvalidDocument) as caught:
        findings.error("DEC-2", PLACE, Mismatch("a list", "number 5"), "left out")

    assert (
        str(caught.value)
        == "body.resourceSpans[0].resource.attributes: expected a list, got number 5 (DEC-2)"
    )
    assert caught.value.path == "body.resourceSpans[0].resource.attributes"
    assert caught.value.expected == "a list"
    assert caught.value.found == "number 5"
    assert caught.value.rule == "DEC-2"
    assert findings.kept == [finding(Severity.WARNING)]


def test_the_body_itself_is_a_place() -> None:
    """Without a step it is called body."""
    findings = Findings()
    findings.note("JSON", None, Mismatch("a list", "number 5"))

    assert findings.kept[0].path == "body"


def test_a_long_name_in_a_path_is_cut() -> None:
    """A member's name is the writer's, and may be a megabyte long."""
    findings = Findings()
    findings.warn("DEC-7", (None, "n" * 60), "unknown field")
    findings.warn("DEC-7", (None, "n" * 1_000_000), "unknown field")

    assert [kept.path for kept in findings.kept] == ["body." + "n" * 60, "body." + "n" * 60 + "…"]


def test_ten_thousand_findings_are_kept() -> None:
    """The rest is counted."""
    findings = Findings()
    for number in range(10_003):
        findings.note("JSON", (None, number), Mismatch("a list", "number 5"))

    assert len(findings.kept) == 10_000
    assert findings.kept[-1].path == "body[9999]"
    assert findings.omitted == 3


def test_what_ended_a_reading_is_its_last_error() -> None:
    """With the error's own place; a reading has failed once it has an error."""
    findings = Findings()
    findings.warn("DEC-7", None, "unknown field")
    failed_before = findings.failed
    findings.refuse(InvalidDocument("body.a", "a list", "nothing", "PROTO"))

    assert (failed_before, findings.failed) == (False, True)
    assert [str(kept) for kept in findings.kept][1:] == ["body.a: expected a list, got nothing (PROTO)"]
    assert (findings.kept[1].severity, findings.kept[1].repair) == (Severity.ERROR, "")
