# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the store keeps, how much of it, and for whom."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from otlpjson.core.errors import ConfigError
from otlpjson.core.model import Event, Span
from otlpjson.view.store import Bounds, Store, conditions_of
from otlpjson.view.store import database as database_module
from otlpjson.view.store.questions import Questions

from .spans import NOW_NS, START_NS, body, fixture, generation, span, trace_id

DAY_NS = 86_400 * 10**9


class Clock:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.ns = NOW_NS

    def __call__(self) -> int:
        return self.ns


def counts(store: Store) -> tuple[int, int]:
    """How many traces and spans there are."""
    found = Questions(store.database).counts()
    return found["traces"], found["spans"]


def tables(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    with store.database.reading() as connection:
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("spans", "contents", "metadata", "traces")
        }


@pytest.mark.parametrize("in_memory", [True, False])
def test_spans_of_a_body_are_kept_by_their_traces(tmp_path: Path, in_memory: bool) -> None:
    """The ids of the traces come back in order, each once."""
    with Store(None if in_memory else tmp_path / "t.db", now_ns=Clock()) as store:
        assert store.add(body(span(2, 1), span(1, 1), span(2, 2, 1))) == (trace_id(2), trace_id(1))
        assert counts(store) == (2, 3)


def test_the_same_span_again_is_no_second_one() -> None:
    """Byte for byte; another one with its id is."""
    with Store(None, now_ns=Clock()) as store:
        for _ in range(2):
            store.add(fixture("guide"))
        assert counts(store) == (1, 2)
        store.add(body(span(9, 1)))
        store.add(body(span(9, 1, name="other")))
        assert counts(store) == (2, 4)


def test_what_is_kept_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    """With the search."""
    path = tmp_path / "kept.db"
    with Store(path, now_ns=Clock()) as store:
        store.add(fixture("guide"))
    with Store(path, now_ns=Clock()) as store:
        assert counts(store) == (1, 2)
        assert Questions(store.database).traces(conditions_of("text ~ spike"))["total"] == 1


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    """The database and its journals, also where the file was there with other permissions."""
    path = tmp_path / "kept.db"
    path.touch(mode=0o644)
    with Store(path, now_ns=Clock()) as store:
        store.add(fixture("guide"))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}

    assert modes == {"kept.db": 0o600, "kept.db-shm": 0o600, "kept.db-wal": 0o600}


def test_a_file_of_something_else_stays_as_it_is(tmp_path: Path) -> None:
    """Neither a text nor another program's database is changed."""
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("my notes")
    text.chmod(0o644)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()
    before = other.read_bytes()
    for path, words in (
        (text, "cannot be opened: not a database"),
        (other, "not a database of this version of the viewer"),
        (tmp_path / "none" / "t.db", "cannot be opened: No such file or directory"),
    ):
        with pytest.raises(ConfigError) as caught:
            Store(path, now_ns=Clock())
        assert caught.value.problems == {str(path): words}

    assert (text.read_text(), stat.S_IMODE(text.stat().st_mode), other.read_bytes()) == (
        "my notes",
        0o644,
        before,
    )


def test_an_sqlite_without_search_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an option of its build."""
    monkeypatch.setattr(database_module, "CREATE", ("CREATE VIRTUAL TABLE x USING fts5_missing(a)",))
    with pytest.raises(ConfigError) as caught:
        Store(None, now_ns=Clock())

    expected = "cannot be opened: the SQLite of this Python has no full-text search (FTS5)"
    assert caught.value.problems == {"database": expected}


def test_old_traces_are_deleted_whole() -> None:
    """By the time when their last span came, with everything that belongs to them."""
    clock = Clock()
    with Store(None, bounds=Bounds(max_age_s=10 * 86_400.0), now_ns=clock) as store:
        for number in range(60):
            store.add(generation(number, request={"trace": {"environment": "prod"}}))
        clock.ns += 9 * DAY_NS
        store.add(generation(100, request={"trace": {"environment": "dev"}}))
        assert store.keep_within_bounds() == 0
        clock.ns += 2 * DAY_NS
        assert store.keep_within_bounds() == 60
        left = tables(store)
        questions = Questions(store.database)
        assert questions.traces(conditions_of('text ~ "question 5"'))["total"] == 0
        assert questions.traces(conditions_of('text ~ "question 100"'))["total"] == 1

    assert left == {"spans": 1, "contents": 1, "metadata": 1, "traces": 1}


@pytest.mark.slow
def test_above_its_size_the_traces_that_came_first_are_deleted(tmp_path: Path) -> None:
    """As spans are added, and with the search: the file does not grow for good."""
    clock = Clock()
    limit = 2_000_000
    words = [os.urandom(4).hex() for _ in range(2000)]
    chance = random.Random(1)
    with Store(tmp_path / "t.db", bounds=Bounds(max_bytes=limit), now_ns=clock) as store:
        sizes = []
        for number in range(1400):
            clock.ns += 1
            request = {"trace": {"generation_name": f"{number}"}}
            store.add(generation(number, content=" ".join(chance.choices(words, k=300)), request=request))
            sizes.append(store.database.size)
        left = Questions(store.database).traces((), limit=1000)["traces"]
        store.keep_within_bounds()
        within = store.database.size

    # It looks every two hundred spans.
    assert max(sizes) < 2 * limit
    assert max(sizes[700:]) < max(sizes[:700]) * 1.1
    assert within <= limit
    assert 100 < len(left) < 900
    assert {int(one["name"]) for one in left} == set(range(1400 - len(left), 1400))


def test_a_bound_below_everything_ends() -> None:
    """An empty database has a size too."""
    with Store(None, bounds=Bounds(max_bytes=1), now_ns=Clock()) as store:
        store.add(fixture("guide"))
        store.keep_within_bounds()
        assert counts(store) == (0, 0)


@pytest.mark.parametrize("cost", [float("inf"), float("-inf"), float("nan"), 1e308, -1e308])
def test_a_cost_that_is_none_does_not_spoil_a_sum(cost: float) -> None:
    """It is in the attributes all the same."""
    attributes = {"span.type": "generation", "gen_ai.usage.total_cost": cost}
    with Store(None, now_ns=Clock()) as store:
        for number in (1, 2):
            store.add(body(span(number, attributes=attributes)))
        store.add(generation(3))
        sums = Questions(store.database).sums(())

    assert sums["cost"] == 0.25
    assert json.dumps(sums, allow_nan=False)


def test_texts_inside_of_values_are_found() -> None:
    """In lists and maps, of spans and of events; numbers are no words."""
    attributes = {"list": ["inlist", 5, ["deeper"]], "map": {"a": "inmap", "b": True}}
    with Store(None, now_ns=Clock()) as store:
        store.add(body(span(1, attributes=attributes, events=(Event(name="evname", attributes=attributes),))))
        questions = Questions(store.database)
        found = {
            word: questions.traces(conditions_of(f"text ~ {word}"))["total"]
            for word in ("inlist", "deeper", "inmap", "evname", "true")
        }

    assert found == {"inlist": 1, "deeper": 1, "inmap": 1, "evname": 1, "true": 0}


def test_a_trace_can_be_forgotten() -> None:
    """One that is not there too."""
    with Store(None, now_ns=Clock()) as store:
        (known,) = store.add(fixture("guide"))
        store.delete(known)
        store.delete(known)

        assert tables(store) == {"spans": 0, "contents": 0, "metadata": 0, "traces": 0}


def test_several_threads_write_and_read(tmp_path: Path) -> None:
    """A reader sees whole bodies."""
    with Store(tmp_path / "t.db", now_ns=Clock()) as store, ThreadPoolExecutor(8) as threads:

        def work(number: int) -> tuple[int, int]:
            store.add(body(*(span(number, one) for one in range(1, 6))))
            return counts(store)

        seen = list(threads.map(work, range(1, 41)))
        assert counts(store) == (40, 200)

    assert all(spans == 5 * traces for traces, spans in seen)


def test_a_body_that_cannot_be_written_leaves_nothing() -> None:
    """The error is SQLite's."""
    with Store(None, now_ns=Clock()) as store:
        with store.database.writing() as connection:
            connection.execute("DROP TABLE metadata")
        with pytest.raises(sqlite3.Error):
            store.add(generation(1, request={"trace": {"environment": "prod"}}))
        with store.database.reading() as connection:
            assert connection.execute("SELECT count(*) FROM spans").fetchone()[0] == 0


def test_values_that_sqlite_cannot_hold_are_kept_nearby() -> None:
    """Times beyond int64, an infinite cost, and lone surrogates in JSON."""
    far = Span(
        trace_id=trace_id(1),
        span_id="01" * 8,
        name="far",
        start_ns=2**64 - 2,
        end_ns=2**64 - 1,
        attributes={
            "span.type": "generation",
            "gen_ai.usage.total_cost": float("inf"),
            "gen_ai.usage.input_tokens": 2**63 - 1,
            "gen_ai.prompt": '{"messages":[{"role":"user","content":"\\ud800 \\u0000 ok"}]}',
        },
    )
    again = Span(
        trace_id=trace_id(1),
        span_id="02" * 8,
        name="far",
        start_ns=START_NS,
        end_ns=0,
        attributes=far.attributes,
    )
    with Store(None, now_ns=Clock()) as store:
        store.add(body(far, again))
        questions = Questions(store.database)
        (trace,) = questions.traces(conditions_of("text ~ ok"))["traces"]
        sums = questions.sums(())

    assert (trace["cost"], trace["input_tokens"], trace["spans"]) == (None, 2**63 - 1, 2)
    assert (sums["cost"], sums["input_tokens"]) == (0, 2**63)
