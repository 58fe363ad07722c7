# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Functions of every kind with a span around each call."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any, Callable, Optional

from .open_step import OpenStep
from .place import Place

__all__ = ["inside", "observed"]

_Open = Callable[[], OpenStep]
_Place = ContextVar[Optional[Place]]


def observed(function: Callable[..., Any], open_step: _Open, place: _Place) -> Callable[..., Any]:
    """
    The function with a span around each of its calls.

    Args:
        open_step: Begins the span.

        place: Where the open span is found by what is recorded inside.
    """
    if inspect.isasyncgenfunction(function):
        return _async_generator(function, open_step, place)
    if inspect.isgeneratorfunction(function):
        return _generator(function, open_step, place)
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def coroutine(*args: Any, **named: Any) -> Any:
            with inside(open_step(), place):
                return await function(*args, **named)

        return coroutine

    @wraps(function)
    def call(*args: Any, **named: Any) -> Any:
        with inside(open_step(), place):
            return function(*args, **named)

    return call


def _generator(function: Callable[..., Any], open_step: _Open, place: _Place) -> Callable[..., Any]:
    @wraps(function)
    def generator(*args: Any, **named: Any) -> Generator[Any, Any, Any]:
        with _ended(open_step()) as step:
            running = function(*args, **named)
            resume = partial(running.send, None)
            while True:
                # Only while it runs: between two items, the caller's code does.
                try:
                    with _inside(step, place):
                        item = resume()
                except StopIteration as stop:
                    return stop.value
                try:
                    resume = partial(running.send, (yield item))
                except GeneratorExit:
                    with _inside(step, place):
                        running.close()
                    raise
                except BaseException as error:
                    resume = partial(running.throw, error)

    return generator


def _async_generator(function: Callable[..., Any], open_step: _Open, place: _Place) -> Callable[..., Any]:
    @wraps(function)
    async def generator(*args: Any, **named: Any) -> AsyncGenerator[Any, Any]:
        with _ended(open_step()) as step:
            running = function(*args, **named)
            resume = partial(running.asend, None)
            while True:
                try:
                    with _inside(step, place):
                        item = await resume()
                except StopAsyncIteration:
                    return
                try:
                    resume = partial(running.asend, (yield item))
                except GeneratorExit:
                    with _inside(step, place):
                        await running.aclose()
                    raise
                except BaseException as error:
                    resume = partial(running.athrow, error)

    return generator


@contextmanager
def inside(step: OpenStep, place: _Place) -> Iterator[None]:
    """A block in which a step is open, and with which it ends."""
    with _ended(step), _inside(step, place):
        yield


@contextmanager
def _ended(step: OpenStep) -> Iterator[OpenStep]:
    """Ends the step with the block."""
    raised: BaseException | None = None
    try:
        yield step
    except BaseException as error:
        raised = error
        raise
    finally:
        step.end(raised)
        raised = None  # it refers to this frame, which would keep both alive


@contextmanager
def _inside(step: OpenStep, place: _Place) -> Iterator[None]:
    token = place.set(step.place)
    try:
        yield
    finally:
        with suppress(ValueError):  # a coroutine may be closed in another context
            place.reset(token)
