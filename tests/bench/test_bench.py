# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The benchmark measures what it says it does; nothing here looks at a clock."""

from __future__ import annotations

import copy
import gc
import json
from collections import Counter
from typing import Any, Callable

import pytest

from otlpjson import Span, TracesData, encode
from otlpjson.openrouter import read_record

from ..cases import bodies
from ..cases.bombs import BOMBS, NUMBERS
from . import baseline, bombs, capture, gate, instructions, recording, streams, workload
from . import decode as decoding
from .encode import Times, main, table
from .peers import PEERS, difference

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("case", bodies.CASES)
def test_the_baseline_writes_our_bytes_of_every_case(case: Callable[[], TracesData]) -> None:
    """Otherwise the two would not do the same work."""
    assert baseline.encode(case()) == encode(case())


def test_the_baseline_writes_our_bytes_of_the_workload() -> None:
    """The same check as before each timing."""
    traces = workload.traces(0, 20)

    assert baseline.encode(traces) == encode(traces)


def test_the_workload_has_the_promised_shape() -> None:
    """One group; sixteen attributes; parents on two of three, events and a link on every tenth."""
    spans = _spans(60)

    assert [len(span.attributes) for span in spans] == [16] * 60
    assert sum(span.parent_span_id is not None for span in spans) == 40
    assert Counter(len(span.events) for span in spans) == {2: 6, 0: 54}
    assert Counter(len(span.links) for span in spans) == {1: 6, 0: 54}


def test_the_attributes_are_ten_texts_four_ints_a_double_and_a_bool() -> None:
    """Two of the texts are long."""
    for span in _spans(20):
        values = list(span.attributes.values())
        texts = [value for value in values if isinstance(value, str)]

        assert Counter(type(value) for value in values) == {str: 10, int: 4, float: 1, bool: 1}
        assert [len(text) for text in texts if len(text) > 100] == [workload.LONG_TEXT_LENGTH] * 2


def test_the_long_texts_need_escapes_and_are_mostly_ascii() -> None:
    """As prompts and completions are."""
    text = "".join(str(span.attributes["gen_ai.prompt"]) for span in _spans(60))

    assert text.count('"') > 60
    assert text.count("\n") > 60
    assert 0.001 < sum(not character.isascii() for character in text) / len(text) < 0.05


def test_equal_seeds_give_equal_spans_and_other_seeds_others() -> None:
    """So each candidate gets the same, and no round repeats another."""
    assert encode(workload.traces(1, 5)) == encode(workload.traces(1, 5))
    assert not {span.span_id for span in _spans(5, seed=1)} & {span.span_id for span in _spans(5, seed=2)}


def test_records_differ_and_are_read_whole() -> None:
    """The mapping is measured on records that it takes without skipping anything."""
    generations = [read_record(record) for record in workload.records(0, 3)]

    assert [generation.skipped for generation in generations] == [()] * 3
    assert len({generation.generation_id for generation in generations}) == 3
    assert len({generation.prompt for generation in generations}) == 3


def test_a_table_has_a_line_for_each_and_ratios_to_the_first() -> None:
    """The last column is the median of what each round gave."""
    text = table([Times("ours", (2.0, 1.0, 4.0)), Times("another way", (4.0, 3.0, 16.0))], "span")

    assert text.split("\n") == [
        "µs per span      best    median  ratio of bests  median ratio of a round",
        "ours             1.00      2.00            1.00                     1.00",
        "another way      3.00      4.00            3.00                     3.00",
    ]


def test_what_a_peer_writes_otherwise_is_found() -> None:
    """Members that are missing, more or different; a lost attribute makes its time worthless."""
    ours = json.loads(encode(workload.traces(0, 10)))
    theirs: Any = copy.deepcopy(ours)
    theirs["resourceSpans"][0]["schemaUrl"] = ""
    spans = theirs["resourceSpans"][0]["scopeSpans"][0]["spans"]
    del spans[0]["links"]
    spans[1]["kind"] = 2

    found = difference(ours, theirs)
    spans[2]["attributes"].pop()

    assert not found.outline
    assert found.left_out == {"resourceSpans.scopeSpans.spans.links": 1}
    assert found.added == {"resourceSpans.schemaUrl": 1}
    assert found.changed == {"resourceSpans.scopeSpans.spans.kind": 1}
    assert difference(ours, theirs).outline


@pytest.mark.slow
def test_the_command_prints_both_tables_and_names_every_peer(capsys: pytest.CaptureFixture[str]) -> None:
    """One round of a few spans; a peer that is not installed is named as well."""
    assert main(["--rounds", "1", "--spans", "3", "--records", "2"]) == 0

    printed = capsys.readouterr().out
    assert printed.count("µs per") == 2
    assert [name for name in PEERS if name not in printed] == []


def test_without_valgrind_no_instructions_are_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is said, and is no failure."""
    monkeypatch.setenv("PATH", "")

    assert instructions.main([]) == 0
    assert capsys.readouterr().out == "valgrind is not on the PATH: no instructions were counted\n"


def _spans(count: int, seed: int = 0) -> tuple[Span, ...]:
    return workload.traces(seed, count).resource_spans[0].scope_spans[0].spans


def test_every_bomb_has_both_costs() -> None:
    """Bombs, digits in three forms for each place of a number, and three bodies that are right."""
    results = list(bombs.costs(200, 1))

    assert len(results) == len(BOMBS) + 3 * len(NUMBERS) + 3
    assert all(cost.strict_ms > 0 and cost.lenient_ms > 0 for cost in results)
    assert gc.isenabled()


def test_the_table_of_bombs_has_two_columns() -> None:
    """Wide enough for the longest name."""
    results = [bombs.Cost("a", 1.25, 1000.0), bombs.Cost("long name", 0.04, 3.0)]

    assert bombs.table(results).splitlines() == [
        "ms per MB    strict   lenient",
        "a               1.2    1000.0",
        "long name       0.0       3.0",
    ]


def test_the_table_of_bombs_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """With the interpreter and the size above it."""
    assert bombs.main(["--bytes", "200", "--rounds", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()

    assert lines[0].endswith("bodies of 200 bytes")
    assert len(lines) == 2 + len(BOMBS) + 3 * len(NUMBERS) + 3


@pytest.mark.slow
def test_every_reader_reads_all_spans_of_the_body(capsys: pytest.CaptureFixture[str]) -> None:
    """Otherwise their times could not be compared."""
    body = encode(workload.traces(3, 5))
    found = decoding.readers()

    assert found["decode"](body) == found["decode_lenient"](body).traces == workload.traces(3, 5)
    assert found["json.loads alone"](body) == json.loads(body)
    message = found["protobuf's JSON reader, ids turned to base64"](body)
    assert len(message.resource_spans[0].scope_spans[0].spans) == 5
    assert decoding.main(["--rounds", "1", "--spans", "2"]) == 0
    printed = capsys.readouterr().out
    assert [name for name in found if name not in printed] == []


@pytest.mark.parametrize("kind", streams.KINDS)
def test_a_stream_of_the_benchmark_holds_what_its_name_says(kind: str) -> None:
    """Otherwise its time would be that of something else."""
    generation = read_record(streams.record(kind, 40))
    told = json.loads(generation.completion or "")
    size = {
        "text": len(told["completion"]) // 2,
        "text with log probabilities": len(told["completion"]),
        "calls": len(told.get("toolCalls", ())),
        "details of reasoning": len(told["reasoning"] or ""),
    }

    assert size[kind.partition(", ")[2]] == 40
    assert [note.message for note in generation.skipped] == ["the stream was cut off"]


@pytest.mark.parametrize("size", recording.SIZES)
def test_a_record_of_the_benchmark_is_read_whole(size: int) -> None:
    """And is about as large as it says."""
    one = recording.record(size)

    assert read_record(one).skipped == ()
    assert 0.7 * size < len(json.dumps(one)) < 1.1 * size


def test_the_cost_of_recording_is_printed_for_each_size_and_number_of_destinations(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With as few runs as will do."""
    recording.main(["5"])
    lines = capsys.readouterr().out.splitlines()

    assert [line.split("destination")[0] for line in lines if line.startswith("record")] == [
        f"record, {len(json.dumps(recording.record(size))):,} bytes, {count} "
        for size in recording.SIZES
        for count in (1, 4)
    ]
    assert recording.cost_us(lambda: sum(range(100_000)), 3)[0] > recording.cost_us(lambda: None, 3)[0]


def test_the_cost_of_capture_is_printed_for_pieces_and_requests(capsys: pytest.CaptureFixture[str]) -> None:
    """And a captured client reads what a bare one does."""
    assert capture.main(runs=200) == 0
    lines = capsys.readouterr().out.splitlines()

    assert [line[:22].strip() for line in lines] == ["next piece", "request of 20 pieces"]
    assert all("bare" in line and "captured" in line and "added" in line for line in lines)


def test_the_gate_fails_where_work_grew_by_three_percent() -> None:
    """And prints both figures; another build of Python is not judged."""
    found = {"encode": 2.0, "build": 2.07, "decode": 1.5}
    lines, grew = gate.verdicts(found, {"encode": 1.95, "build": 2.0, "decode": 2.0})

    assert grew == ["build"]
    assert lines == [
        "encode     2.00 × floor, recorded 1.95, +2.6%",
        "build      2.07 × floor, recorded 2.00, +3.5%",
        "decode     1.50 × floor, recorded 2.00, -25.0%",
    ]
    assert gate.verdicts(found, None)[1] == []


def test_the_recorded_ratios_are_those_of_the_gate() -> None:
    """Each build has all of them."""
    for known in json.loads(gate._RATIOS.read_text("utf-8")).values():
        assert set(known) == set(gate._JUDGED)
