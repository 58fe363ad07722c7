# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``rule``: what it prints of a rule, of all rules, and of an id that no rule has."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

import otlpjson

from ..rule_tables import read_rules
from .commands import Commands, Ran, process

PACKAGE = Path(otlpjson.__file__).parent
DEC_7 = b"""\
DEC-7: Unknown members are ignored, at any place, and reported; so are the fields of OTLP that \
this model has no place for: entity references and the indexes of profiles.
Source: OTLP specification, JSON Protobuf Encoding
"""
RUN = "import sys; sys.path.insert(0, {!r}); from {}.__main__ import main; sys.exit(main())"


def test_a_rule_is_printed_with_its_source(commands: Commands) -> None:
    """Lower case will do as well."""
    assert commands("rule", "DEC-7") == Ran(0, DEC_7, "")
    assert commands("rule", "dec-7") == Ran(0, DEC_7, "")


def test_several_rules_are_printed_in_the_order_given(commands: Commands) -> None:
    """Each with its source."""
    both = commands("rule", "JSON", "DEC-7")

    assert both == Ran(
        0,
        b"JSON: A body is one JSON object in UTF-8, without duplicate members.\nSource: RFC 8259\n" + DEC_7,
        "",
    )


def test_without_an_id_all_rules_are_listed(commands: Commands) -> None:
    """One per line, in the order of the page."""
    assert commands("rule") == Ran(
        0, "".join(f"{row.name:6}  {row.text}\n" for row in read_rules()).encode(), ""
    )


def test_an_unknown_id_is_an_error_that_names_the_known_ones(commands: Commands) -> None:
    """Nothing is printed of the others; what was typed cannot steer the terminal."""
    ran = commands("rule", "DEC-7", "XYZ-1", "\x1b[2J")
    known = ", ".join(row.name for row in read_rules())

    usage, _, empty, sentence = ran.err.splitlines()

    assert (ran.code, ran.out, empty) == (2, b"", "")
    assert usage == "Usage: otlpjson rule [OPTIONS] [ID]..."
    assert sentence == f"Error: Unknown rule XYZ-1,  [2J; the rules are {known}."


@pytest.mark.slow
@pytest.mark.process
def test_a_copy_under_another_name_has_the_page(commands: Commands, tmp_path: Path) -> None:
    """Whole copies bring it along."""
    assert commands("vendor", tmp_path / "telemetry").code == 0

    ran = process(sys.executable, "-c", RUN.format(os.fspath(tmp_path), "telemetry"), "rule", "DEC-7")
    assert ran == Ran(0, DEC_7, "")


@pytest.mark.slow
@pytest.mark.process
def test_a_package_in_a_zip_file_has_the_page(tmp_path: Path) -> None:
    """It is read as package data, not as a file."""
    archive = tmp_path / "lib.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in PACKAGE.rglob("*"):
            if path.suffix in (".py", ".md"):
                file.write(path, path.relative_to(PACKAGE.parent))

    ran = process(sys.executable, "-c", RUN.format(os.fspath(archive), PACKAGE.name), "rule", "DEC-7")
    assert ran == Ran(0, DEC_7, "")
