# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Every query that the project shows is TraceQL to Grafana's own grammar, which its query editor uses.

``make traceql`` installs the grammar from npm; where it is not installed these tests are skipped.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from .. import queries

FOLDER: Final = Path(__file__).resolve().parent
NODE: Final = shutil.which("node")
INSTALLED: Final = (FOLDER / "node_modules" / "@grafana" / "lezer-traceql").is_dir()
pytestmark = [
    pytest.mark.traceql,
    pytest.mark.skipif(
        not (NODE and INSTALLED), reason="Node or the folder that make traceql fills is missing"
    ),
]

# What a Tempo 3.1 (development version of 2026-08-21) took and answered, and this grammar does
# not have; nothing that the project shows is among it. Where the grammar learns one, its test fails.
HELD: Final = {
    "an attribute whose own name begins with a scope": '{ resource.service.name = "openrouter" && '
    'span.span.type = "generation" } | sum_over_time(span.gen_ai.usage.total_cost) by (span.gen_ai.request.model)',
    "a number without a digit before its point": "{ } | quantile_over_time(duration, .95)",
}
REFUSED: Final = {
    "no literal": ("{ span.gen_ai.usage.total_cost > }", [[33, 33]]),
    "no end": ('{ resource.service.name = "openrouter"', [[38, 38]]),
    "text without quotes": ("{ resource.service.name = openrouter }", [[26, 36]]),
    "a unit that is none": ("{ duration > 5q }", [[14, 15]]),
    "one ampersand": ('{ span.user.id = "a" & status = error }', [[21, 22], [23, 23]]),
    "a function that is none": ("{ } | total_over_time(duration)", [[6, 21], [22, 22], [30, 30]]),
    "PromQL": ("rate(spans[5m])", [[4, 5], [5, 11], [11, 15]]),
}


def judged(*texts: str) -> list[Any]:
    """For each query the places of its errors."""
    done = subprocess.run(
        [NODE or "node", str(FOLDER / "judge.mjs")],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    places: list[Any] = json.loads(done.stdout)
    return places


def test_every_query_is_read_without_an_error() -> None:
    """README, guide, dashboard and what the command prints, at once."""
    shown = [*queries.shown(), ("send-trace", queries.printed())]
    places = judged(*(query for _, query in shown))

    assert [(*one, where) for one, where in zip(shown, places) if where] == []
    assert len(places) == len(shown) > 50


@pytest.mark.parametrize(("query", "places"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_traceql_is_refused(query: str, places: list[list[int]]) -> None:
    """With the place of the error; else the judge would be none."""
    assert judged(query) == [places]


@pytest.mark.parametrize("query", HELD.values(), ids=HELD)
def test_the_grammar_still_lacks_what_tempo_takes(query: str) -> None:
    """So the guide keeps away from it."""
    assert judged(query) != [[]]
