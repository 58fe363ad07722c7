# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``observe``: a span around each call of a function, whatever its kind and however it ends."""

from __future__ import annotations

import asyncio
import gc
import inspect
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from otlpjson import Broadcast
from otlpjson.core.model import Span, StatusCode

from ..capture.recorder import Recorder

REQUEST = {"model": "openai/gpt-4o", "messages": []}


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder


@pytest.fixture
def broadcast(recorder: Recorder) -> Broadcast:
    return recorder.broadcast


def ask(broadcast: Broadcast) -> None:
    """A request, to see where it belongs."""
    with broadcast.call(REQUEST) as call:
        call.response = {"choices": []}


def spans(recorder: Recorder) -> dict[str, Span]:
    recorder.generations()
    return {span.name: span for span in recorder.transport.spans}


def tree(recorder: Recorder) -> dict[str, str | None]:
    """Each span's parent, by name."""
    recorder.generations()
    found = recorder.transport.spans
    names = {span.span_id: span.name for span in found}
    return {span.name: names.get(span.parent_span_id or "") for span in found}


def test_a_function_has_a_span_around_each_call(recorder: Recorder, broadcast: Broadcast) -> None:
    @broadcast.observe
    def answer(question: str, *, loud: bool = False) -> str:
        """Answers."""
        ask(broadcast)
        return question.upper() if loud else question

    with broadcast.trace("Flow"):
        assert answer("hi", loud=True) == "HI"

    assert (answer.__name__, answer.__doc__) == ("answer", "Answers.")
    assert tree(recorder) == {"Flow": None, "answer": "Flow", "LLM Generation": "answer"}


def test_a_span_may_have_a_name_and_stand_alone(recorder: Recorder, broadcast: Broadcast) -> None:
    @broadcast.observe(name="Step")
    def step() -> None:
        ask(broadcast)

    step()

    assert tree(recorder) == {"Step": None, "LLM Generation": "Step"}


def test_an_object_without_a_name_has_that_of_its_class(recorder: Recorder, broadcast: Broadcast) -> None:
    class Answer:
        def __call__(self) -> int:
            return 1

    assert broadcast.observe(Answer())() == 1
    assert set(spans(recorder)) == {"Answer"}


def test_a_method_is_a_method(recorder: Recorder, broadcast: Broadcast) -> None:
    class Agent:
        @broadcast.observe
        def run(self, value: int) -> int:
            return value

    assert Agent().run(3) == 3
    assert set(spans(recorder)) == {"run"}


def test_an_exception_passes_and_is_the_status(recorder: Recorder, broadcast: Broadcast) -> None:
    """Its class alone: its text may hold content."""

    @broadcast.observe
    def failing() -> None:
        raise ValueError("secret words")

    with pytest.raises(ValueError, match="secret words"):
        failing()
    status = spans(recorder)["failing"].status

    assert (status.code, status.message) == (StatusCode.ERROR, "ValueError")


def test_a_coroutine_has_a_span_until_it_returns(recorder: Recorder, broadcast: Broadcast) -> None:
    @broadcast.observe
    async def answer(name: str) -> str:
        await asyncio.sleep(0)
        ask(broadcast)
        return name

    async def main() -> list[str]:
        with broadcast.trace("Flow"):
            return list(await asyncio.gather(answer("a"), answer("b")))

    assert inspect.iscoroutinefunction(answer)
    assert asyncio.run(main()) == ["a", "b"]
    assert tree(recorder) == {"Flow": None, "answer": "Flow", "LLM Generation": "answer"}
    assert len(recorder.transport.spans) == 5


def test_a_generator_is_open_while_it_runs(recorder: Recorder, broadcast: Broadcast) -> None:
    """Between two items its caller runs, whose requests are not the generator's."""

    @broadcast.observe
    def items() -> Any:
        ask(broadcast)
        got = yield 1
        assert got == "sent"
        yield 2

    assert inspect.isgeneratorfunction(items)
    with broadcast.trace("Flow"):
        running: Any = items()
        assert next(running) == 1
        with broadcast.span("Caller"):
            pass
        assert running.send("sent") == 2
        assert list(running) == []

    assert tree(recorder) == {"Flow": None, "items": "Flow", "LLM Generation": "items", "Caller": "Flow"}
    assert spans(recorder)["items"].status.code is StatusCode.OK


def test_what_a_generator_returns_and_catches_is_its_own(recorder: Recorder, broadcast: Broadcast) -> None:
    @broadcast.observe
    def items() -> Any:
        try:
            yield 1
        except KeyError:
            yield "caught"
        return "result"

    def outer() -> Any:
        return (yield from items())

    running = outer()
    assert next(running) == 1
    assert running.throw(KeyError()) == "caught"
    with pytest.raises(StopIteration) as stopped:
        next(running)

    assert stopped.value.value == "result"
    assert spans(recorder)["items"].status.code is StatusCode.OK


@pytest.mark.parametrize("way", ["close", "collect", "break"])
def test_a_generator_that_is_left_has_not_failed(recorder: Recorder, broadcast: Broadcast, way: str) -> None:
    closed = []

    @broadcast.observe
    def items() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            ask(broadcast)
            closed.append(way)

    running: Any = items()
    assert next(running) == 1
    if way == "close":
        running.close()
    elif way == "break":
        for _ in running:
            break
    del running
    gc.collect()

    assert closed == [way]
    assert spans(recorder)["items"].status.code is StatusCode.OK
    assert tree(recorder)["LLM Generation"] == "items"


def test_an_exception_of_a_generator_is_its_status(recorder: Recorder, broadcast: Broadcast) -> None:
    @broadcast.observe
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("secret")

    with pytest.raises(ValueError, match="secret"):
        list(items())
    assert spans(recorder)["items"].status.message == "ValueError"


def test_an_asynchronous_generator_is_open_while_it_runs(recorder: Recorder, broadcast: Broadcast) -> None:
    @broadcast.observe
    async def items() -> Any:
        ask(broadcast)
        try:
            got = yield 1
            assert got == "sent"
        except KeyError:
            yield "caught"
        yield 2

    async def main() -> None:
        with broadcast.trace("Flow"):
            running = items()
            assert await running.__anext__() == 1
            with broadcast.span("Caller"):
                pass
            assert await running.asend("sent") == 2
            assert [item async for item in running] == []
            other = items()
            assert await other.__anext__() == 1
            assert await other.athrow(KeyError()) == "caught"
            await other.aclose()

    assert inspect.isasyncgenfunction(items)
    asyncio.run(main())

    assert tree(recorder) == {"Flow": None, "items": "Flow", "LLM Generation": "items", "Caller": "Flow"}
    assert spans(recorder)["items"].status.code is StatusCode.OK


@pytest.mark.parametrize("way", ["aclose", "cancel", "raise"])
def test_an_asynchronous_generator_ends_as_its_caller_leaves_it(
    recorder: Recorder, broadcast: Broadcast, way: str
) -> None:
    @broadcast.observe
    async def items() -> AsyncIterator[int]:
        yield 1
        if way == "raise":
            raise ValueError("secret")
        await asyncio.sleep(60)

    async def read() -> None:
        async for _ in items():
            pass

    async def main() -> None:
        if way == "aclose":
            running: Any = items()
            assert await running.__anext__() == 1
            await running.aclose()
            return
        task = asyncio.create_task(read())
        await asyncio.sleep(0.01)
        task.cancel()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        assert isinstance(result, ValueError if way == "raise" else asyncio.CancelledError)

    asyncio.run(main())
    status = spans(recorder)["items"].status

    assert (status.code, status.message) == {
        "aclose": (StatusCode.OK, ""),
        "cancel": (StatusCode.ERROR, "CancelledError"),
        "raise": (StatusCode.ERROR, "ValueError"),
    }[way]
