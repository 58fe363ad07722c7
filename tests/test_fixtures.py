# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The golden files of ``fixtures`` hold what the code makes today, and each belongs to a case."""

from __future__ import annotations

from . import FIXTURES
from .backfill.inputs.test_formats import FILES
from .cases import answers, bodies, records, refusals
from .golden import goldens

GOLDENS = goldens()


def test_golden_bodies_are_compared_byte_for_byte() -> None:
    """Order, escapes and white space included; ``make golden`` writes them anew and shows what changed."""
    for name, content in GOLDENS.items():
        assert (FIXTURES / name).read_bytes() == content, name


def test_every_file_belongs_to_a_case_and_every_case_has_its_files() -> None:
    """No file is left over from a case that is gone."""
    found = {path.relative_to(FIXTURES).as_posix() for path in FIXTURES.rglob("*") if path.is_file()}
    inputs = {f"openrouter/{name}/record.json" for name in records.NAMES}
    inputs |= {f"inputs/{name}" for name in FILES.values()}

    assert found == set(GOLDENS) | inputs | {"README.md"}


def test_no_case_is_lost_and_each_says_why_it_exists() -> None:
    """The lists are whole, names are unique, and every case has a docstring."""
    cases = [*bodies.CASES, *answers.CASES, *refusals.CASES]

    assert len(GOLDENS) == len(cases) + len(bodies.ON_THE_WIRE) + 1 + 4 * len(records.NAMES)
    assert len(bodies.CASES) >= 40 and len(answers.CASES) >= 15 and len(refusals.CASES) >= 30
    assert [case for case in cases if not case.__doc__] == []
