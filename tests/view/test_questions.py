# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the store answers to the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from otlpjson.core.encoder import encode
from otlpjson.core.model import Status, TracesData
from otlpjson.core.traces import traces_of
from otlpjson.inspect.waterfall import rows_of
from otlpjson.openrouter import totals
from otlpjson.view.store import Store, conditions_of
from otlpjson.view.store.questions import Questions

from .. import FIXTURES
from .spans import FAILED, NOW_NS, START_NS, body, fixture, generation, span, trace_id

NAMES = sorted(path.parent.name for path in FIXTURES.glob("openrouter/*/body.json"))


@pytest.fixture
def store() -> Iterator[Store]:
    """A store in memory."""
    with Store(None, now_ns=lambda: NOW_NS) as opened:
        yield opened


@pytest.fixture
def questions(store: Store) -> Questions:
    """The questions to it."""
    return Questions(store.database)


def only(questions: Questions) -> dict[str, Any]:
    """The only trace of a list."""
    (trace,) = questions.traces(())["traces"]
    found: dict[str, Any] = trace
    return found


def test_a_trace_in_a_list_has_its_figures(store: Store, questions: Questions) -> None:
    """Those of the guide's example; times of nanoseconds are texts."""
    store.add(fixture("guide"))

    assert questions.traces(()) == {
        "total": 1,
        "offset": 0,
        "traces": [
            {
                "trace_id": "addc2f052d437fec14c79a7193ea8135",
                "name": "Metric Analysis Pipeline",
                "service": "openrouter",
                "session_id": "session_abc",
                "user_id": "user_12345",
                "models": ["openai/gpt-4o"],
                "start_ns": "1771005600000000000",
                "duration_ns": 1_203_000_000,
                "spans": 2,
                "errors": 0,
                "message": None,
                "generations": 1,
                "input_tokens": 12,
                "output_tokens": 48,
                "tokens": 60,
                "cost": 0.00051,
                "first_token_ms": None,
            }
        ],
    }


@pytest.mark.parametrize("name", NAMES)
def test_sums_are_those_of_the_spans(name: str, store: Store, questions: Questions) -> None:
    """As the waterfall in the terminal counts them: each generation once."""
    traces = fixture(name)
    store.add(traces)
    spans = [one for trace in traces_of([traces]) for one in trace.spans]
    expected = totals(spans)
    trace = only(questions)
    failed = [one for one in spans if one.status.code == 2]

    assert (trace["generations"], trace["input_tokens"], trace["output_tokens"], trace["cost"]) == (
        expected.generations,
        expected.input_tokens,
        expected.output_tokens,
        expected.total_cost,
    )
    assert (trace["spans"], trace["errors"]) == (len(spans), len(failed))
    assert trace["message"] in {one.status.message or None for one in failed} or not failed
    sums = questions.sums(())
    assert (sums["spans"], sums["cost"]) == (len(spans), expected.total_cost or 0)


def test_a_response_that_two_spans_tell_of_counts_once(store: Store, questions: Questions) -> None:
    """In its trace, and in the sums by model."""
    attributes = {
        "span.type": "generation",
        "gen_ai.response.id": "gen-1",
        "gen_ai.response.model": "m",
        "gen_ai.usage.total_cost": 0.5,
        "gen_ai.usage.input_tokens": 3,
    }
    store.add(body(span(1, 1, attributes=attributes), span(1, 2, 1, attributes=attributes)))
    trace, sums = only(questions), questions.sums(())

    assert (trace["generations"], trace["cost"], trace["tokens"]) == (1, 0.5, 3)
    assert sums["by_model"] == [{"name": "m", "requests": 1, "cost": 0.5, "tokens": 3}]


def test_the_name_is_that_of_the_root(store: Store, questions: Questions) -> None:
    """Or of the earliest span, where the root is not there; a span without a start comes last."""
    later = span(1, 2, 9, name="later", start_ns=START_NS + 1)
    store.add(body(span(1, 3, 9, name="no start", start_ns=0), later, span(1, 4, 9, name="first")))
    assert only(questions)["name"] == "first"
    store.add(body(span(1, 9, name="root", start_ns=START_NS + 5)))
    assert only(questions)["name"] == "root"


def test_a_trace_without_any_time_has_none(store: Store, questions: Questions) -> None:
    """One that has not ended is as long as what began in it."""
    store.add(body(span(1, 1, start_ns=0, end_ns=0)))
    assert (only(questions)["start_ns"], only(questions)["duration_ns"]) == ("0", 0)
    assert questions.sums(())["over_time"]["steps"] == []
    store.add(body(span(1, 2, end_ns=0), span(1, 3, start_ns=START_NS + 7, end_ns=0)))
    assert (only(questions)["start_ns"], only(questions)["duration_ns"]) == (str(START_NS), 7)


def test_lists_are_ordered_and_read_piece_by_piece(store: Store, questions: Questions) -> None:
    """The newest first unless another order is asked for."""
    for number, (cost, seconds) in enumerate([(3.0, 2.0), (1.0, 9.0), (2.0, 1.0)]):
        store.add(
            generation(
                number,
                started_ns=START_NS + number,
                seconds=seconds,
                usage={"cost": cost},
                request={"trace": {"generation_name": f"{number}"}},
            )
        )

    def listed(**given: Any) -> str:
        return "".join(one["name"] for one in questions.traces((), **given)["traces"])

    assert listed() == listed(order="newest") == listed(order="nonsense") == "210"
    assert (listed(order="oldest"), listed(order="slowest"), listed(order="costliest")) == (
        "012",
        "102",
        "021",
    )
    assert (listed(limit=2), listed(offset=1, limit=1), listed(offset=5)) == ("21", "1", "")
    assert questions.traces((), offset=5)["total"] == 3


def test_sums_are_made_by_model_by_user_and_over_time(store: Store, questions: Questions) -> None:
    """Of what the conditions hold for."""
    for number, (model, user) in enumerate([("a/x", "ada"), ("a/x", "bob"), ("b/y", None)]):
        request = {"model": model, **({"user": user} if user else {})}
        store.add(generation(number, started_ns=START_NS + number * 10**9, request=request))
    store.add(body(span(99, status=FAILED, start_ns=START_NS + 96 * 10**9, end_ns=0)))
    sums = questions.sums(())

    assert {name: sums[name] for name in ("traces", "spans", "generations", "failed", "cost")} == {
        "traces": 4,
        "spans": 4,
        "generations": 3,
        "failed": 1,
        "cost": 0.75,
    }
    assert (sums["input_tokens"], sums["output_tokens"]) == (30, 15)
    assert (sums["first_ns"], sums["last_ns"]) == (str(START_NS), str(START_NS + 96 * 10**9))
    assert sums["by_model"] == [
        {"name": "a/x", "requests": 2, "cost": 0.5, "tokens": 30},
        {"name": "b/y", "requests": 1, "cost": 0.25, "tokens": 15},
    ]
    assert [one["name"] for one in sums["by_user"]] == [None, "ada", "bob"]
    assert sums["over_time"] == {
        "step_ns": "2000000001",
        "steps": [
            {"step": 0, "traces": 2 + 1, "failed": 0, "cost": 0.75},
            {"step": 47, "traces": 1, "failed": 1, "cost": 0},
        ],
    }
    assert questions.sums(conditions_of("user = ada"))["by_model"] == [
        {"name": "a/x", "requests": 1, "cost": 0.25, "tokens": 15}
    ]
    nothing = questions.sums(conditions_of("user = nobody"))
    assert (nothing["traces"], nothing["cost"], nothing["by_model"], nothing["over_time"]["steps"]) == (
        0,
        0,
        [],
        [],
    )


def test_sessions_are_sums_of_their_traces(store: Store, questions: Questions) -> None:
    """The newest first; traces without a session are in none."""
    for number, session in enumerate(["s1", "s2", "s1", None]):
        request = {"user": "ada", **({"session_id": session} if session else {})}
        store.add(generation(number, started_ns=START_NS + number, request=request))

    found = questions.sessions(())
    assert found["total"] == 2
    assert [(one["session_id"], one["traces"], one["cost"], one["user_id"]) for one in found["sessions"]] == [
        ("s1", 2, 0.5, "ada"),
        ("s2", 1, 0.25, "ada"),
    ]
    assert found["sessions"][0]["last_ns"] == str(START_NS + 2)
    assert questions.sessions((), offset=1, limit=5)["sessions"][0]["session_id"] == "s2"
    assert questions.sessions(conditions_of("session = s2"))["total"] == 1


def test_values_of_fields_are_listed_by_their_number(store: Store, questions: Questions) -> None:
    """The model that answered and the one that was asked for; keys of metadata; of numbers none."""
    store.add(generation(1, request={"model": "a/x", "user": "ada", "trace": {"environment": "prod"}}))
    for number in (2, 3):
        store.add(generation(number, request={"model": "b/y", "user": "bob", "trace": {"team": "t"}}))

    assert questions.values("model") == ["b/y", "a/x"]
    assert questions.values("user") == ["bob", "ada"]
    assert questions.values("metadata") == ["team", "environment"]
    assert questions.values("cost") == questions.values("text") == questions.values("nonsense") == []


@pytest.mark.parametrize("name", NAMES)
def test_a_trace_has_the_rows_of_its_waterfall(name: str, store: Store, questions: Questions) -> None:
    """In the order and at the depth of the drawing in the terminal."""
    traces = fixture(name)
    store.add(traces)
    (trace,) = traces_of([traces])
    answer = questions.trace(trace.trace_id)
    assert answer is not None
    first_ns = (trace.times_ns or (0, 0))[0]

    assert answer["trace"] == only(questions)
    assert [
        (
            row["span_id"],
            row["name"],
            row["depth"],
            row["is_last"],
            row["has_children"],
            row["mark"],
            row["status"],
        )
        for row in answer["rows"]
    ] == [
        (
            row.span.span_id,
            row.span.name,
            row.depth,
            row.is_last,
            row.has_children,
            row.mark and row.mark.value,
            int(row.span.status.code),
        )
        for row in rows_of(trace)
    ]
    assert [row["start_ms"] for row in answer["rows"]] == [
        (row.span.start_ns - first_ns) / 10**6 for row in rows_of(trace)
    ]
    json.dumps(answer, allow_nan=False)


def test_rows_say_what_is_odd_about_a_span(store: Store, questions: Questions) -> None:
    """No start, no end, a missing parent, an id that another span has, a status that OTLP does not know."""
    store.add(
        body(
            span(1, 1, end_ns=0),
            span(1, 2, 1, start_ns=0),
            span(1, 3, 8, start_ns=START_NS + 1),
            span(1, 1, name="again", start_ns=START_NS + 2),
            span(1, 4, 1, status=Status(code=7)),
        )
    )
    answer = questions.trace(trace_id(1))
    assert answer is not None
    rows = {row["name"]: row for row in answer["rows"]}

    assert (rows["span 1"]["start_ms"], rows["span 1"]["duration_ms"]) == (0.0, None)
    assert (rows["span 2"]["start_ms"], rows["span 2"]["duration_ms"]) == (None, None)
    assert (rows["span 3"]["mark"], rows["again"]["mark"]) == ("parent missing", "duplicate id")
    assert rows["span 4"]["status"] == 7
    assert questions.trace(trace_id(77)) is None


@pytest.mark.parametrize("name", NAMES)
def test_a_trace_is_downloaded_as_it_came(name: str, store: Store, questions: Questions) -> None:
    """Group by group, so that it can be a golden file; each span alone too."""
    traces = fixture(name)
    store.add(traces)
    (trace,) = traces_of([traces])
    answer = questions.trace(trace.trace_id)
    assert answer is not None

    assert questions.trace_body(trace.trace_id) == encode(traces)
    alone = {row["span_id"]: questions.span_body(row["id"]) for row in answer["rows"]}
    assert {one.span_id for one in trace.spans} == set(alone)
    assert all(one.span_id.encode() in (alone[one.span_id] or b"") for one in trace.spans)


def test_groups_stay_apart_where_they_came_apart(store: Store, questions: Questions) -> None:
    """Two bodies, another resource, and a group of which another trace had the first span."""
    store.add(body(span(1, 1)))
    store.add(body(span(1, 2)))
    store.add(body(span(2, 1), span(1, 3), span(1, 4), service="other"))
    whole = questions.trace_body(trace_id(1))
    expected = [body(span(1, 1)), body(span(1, 2)), body(span(1, 3), span(1, 4), service="other")]

    assert whole == encode(TracesData(resource_spans=tuple(one.resource_spans[0] for one in expected)))
    assert questions.trace_body(trace_id(7)) is None
    assert questions.span_body(777) is None


def test_what_is_not_there_is_none(questions: Questions) -> None:
    """A span and a text."""
    assert questions.preview(1) is None
    assert questions.text(1, "message") is None
    assert questions.matching(trace_id(1), ()) is False


def test_the_preview_of_a_large_span_is_stored(tmp_path: Path) -> None:
    """So that it is there at once; it is the same as one that is made."""
    text = "long " * 100_000
    with Store(tmp_path / "t.db", now_ns=lambda: NOW_NS) as store:
        store.add(generation(1, content=text))
        questions = Questions(store.database)
        with store.database.writing() as connection:
            (stored,) = connection.execute("SELECT preview FROM contents").fetchone()
            assert stored is not None
            before = questions.preview(1)
            connection.execute("UPDATE contents SET preview = NULL")
        made = questions.preview(1)

    assert before == made
    assert made is not None and len(made) < 100_000


def test_the_text_of_a_part_is_whole(store: Store, questions: Questions) -> None:
    """Whatever its length."""
    text = "word " * 20_000
    store.add(generation(1, content=text))

    assert questions.text(1, "messages.1.0") == text
    assert questions.counts()["bytes"] > 0
