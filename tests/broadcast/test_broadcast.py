# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Broadcast as a program uses it: what is recorded arrives, under the right root, and no fault reaches the program."""

from __future__ import annotations

import asyncio
import contextvars
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from otlpjson import InvalidDocument, InvalidValue, trace_id_of
from otlpjson.broadcast import Broadcast, BroadcastDestination
from otlpjson.broadcast.route import Route
from otlpjson.core.errors import ConfigError
from otlpjson.delivery import Counts, QueueLimits, otel_collector
from otlpjson.openrouter import Generation, read_record
from otlpjson.openrouter.policy import sampled
from otlpjson.receiver.server import Receiver
from otlpjson.testing import FakeTransport

from ..delivery.fault_server import OK, FaultServer, answering, blackhole
from ..delivery.fault_server import answer as http_answer

SOON_S = 30.0
REQUEST: dict[str, Any] = {"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "Say yes."}]}


def answer(number: int = 1, text: str = "Yes.") -> dict[str, Any]:
    """A response of /chat/completions."""
    return {
        "id": f"gen-{number}",
        "object": "chat.completion",
        "model": "openai/gpt-4o",
        "provider": "OpenAI",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
    }


def record(number: int = 1, **request: Any) -> dict[str, Any]:
    """A request that already happened."""
    return {
        "request": {**REQUEST, **request},
        "response": answer(number),
        "started_at": 1_790_000_000_000_000_000,
        "ended_at": 1_790_000_001_000_000_000,
    }


def named(text: str) -> str:
    """The span id that belongs to a name."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@attrs.frozen(kw_only=True)
class Seen:
    """A span as it arrived."""

    name: str
    trace_id: str
    span_id: str
    parent: str | None
    start_ns: int
    end_ns: int
    status: dict[str, Any]
    attributes: dict[str, Any]
    resource: dict[str, Any]


def plain(pairs: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Attributes as name and value, each of one kind."""
    return {pair["key"]: next(iter(pair["value"].values())) for pair in pairs}


def seen(lines: Iterable[bytes]) -> list[Seen]:
    """Every span that arrived, in order."""
    return [
        Seen(
            name=span["name"],
            trace_id=span["traceId"],
            span_id=span["spanId"],
            parent=span.get("parentSpanId"),
            start_ns=int(span["startTimeUnixNano"]),
            end_ns=int(span["endTimeUnixNano"]),
            status=span.get("status", {}),
            attributes=plain(span.get("attributes", [])),
            resource=plain(group["resource"]["attributes"]),
        )
        for line in lines
        for group in json.loads(line)["resourceSpans"]
        for scope in group["scopeSpans"]
        for span in scope["spans"]
    ]


def to(url: str, **options: Any) -> BroadcastDestination:
    """A destination below a receiver's base URL."""
    return BroadcastDestination(destination=otel_collector(f"{url}/v1/traces"), **options)


@attrs.define
class World:
    """A receiver, and a Broadcast that sends to it."""

    receiver: Receiver
    broadcast: Broadcast

    def spans(self) -> list[Seen]:
        """What has arrived once all was settled."""
        assert self.broadcast.flush(SOON_S)
        return seen(self.receiver.lines)

    def by_name(self) -> dict[str, Seen]:
        """The same by name; names must differ."""
        spans = self.spans()
        found = {span.name: span for span in spans}
        assert len(found) == len(spans)
        return found


@pytest.fixture(autouse=True)
def silent_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that names a destination or a proxy."""
    for name in tuple(os.environ):
        if name.startswith(("OTLPJSON_", "OTEL_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def world() -> Iterator[World]:
    """One destination that works."""
    with Receiver() as receiver, Broadcast([to(receiver.base_url)]) as broadcast:
        yield World(receiver, broadcast)


def calls(broadcast: Broadcast, number: int, **request: Any) -> None:
    """A request named after its number."""
    named_so = {"generation_name": f"call {number}", **request.pop("trace", {})}
    assert broadcast.record(record(number, trace=named_so, **request))


# What already happened


def test_a_record_arrives(world: World) -> None:
    assert world.broadcast.record(record())

    (span,) = world.spans()
    assert (span.name, span.span_id, span.parent) == ("LLM Generation", named("gen-1"), None)
    assert (span.start_ns, span.end_ns) == (1_790_000_000_000_000_000, 1_790_000_001_000_000_000)
    assert world.broadcast.counts() == {"default": Counts(delivered=1)}
    assert (world.broadcast.refused, world.broadcast.errors) == ({}, ())


@pytest.mark.parametrize("wrong", [{}, {"request": {}}, {"request": REQUEST}, None, 7, [], "text"])
def test_what_is_no_record_is_counted_and_never_raised(world: World, wrong: Any) -> None:
    """It is accepted into the queue; what is wrong with it is found later."""
    assert world.broadcast.record(wrong)
    assert world.broadcast.flush(SOON_S)

    (error,) = world.broadcast.errors
    assert isinstance(error, InvalidDocument)
    assert world.broadcast.refused == {"refused": 1}
    assert world.spans() == []
    assert world.broadcast.counts() == {"default": Counts()}


def test_the_latest_hundred_errors_are_kept_and_all_are_counted(world: World) -> None:
    for _ in range(150):
        world.broadcast.record({})
    assert world.broadcast.flush(SOON_S)

    assert (len(world.broadcast.errors), world.broadcast.refused) == (100, {"refused": 150})


def test_what_a_predicate_raises_does_not_reach_the_program() -> None:
    fault = KeyError("no such customer")

    def predicate(generation: Generation) -> bool:
        raise fault

    with Receiver() as receiver:
        destinations = [to(receiver.base_url), to(receiver.base_url, name="off", enabled=False)]
        with Broadcast(destinations, predicate=predicate) as broadcast:
            recorded = broadcast.record(record())

            assert recorded
            assert broadcast.flush(SOON_S)
            assert (broadcast.refused, broadcast.errors) == ({"internal_error": 1}, (fault,))
            assert broadcast.counts() == {
                "default": Counts(dropped={"internal_error": 1}),
                "off": Counts(dropped={"disabled": 1}),
            }


def test_a_predicate_chooses_requests_and_steps_stay() -> None:
    with Receiver() as receiver:
        world = World(receiver, Broadcast([to(receiver.base_url)], predicate=lambda one: one.key != "gen-2"))
        with world.broadcast, world.broadcast.trace("root"):
            calls(world.broadcast, 1)
            calls(world.broadcast, 2)

        assert sorted(span.name for span in seen(receiver.lines)) == ["call 1", "root"]
        assert world.broadcast.counts() == {"default": Counts(delivered=2, dropped={"predicate": 1})}


# A call


def test_a_call_is_timed_and_recorded(world: World) -> None:
    """From the beginning of the block to its end."""
    before_ns = time.time_ns()
    with world.broadcast.call(REQUEST) as call:
        time.sleep(0.2)
        call.response = answer()
    after_ns = time.time_ns()

    (span,) = world.spans()
    assert before_ns <= span.start_ns
    assert span.end_ns <= after_ns
    assert span.end_ns - span.start_ns >= 200_000_000
    assert (span.span_id, span.status) == (named("gen-1"), {"code": 1})
    assert json.loads(span.attributes["gen_ai.completion"])["completion"] == "Yes."


def test_a_call_may_say_which_api_it_is_and_what_it_observed(world: World) -> None:
    with world.broadcast.call(REQUEST, api="messages") as call:
        call.response = {"type": "message", "id": "msg-1", "content": [{"type": "text", "text": "Yes."}]}
        call.observed["provider_slug"] = "openai/default"

    (span,) = world.spans()
    assert "openai/default" in span.attributes.values()


def events(*texts: str) -> bytes:
    """A stream that says these words."""
    chunks = [
        {"id": "gen-1", "model": "openai/gpt-4o", "choices": [{"index": 0, "delta": {"content": text}}]}
        for text in texts
    ]
    last = {"id": "gen-1", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    lines = [f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n" for chunk in (*chunks, last)]
    return "".join([*lines, "data: [DONE]\n\n"]).encode()


WORDS = ("Ja, ", "schön — ", "日本 😀")


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_a_stream_may_be_cut_at_every_byte(world: World, kind: Any) -> None:
    stream = events(*WORDS)
    with world.broadcast.call({**REQUEST, "stream": True}) as call:
        for at in range(len(stream)):
            call.chunk(kind(stream[at : at + 1]))

    (span,) = world.spans()
    assert json.loads(span.attributes["gen_ai.completion"])["completion"] == "".join(WORDS)
    assert span.status == {"code": 1}


def test_a_stream_may_come_as_text_cut_at_every_character(world: World) -> None:
    with world.broadcast.call({**REQUEST, "stream": True}) as call:
        for character in events(*WORDS).decode():
            call.chunk(character)

    (span,) = world.spans()
    assert json.loads(span.attributes["gen_ai.completion"])["completion"] == "".join(WORDS)


def test_a_buffer_that_is_filled_again_is_no_danger(world: World) -> None:
    stream, buffer = events(*WORDS), bytearray(1)
    with world.broadcast.call(REQUEST) as call:
        for byte in stream:
            buffer[0] = byte
            call.chunk(memoryview(buffer))

    (span,) = world.spans()
    assert json.loads(span.attributes["gen_ai.completion"])["completion"] == "".join(WORDS)


class Odd(Exception):
    """An exception of the program's own."""


def test_an_exception_is_the_programs_and_the_spans(world: World) -> None:
    fault = Odd("the line was cut")
    with pytest.raises(Odd) as raised, world.broadcast.call(REQUEST):
        raise fault

    (span,) = world.spans()
    assert raised.value is fault
    assert span.status == {"code": 2, "message": "Odd: the line was cut"}


def test_an_exception_after_some_of_the_stream_keeps_what_came(world: World) -> None:
    with pytest.raises(KeyboardInterrupt), world.broadcast.call({**REQUEST, "stream": True}) as call:
        call.chunk(events("Ja", "lost").partition(b"\n\n")[0] + b"\n\n" + b'data: {"id')
        raise KeyboardInterrupt

    (span,) = world.spans()
    assert span.status == {"code": 2, "message": "The client has disconnected"}
    assert json.loads(span.attributes["gen_ai.completion"])["completion"] == "Ja"


def test_what_the_program_says_of_a_failure_counts_more(world: World) -> None:
    with pytest.raises(Odd), world.broadcast.call(REQUEST) as call:
        call.observed["error_message"] = "the customer went away"
        raise Odd

    (span,) = world.spans()
    assert span.status == {"code": 2, "message": "the customer went away"}


class Unspeakable(Exception):
    """An exception without words."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


def test_a_fault_while_recording_does_not_hide_the_programs_exception(world: World) -> None:
    with pytest.raises(Unspeakable), world.broadcast.call(REQUEST):
        raise Unspeakable

    assert world.broadcast.refused == {"internal_error": 1}


def test_pieces_that_are_none_are_counted_and_never_raised(world: World) -> None:
    wrong: Any = None
    with world.broadcast.call(REQUEST) as call:
        call.chunk(wrong)
    with pytest.raises(Odd), world.broadcast.call(REQUEST) as call:
        call.observed = wrong
        raise Odd

    assert world.broadcast.flush(SOON_S)
    assert world.broadcast.refused == {"internal_error": 1}
    assert [str(error) for error in world.broadcast.errors if isinstance(error, InvalidDocument)] == [
        "record.response_stream[0]: expected text, bytes or a chunk, got nothing",
        "record.response_stream: the stream was cut off",
    ]


# What programs hand in, and what happens after a whole answer


class Completion:
    """A response as an SDK has it."""

    def to_dict(self) -> dict[str, Any]:
        return answer()


def test_an_exception_after_a_whole_answer_is_not_the_requests(world: World) -> None:
    """What is wrong with the text is the program's affair; tokens and cost are there."""
    with pytest.raises(ValueError), world.broadcast.call(REQUEST) as call:
        call.response = answer()
        json.loads("Hello")

    (span,) = world.spans()
    assert span.status == {"code": 1}
    assert span.attributes["gen_ai.usage.total_tokens"] == "5"


def pieces(broadcast: Broadcast, *data: bytes) -> Iterator[bytes]:
    """A stream that is recorded while a program reads it."""
    with broadcast.call({**REQUEST, "stream": True}) as call:
        for piece in data:
            call.chunk(piece)
            yield piece


def test_a_generator_that_is_left_early_is_a_client_that_left_unless_all_had_come(world: World) -> None:
    """As OpenRouter sends it; what had come so far is kept."""
    first, *_, last = (
        piece + b"\n\n" for piece in events("Ja").split(b"\n\n") if piece and b"[DONE]" not in piece
    )
    for data, stop in (((first, last), 1), ((first, last), 2)):
        reading = pieces(world.broadcast, *data)
        for _ in range(stop):
            next(reading)
        reading.close()  # type: ignore[attr-defined]

    left, whole = world.spans()
    assert left.status == {"code": 2, "message": "The client has disconnected"}
    assert json.loads(left.attributes["gen_ai.completion"])["completion"] == "Ja"
    assert whole.status == {"code": 1}


@pytest.mark.parametrize(
    "response", [Completion(), json.dumps(answer()), json.dumps(answer()).encode(), answer()]
)
def test_a_response_may_have_any_form(world: World, response: Any) -> None:
    """Each gives the same span."""
    with world.broadcast.call(REQUEST) as call:
        call.response = response

    (span,) = world.spans()
    assert json.loads(span.attributes["gen_ai.completion"])["completion"] == "Yes."
    assert world.broadcast.counts()["default"].left_out == 0


def test_what_is_not_understood_is_counted_listed_and_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The span is sent all the same; the log has each kind once."""
    for _ in range(2):
        with world.broadcast.call(REQUEST) as call:
            call.response = object()

    assert world.broadcast.flush(SOON_S)
    expected = (
        "record.response: expected JSON, server-sent events, or a response that has been read, got object"
    )
    assert [str(error) for error in world.broadcast.errors] == [expected] * 2
    assert (world.broadcast.counts()["default"].left_out, world.broadcast.refused) == (2, {})
    assert [message for message in caplog.messages if "left out" in message] == [
        f"left out of a record: {expected} (logged once)"
    ]
    assert [span.status for span in world.spans()] == [{}, {}]


def test_equal_failures_of_one_instant_have_spans_of_their_own(world: World) -> None:
    """They have no id; the first has the ids that its record alone has."""
    failed = {**record(), "response": {"error": {"message": "no"}}}
    for _ in range(3):
        world.broadcast.record(failed)

    assert len({span.span_id for span in world.spans()}) == 3
    assert len({span.trace_id for span in world.spans()}) == 3
    assert named(read_record(failed).key) in {span.span_id for span in world.spans()}


def test_a_request_that_openrouter_does_not_broadcast_is_counted() -> None:
    """In the observed hierarchy it has no span."""
    embeddings = {**record(), "request": {"input": "A"}, "response": {"data": [{"embedding": [1.0]}]}}
    with Receiver() as receiver:
        broadcast = Broadcast([to(receiver.base_url, hierarchy="observed")])
        broadcast.record(embeddings)
        assert broadcast.close(SOON_S)
        (counts,) = broadcast.counts().values()

    assert counts.dropped == {"not_broadcast": 1}


# Traces and steps


def test_a_trace_is_one_root_over_its_requests(world: World) -> None:
    with world.broadcast.trace("root", trace_id="my trace") as key:
        calls(world.broadcast, 1)
        calls(world.broadcast, 2)

    spans = world.by_name()
    root = spans["root"]
    assert key == "my trace"
    assert {span.trace_id for span in spans.values()} == {trace_id_of("my trace")}
    assert (root.span_id, root.parent) == (named("my trace:root"), None)
    assert root.status == {"code": 1}
    assert [spans[name].parent for name in ("call 1", "call 2")] == [root.span_id] * 2
    assert root.attributes == {"trace.name": "root", "span.type": "span"}
    assert root.resource == spans["call 1"].resource


def test_a_drawn_trace_key_is_a_trace_id_and_never_the_same(world: World) -> None:
    keys = []
    for _ in range(2):
        with world.broadcast.trace("root") as key:
            keys.append(key)

    assert [span.trace_id for span in world.spans()] == keys
    assert [span.span_id for span in world.spans()] == [named(f"{key}:root") for key in keys]
    assert len(set(keys)) == 2


def test_steps_are_numbered_in_their_trace_and_stand_where_they_began(world: World) -> None:
    broadcast = world.broadcast
    with broadcast.trace("root", trace_id="T"):
        with broadcast.span("a"):
            calls(broadcast, 1)
            with broadcast.span("a.b"):
                calls(broadcast, 2)
            calls(broadcast, 3)
        with broadcast.span("c"):
            calls(broadcast, 4)
        calls(broadcast, 5)

    spans = world.by_name()
    ids = {
        "root": named("T:root"),
        **{name: named(f"T:span-{n}") for n, name in enumerate(("a", "a.b", "c"), 1)},
    }
    assert {name: spans[name].span_id for name in ids} == ids
    assert {name: span.parent for name, span in spans.items()} == {
        "root": None,
        "a": ids["root"],
        "a.b": ids["a"],
        "c": ids["root"],
        "call 1": ids["a"],
        "call 2": ids["a.b"],
        "call 3": ids["a"],
        "call 4": ids["c"],
        "call 5": ids["root"],
    }
    for outer, inner in (("root", "a"), ("a", "a.b"), ("root", "c")):
        assert spans[outer].start_ns <= spans[inner].start_ns <= spans[inner].end_ns <= spans[outer].end_ns


def test_a_trace_inside_a_trace_is_one_of_its_own(world: World) -> None:
    with world.broadcast.trace("outer", trace_id="O"):
        with world.broadcast.trace("inner", trace_id="I"):
            calls(world.broadcast, 1)
        calls(world.broadcast, 2)

    spans = world.by_name()
    assert {name: (span.trace_id, span.parent) for name, span in spans.items()} == {
        "outer": (trace_id_of("O"), None),
        "inner": (trace_id_of("I"), None),
        "call 1": (trace_id_of("I"), named("I:root")),
        "call 2": (trace_id_of("O"), named("O:root")),
    }


def test_a_step_outside_of_a_trace_is_a_trace(world: World) -> None:
    with world.broadcast.span("alone"):
        calls(world.broadcast, 1)
    calls(world.broadcast, 2)

    spans = world.by_name()
    assert spans["alone"].parent is None
    assert spans["call 1"].parent == spans["alone"].span_id == named(f"{spans['alone'].trace_id}:root")
    assert spans["call 2"].parent is None


def test_a_request_that_brings_a_trace_or_a_parent_keeps_it(world: World) -> None:
    with world.broadcast.trace("root", trace_id="T"):
        calls(world.broadcast, 1, trace={"trace_id": "own"})
        calls(world.broadcast, 2, trace={"parent_span_id": "00f067aa0ba902b7"})
        calls(world.broadcast, 3, trace={"trace_id": "own", "parent_span_id": "above"})

    spans = world.by_name()
    assert {name: (span.trace_id, span.parent) for name, span in spans.items()} == {
        "root": (trace_id_of("T"), None),
        "call 1": (trace_id_of("own"), None),
        "call 2": (trace_id_of("gen-2"), "00f067aa0ba902b7"),
        "call 3": (trace_id_of("own"), named("above")),
    }


def test_inside_a_trace_a_requests_trace_name_is_an_attribute_only(world: World) -> None:
    calls(world.broadcast, 1, trace={"trace_name": "mine"})
    with world.broadcast.trace("root", trace_id="T"):
        calls(world.broadcast, 2, trace={"trace_name": "mine", "span_name": "step"})

    spans = world.by_name()
    assert set(spans) == {"mine", "call 1", "root", "step", "call 2"}
    assert (spans["mine"].parent, spans["call 1"].parent) == (None, spans["mine"].span_id)
    assert (spans["step"].parent, spans["call 2"].parent) == (named("T:root"), spans["step"].span_id)
    assert spans["call 2"].attributes["trace.name"] == "mine"


def test_an_exception_makes_errors_of_the_blocks_it_passes(world: World) -> None:
    fault = Odd("ATTENTION-CONTENT")
    with pytest.raises(Odd) as raised, world.broadcast.trace("root"):
        with world.broadcast.span("well"):
            pass
        with world.broadcast.span("step"):
            raise fault

    spans = world.by_name()
    assert raised.value is fault
    assert {name: span.status for name, span in spans.items()} == {
        "root": {"code": 2, "message": "Odd"},
        "step": {"code": 2, "message": "Odd"},
        "well": {"code": 1},
    }


def test_a_block_that_cannot_be_a_span_is_counted_and_never_raised(world: World) -> None:
    wrong: Any = 7
    with world.broadcast.trace(wrong):
        calls(world.broadcast, 1)
    with pytest.raises(Odd), world.broadcast.span(wrong):
        raise Odd

    assert world.broadcast.flush(SOON_S)
    assert [type(error) for error in world.broadcast.errors] == [InvalidValue] * 2
    assert world.broadcast.refused == {"internal_error": 2}
    assert [span.name for span in world.spans()] == ["call 1"]


def test_threads_stand_under_the_step_whose_context_they_were_given(world: World) -> None:
    broadcast = world.broadcast

    def work(number: int) -> None:
        with broadcast.span(f"thread {number}"):
            calls(broadcast, number)

    with broadcast.trace("root", trace_id="T"):
        threads = [
            threading.Thread(target=contextvars.copy_context().run, args=(work, number))
            for number in range(8)
        ]
        strange = threading.Thread(target=work, args=(8,))
        for thread in (*threads, strange):
            thread.start()
        for thread in (*threads, strange):
            thread.join()

    spans = world.by_name()
    steps = [spans[f"thread {number}"] for number in range(8)]
    assert {step.parent for step in steps} == {named("T:root")}
    assert {step.span_id for step in steps} == {named(f"T:span-{number}") for number in range(1, 9)}
    assert all(spans[f"call {number}"].parent == steps[number].span_id for number in range(8))
    assert (spans["thread 8"].parent, spans["thread 8"].trace_id == steps[0].trace_id) == (None, False)


def test_tasks_stand_each_under_its_own_step(world: World) -> None:
    broadcast = world.broadcast

    async def work(number: int) -> None:
        with broadcast.span(f"task {number}"):
            await asyncio.sleep(0)
            calls(broadcast, number)
            await asyncio.sleep(0)

    async def main() -> None:
        with broadcast.trace("root", trace_id="T"):
            await asyncio.gather(*(work(number) for number in range(20)))
            calls(broadcast, 99)

    asyncio.run(main())

    spans = world.by_name()
    assert {spans[f"task {number}"].parent for number in range(20)} == {named("T:root")}
    assert all(spans[f"call {number}"].parent == spans[f"task {number}"].span_id for number in range(20))
    assert spans["call 99"].parent == named("T:root")


def test_a_block_may_end_in_another_context_than_it_began(world: World) -> None:
    """As the blocks of asynchronous generators do."""
    block = world.broadcast.trace("root", trace_id="T")
    contextvars.copy_context().run(block.__enter__)
    block.__exit__(None, None, None)
    calls(world.broadcast, 1)

    spans = world.by_name()
    assert (spans["root"].span_id, spans["call 1"].parent) == (named("T:root"), None)
    assert world.broadcast.errors == ()


def test_two_broadcasts_have_traces_of_their_own() -> None:
    with Receiver() as receiver:
        one, other = Broadcast([to(receiver.base_url)]), Broadcast([to(receiver.base_url)])
        with one, other, one.trace("root", trace_id="T"):
            calls(one, 1)
            calls(other, 2)

        spans = {span.name: span for span in seen(receiver.lines)}
    assert (spans["call 1"].parent, spans["call 2"].parent) == (named("T:root"), None)


# Destinations


def test_destinations_of_one_name_are_refused() -> None:
    with pytest.raises(ConfigError) as refusal:
        Broadcast([to("http://127.0.0.1:1", name=name) for name in ("a", "b", "a")])

    assert str(refusal.value) == "a: name of more than one destination"


def test_a_broadcast_shows_the_names_of_its_destinations() -> None:
    with Broadcast([to("http://127.0.0.1:1", name=name) for name in ("a", "b")]) as broadcast:
        assert repr(broadcast) == "Broadcast(a, b)"


def test_without_destinations_there_is_nothing_to_do() -> None:
    with Broadcast([]) as broadcast, broadcast.trace("root"):
        assert broadcast.record(record())
    assert (broadcast.counts(), broadcast.flush(0.0)) == ({}, True)


def test_every_destination_has_its_own_form() -> None:
    names = ("plain", "private", "observed", "numbers", "off")
    request = record(trace={"trace_name": "T"})
    with Receiver() as plainly, Receiver() as privately, Receiver() as observed, Receiver() as numbers:
        receivers = (plainly, privately, observed, numbers)
        options: list[dict[str, Any]] = [
            {},
            {"privacy_mode": True},
            {"hierarchy": "observed"},
            {"integers": "number"},
            {"enabled": False},
        ]
        urls = [receiver.base_url for receiver in (*receivers, plainly)]
        destinations = [to(url, name=name, **option) for url, name, option in zip(urls, names, options)]
        with Broadcast(destinations) as broadcast:
            broadcast.record(request)
        counts = broadcast.counts()
        kept = [b"".join(receiver.lines) for receiver in receivers]

    assert counts == {
        "plain": Counts(delivered=2),
        "private": Counts(delivered=2),
        "observed": Counts(delivered=1),
        "numbers": Counts(delivered=2),
        "off": Counts(dropped={"disabled": 2}),
    }
    assert [b"Say yes." in body for body in kept] == [True, False, True, True]
    assert [b'"intValue":"' in body for body in kept] == [True, True, True, False]
    assert [len(seen([body])) for body in kept] == [2, 2, 1, 2]


def test_a_fault_at_one_destination_does_not_keep_others_from_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = Route.send

    def send(route: Route, generation: Generation, entries_in: Any) -> None:
        if route.target.name == "wrong":
            raise RuntimeError("a fault of ours")
        whole(route, generation, entries_in)

    monkeypatch.setattr(Route, "send", send)
    with Receiver() as receiver:
        wrong = to(receiver.base_url, name="wrong")
        with Broadcast([wrong, to(receiver.base_url)]) as broadcast:
            recorded = broadcast.record(record())

        assert (recorded, broadcast.refused) == (True, {"internal_error": 1})
        assert broadcast.counts() == {"wrong": Counts(), "default": Counts(delivered=1)}


def test_a_destination_that_hangs_takes_no_time_from_the_others() -> None:
    with FaultServer(blackhole) as hanging, Receiver() as receiver:
        destinations = [to(hanging.url, name="hanging"), to(receiver.base_url)]
        broadcast = Broadcast(destinations, queue=QueueLimits(max_age_s=3600.0))
        broadcast.record(record(1))
        flushed = broadcast.flush(1.0)
        first = broadcast.counts()
        broadcast.record(record(2))
        closed = broadcast.close(1.0)
        second = broadcast.counts()

    assert (flushed, closed) == (False, False)
    assert [first[name].pending for name in first] == [1, 0]
    assert (second["hanging"].pending, second["default"]) == (2, Counts(delivered=2))


def test_sessions_are_kept_or_dropped_whole_and_steps_go_by_their_trace() -> None:
    with Receiver() as receiver:
        destinations = [
            to(receiver.base_url, name="half", sampling_rate=0.5),
            to(receiver.base_url, name="all"),
        ]
        with Broadcast(destinations) as broadcast:
            for session in range(20):
                for number in range(3):
                    calls(broadcast, session * 3 + number, session_id=f"session {session}")
            for trace in range(20):
                with broadcast.trace(f"root {trace}", trace_id=f"trace {trace}"), broadcast.span("step"):
                    calls(broadcast, 100 + trace)
        arrived = Counter(span.name for span in seen(receiver.lines))
        counts = broadcast.counts()

    sessions = [number for number in range(20) if sampled(f"session {number}", 0.5)]
    traces = [number for number in range(20) if sampled(f"trace {number}", 0.5)]
    twice = {f"call {session * 3 + number}" for session in sessions for number in range(3)}
    twice |= {f"{kind} {number + more}" for number in traces for kind, more in (("call", 100), ("root", 0))}
    assert 0 < len(sessions) < 20
    assert 0 < len(traces) < 20
    assert {name for name, count in arrived.items() if count == 2} == twice
    assert arrived["step"] == 20 + len(traces)
    kept = 3 * len(sessions) + 3 * len(traces)
    assert counts == {
        "half": Counts(delivered=kept, dropped={"sampled_out": 120 - kept}),
        "all": Counts(delivered=120),
    }


def test_a_trace_gives_its_session_to_the_root_the_steps_and_the_requests() -> None:
    """So that all of them are kept or dropped together; a request's own session stays."""
    with Receiver() as receiver:
        with Broadcast([to(receiver.base_url, sampling_rate=0.5)]) as broadcast:
            for number in range(20):
                with broadcast.trace(f"root {number}", session_id=f"s{number}"), broadcast.span("step"):
                    calls(broadcast, number)
            with broadcast.trace("other", trace_id="trace 1", session_id="s0"):
                calls(broadcast, 99, session_id="s1")
        sent = {span.name: span.attributes.get("session.id") for span in seen(receiver.lines)}

    kept = [number for number in range(20) if sampled(f"s{number}", 0.5)]
    assert 1 < len(kept) < 20
    wanted = {f"{kind} {number}": f"s{number}" for number in kept for kind in ("root", "call")}
    wanted |= {"step": f"s{kept[-1]}"}
    wanted |= {"other": "s0"} if 0 in kept else {}
    wanted |= {"call 99": "s1"} if 1 in kept else {}
    assert sent == wanted


def test_errors_keep_their_lines_but_no_content(world: World) -> None:
    secret = {"request": {"messages": 5, "n": ["secret"]}, "started_at": 0}
    assert world.broadcast.record(secret)
    assert world.broadcast.flush(SOON_S)

    (error,) = world.broadcast.errors
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    assert len(frames) > 1
    assert "secret" not in "".join(repr(frame.f_locals) for frame in frames)


def test_after_the_end_records_are_refused(world: World) -> None:
    assert world.broadcast.close()
    assert not world.broadcast.record(record())
    with world.broadcast.trace("late"):
        pass
    assert world.broadcast.close()
    assert (world.broadcast.refused, world.broadcast.counts()) == ({"closed": 2}, {"default": Counts()})


# From what is saved


def saved(path: Path, **destinations: str) -> Path:
    """A file with collectors of these names and endpoints."""
    document = {
        "version": 1,
        "destinations": {
            name: {"kind": "otel_collector", "endpoint": f"{url}/v1/traces"}
            for name, url in destinations.items()
        },
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_the_saved_destinations_are_those_of_the_file(tmp_path: Path) -> None:
    with Receiver() as one, Receiver() as other:
        path = saved(tmp_path / "saved.json", one=one.base_url, other=other.base_url)
        with Broadcast.from_config(path, queue=QueueLimits(max_age_s=0.0)) as broadcast:
            calls(broadcast, 1)
        arrived = [[span.name for span in seen(receiver.lines)] for receiver in (one, other)]

    assert (arrived, set(broadcast.counts())) == ([["call 1"]] * 2, {"one", "other"})


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver() as one, Receiver(credentials=("123456", "glc_key")) as other:
        path = saved(tmp_path / "saved.json", one=one.base_url)
        monkeypatch.setenv("OTLPJSON_BASE_URL", other.base_url)
        monkeypatch.setenv("OTLPJSON_INSTANCE_ID", "123456")
        monkeypatch.setenv("OTLPJSON_API_KEY", "glc_key")
        with Broadcast.from_config(str(path)) as broadcast:
            calls(broadcast, 1)
        arrived = [len(seen(receiver.lines)) for receiver in (one, other)]

    assert (arrived, broadcast.counts()) == ([0, 1], {"environment": Counts(delivered=1)})


@pytest.fixture
def no_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment that names nothing; the file in the platform's folder, which does not exist yet."""
    for name in tuple(os.environ):
        if name.startswith(("OTLPJSON_", "OTEL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "otlpjson").mkdir()
    return tmp_path / "otlpjson" / "destinations.json"


def test_without_a_path_it_finds_what_configure_saved(
    no_variables: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In the platform's folder, or where a variable says; with the same options as ``Broadcast``."""
    with Receiver() as one, Receiver() as other:
        saved(no_variables, here=one.base_url)
        with Broadcast.from_config(predicate=lambda generation: False) as refusing:
            calls(refusing, 1)
        with Broadcast.from_config(queue=QueueLimits(max_spans=0), timeout_s=5) as full:
            refused = full.record(record())
        monkeypatch.setenv("OTLPJSON_CONFIG", str(saved(tmp_path / "named.json", named=other.base_url)))
        with Broadcast.from_config() as broadcast:
            calls(broadcast, 1)
        arrived = [len(seen(receiver.lines)) for receiver in (one, other)]

    assert refusing.counts() == {"here": Counts(dropped={"predicate": 1})}
    assert (refused, full.refused, full.counts()) == (False, {"queue_full": 1}, {"here": Counts()})
    assert (arrived, broadcast.counts()) == ([0, 1], {"named": Counts(delivered=1)})


def test_without_a_file_opentelemetrys_variables_name_a_destination(
    no_variables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Receiver() as receiver:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.base_url)
        with Broadcast.from_config() as broadcast:
            calls(broadcast, 1)

    assert broadcast.counts() == {"environment": Counts(delivered=1)}


def test_without_any_destination_it_says_so(no_variables: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        Broadcast.from_config()
    with pytest.raises(ConfigError) as named:
        Broadcast.from_config(no_variables)

    assert caught.value.problems == dict.fromkeys(
        ("OTLPJSON_BASE_URL", "OTLPJSON_INSTANCE_ID", "OTLPJSON_API_KEY"),
        "not set; set it or run `otlpjson configure`",
    )
    assert named.value.problems == {str(no_variables): "no such file"}


# Many at once


@pytest.mark.slow
def test_ten_threads_and_a_hundred_tasks_record_ten_thousand_generations() -> None:
    """All arrive, each under the right root, and the counters add up."""

    def batch(broadcast: Broadcast, trace: str, numbers: Iterable[int]) -> None:
        for number in numbers:
            assert broadcast.record(record(number, trace={"generation_name": f"{trace}/{number}"}))

    def thread(broadcast: Broadcast, place: int) -> None:
        for turn in range(5):
            trace = f"thread-{place}-{turn}"
            with broadcast.trace(trace, trace_id=trace):
                batch(broadcast, trace, range(place * 500 + turn * 100, place * 500 + turn * 100 + 100))

    async def task(broadcast: Broadcast, place: int) -> None:
        trace = f"task-{place}"
        with broadcast.trace(trace, trace_id=trace):
            for turn in range(5):
                first = 5000 + place * 50 + turn * 10
                batch(broadcast, trace, range(first, first + 10))
                await asyncio.sleep(0)

    async def tasks(broadcast: Broadcast) -> None:
        await asyncio.gather(*(task(broadcast, place) for place in range(100)))

    with Receiver() as receiver:
        with Broadcast([to(receiver.base_url)]) as broadcast:
            workers = [threading.Thread(target=thread, args=(broadcast, place)) for place in range(10)]
            for worker in workers:
                worker.start()
            asyncio.run(tasks(broadcast))
            for worker in workers:
                worker.join()
            flushed = broadcast.flush(60.0)
        arrived = seen(receiver.lines)

    generations = {span.name: span for span in arrived if "/" in span.name}
    roots = {span.name: span for span in arrived if "/" not in span.name}
    assert flushed
    assert (len(arrived), len(generations), len(roots)) == (10_150, 10_000, 150)
    assert {int(name.split("/")[1]) for name in generations} == set(range(10_000))
    assert {name: span.span_id for name, span in roots.items()} == {
        name: named(f"{name}:root") for name in roots
    }
    for name, span in generations.items():
        root = roots[name.split("/")[0]]
        assert (span.parent, span.trace_id) == (root.span_id, root.trace_id)
    assert broadcast.counts() == {"default": Counts(delivered=10_150)}
    assert (broadcast.refused, broadcast.errors) == ({}, ())


# The end of a process


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Another process that runs some lines of Python."""
    head = (
        "import sys\n"
        "from otlpjson import Broadcast, BroadcastDestination\n"
        "from otlpjson.delivery import otel_collector\n"
        "broadcast = Broadcast([BroadcastDestination(destination=otel_collector(sys.argv[1]))])\n"
        f"record = {record()!r}\n"
    )
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", head + code, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.process
@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        ("broadcast.record(record)", 0),
        pytest.param("broadcast.record(record); sys.exit(3)", 3, marks=pytest.mark.slow),
        pytest.param(
            "import atexit; atexit.unregister(broadcast.close); broadcast.record(record); broadcast.close()",
            0,
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_process_that_records_and_exits_at_once_delivers(code: str, exit_code: int) -> None:
    with Receiver() as receiver:
        ended = run(code, f"{receiver.base_url}/v1/traces")
        arrived = [span.span_id for span in seen(receiver.lines)]

    assert (ended.returncode, ended.stdout, ended.stderr) == (exit_code, "", "")
    assert arrived == [named("gen-1")]


@pytest.mark.process
@pytest.mark.slow
def test_a_process_that_fails_delivers_as_well() -> None:
    with Receiver() as receiver:
        code = (
            "with broadcast.trace('root'):\n    broadcast.record(record)\n    raise ValueError('the program')"
        )
        ended = run(code, f"{receiver.base_url}/v1/traces")
        arrived = [span.name for span in seen(receiver.lines)]

    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (1, "ValueError: the program")
    assert sorted(arrived) == ["LLM Generation", "root"]


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["dead", "hanging", "401"])
def test_a_process_whose_server_is_no_good_says_what_it_did_not_deliver(kind: str) -> None:
    behaviour = answering(http_answer(401)) if kind == "401" else blackhole
    with FaultServer(behaviour) as server:
        url = "http://127.0.0.1:9/v1/traces" if kind == "dead" else server.url
        start_s = time.monotonic()
        ended = run("broadcast.record(record); broadcast.record(record)", url)
        took_s = time.monotonic() - start_s

    lines = ended.stderr.splitlines()
    assert (ended.returncode, ended.stdout) == (0, "")
    assert lines[-1] == "otlpjson: default: shut down with 2 undelivered spans"
    assert len(lines) <= 2
    assert took_s < 20


@pytest.mark.process
@pytest.mark.slow
def test_importing_does_nothing() -> None:
    """No thread, no output, no file, and no look at the environment's destinations."""
    code = (
        "import threading, logging, atexit\n"
        "import requests\n"
        "callbacks = atexit._ncallbacks()\n"
        "import otlpjson.broadcast\n"
        "assert threading.active_count() == 1\n"
        "assert atexit._ncallbacks() == callbacks\n"
        "assert logging.getLogger('otlpjson').handlers == logging.getLogger().handlers == []\n"
    )
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "OTLPJSON_BASE_URL": "no URL", "OTEL_EXPORTER_OTLP_ENDPOINT": "no URL"},
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


# What servers refuse, and waiting


def test_what_a_server_refused_is_listed_and_sent_again() -> None:
    """By the name of its destination, with the server's status, and with the same bytes."""
    behaviour = answering(http_answer(500, b"", "Connection: close"))
    with FaultServer(lambda visit: behaviour(visit)) as server:
        with Broadcast([to(server.url, name="a"), to(server.url, name="b")]) as broadcast:
            broadcast.record(record())
            assert broadcast.flush(SOON_S)
            kept = broadcast.quarantined()
            behaviour = answering(OK)
            with pytest.raises(ConfigError, match="c: expected one of a, b"):
                broadcast.resend("a", "c")
            first = broadcast.resend("a")
            assert broadcast.flush(SOON_S)
            again = broadcast.resend()
            assert broadcast.flush(SOON_S)
            counts = broadcast.counts()

        bodies = {received.body for received in server.received}

    assert {name: [(one.span_count, one.outcome.status) for one in held] for name, held in kept.items()} == {
        "a": [(1, 500)],
        "b": [(1, 500)],
    }
    assert (first, again, len(bodies)) == (1, 1, 1)
    assert [count.delivered for count in counts.values()] == [1, 1]


@pytest.mark.parametrize("seconds", [float("nan"), -1, "5", True])
def test_a_time_that_is_none_is_refused(world: World, seconds: Any) -> None:
    """Before anything waits for it."""
    for wait in (world.broadcast.flush, world.broadcast.close):
        with pytest.raises(InvalidValue, match=r"timeout_s: expected seconds, 0 or more, got "):
            wait(seconds)


def test_without_end_is_a_time(world: World) -> None:
    """As long as it takes."""
    world.broadcast.record(record())

    assert world.broadcast.flush(float("inf"))
    assert world.broadcast.close(float("inf"))


def test_a_program_of_tasks_waits_without_stopping_the_others() -> None:
    """While one flushes and closes, another one runs."""
    ticks: list[int] = []

    async def tick() -> None:
        while True:
            ticks.append(1)
            await asyncio.sleep(0.01)

    async def main(url: str) -> tuple[bool, Broadcast]:
        beside = asyncio.get_running_loop().create_task(tick())
        async with Broadcast([to(url)], timeout_s=0.3) as broadcast:
            broadcast.record(record())
            flushed = await broadcast.aflush(0.2)
            assert len(ticks) > 5
            await broadcast.aclose(0.2)
        beside.cancel()
        return flushed, broadcast

    with FaultServer(blackhole) as server:
        flushed, broadcast = asyncio.run(main(server.url))

    assert not flushed
    assert not broadcast.record(record())


def test_a_broadcast_without_a_queue_has_sent_when_it_returns() -> None:
    """Requests and steps alike."""
    with Receiver() as receiver, Broadcast([to(receiver.base_url)], queue=None) as broadcast:
        with broadcast.trace("root"):
            broadcast.record(record())
            assert len(seen(receiver.lines)) == 1
        assert len(seen(receiver.lines)) == 2


def test_a_handler_of_lambda_sends_before_it_returns() -> None:
    """As a decorator."""
    with Receiver() as receiver, Broadcast([to(receiver.base_url)]) as broadcast:

        @broadcast.lambda_handler
        def handler(event: Any, context: Any) -> str:
            broadcast.record(record())
            return "done"

        assert (handler({}, None), len(seen(receiver.lines))) == ("done", 1)


def test_a_record_that_cannot_be_copied_is_counted(world: World) -> None:
    """A list whose class is broken."""

    class Broken(list[Any]):
        def __iter__(self) -> Any:
            raise KeyError("secret")

    assert not world.broadcast.record({"request": Broken()})
    assert world.broadcast.refused == {"internal_error": 1}


def test_records_that_were_not_read_before_the_end_are_counted_and_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A predicate may take its time; its thread goes on, and is not waited for."""
    go_on = threading.Event()

    def slow(generation: Generation) -> bool:
        return go_on.wait(SOON_S)

    with Receiver() as receiver:
        broadcast = Broadcast([to(receiver.base_url)], predicate=slow)
        for _ in range(3):
            broadcast.record(record())
        assert not broadcast.close(0.05)
        counts = broadcast.counts()["default"]
        go_on.set()

    assert (counts.unread, counts.complete) == (3, False)
    assert "3 records not read yet" in str(counts)
    assert "otlpjson: shut down with 3 unread records" in caplog.messages


def test_a_predicate_that_ends_its_thread_costs_its_request_alone() -> None:
    """SystemExit is no error of ours, and none to look for."""
    wanted: list[Any] = [SystemExit, None]

    def predicate(generation: Generation) -> bool:
        error = wanted.pop(0)
        if error is not None:
            raise error
        return True

    with Receiver() as receiver, Broadcast([to(receiver.base_url)], predicate=predicate) as broadcast:
        broadcast.record(record(1))
        broadcast.record(record(2))
        assert broadcast.flush(SOON_S)

        assert (broadcast.refused, [repr(error) for error in broadcast.errors]) == (
            {"internal_error": 1},
            ["RuntimeError('SystemExit')"],
        )
        assert len(seen(receiver.lines)) == 1


def test_a_block_that_another_process_leaves_has_no_span_of_its(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forked child leaves the blocks that its parent entered."""
    with world.broadcast.trace("of the parent"):
        monkeypatch.setattr(os, "getpid", lambda: -1)

    assert world.spans() == []


def test_a_program_is_tested_without_a_network() -> None:
    """What sends is an argument; a test sees the spans."""
    sent: dict[str, FakeTransport] = {}

    def fake(target: BroadcastDestination) -> FakeTransport:
        return sent.setdefault(target.name, FakeTransport())

    with Broadcast(
        [to("http://nowhere.test"), to("http://nowhere.test", name="b")], transport=fake
    ) as broadcast:
        broadcast.record(record())
        assert broadcast.flush(SOON_S)

    assert {name: [span.span_id for span in one.spans] for name, one in sent.items()} == {
        "default": [named("gen-1")],
        "b": [named("gen-1")],
    }
    assert [one.closed for one in sent.values()] == [1, 1]
