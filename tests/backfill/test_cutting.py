# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Entries of several files cut into bodies."""

from __future__ import annotations

import pytest

from otlpjson.backfill.cutting import cut
from otlpjson.core.bodies import fill

from ..delivery.fakes import entry

FILES = [[entry(f"{file}-{number}") for number in range(7)] for file in range(3)]


@pytest.mark.parametrize("size", [1, 150, 10**6])
def test_no_body_has_entries_of_two_files(size: int) -> None:
    """Each file is cut as if it were alone, also where one has nothing."""
    lines = [line for file in FILES for line in [*((one,) for one in file), (), ()]]

    assert list(cut(lines, size)) == [body for file in FILES for body in fill(file, size)]
    assert list(cut([(FILES[0][0], FILES[0][1])], 10**6)) == list(fill(FILES[0][:2], 10**6))
    assert list(cut([], size)) == []


@pytest.mark.parametrize("size", [1, 150, 300])
def test_a_run_that_begins_at_a_body_cuts_at_the_same_places(size: int) -> None:
    """So what is sent again is sent in the same bodies."""
    bodies = list(fill(FILES[0], size))
    for index in range(len(bodies)):
        done = sum(len(body.entries) for body in bodies[:index])

        assert list(cut([(one,) for one in FILES[0][done:]], size)) == bodies[index:]
