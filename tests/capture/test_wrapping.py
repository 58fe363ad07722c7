# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Methods replaced in place, and put back, whatever has happened to them in between."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

from otlpjson.capture.endpoints import Endpoints
from otlpjson.capture.tap import Tap
from otlpjson.capture.wrapping import Method, wrap, wrapped_of


def refuse(*args: Any) -> Any:
    raise AssertionError(args)


TAP = Tap(endpoints=Endpoints(), begin=refuse, traceparent=lambda: None, on_error=refuse)


class Client:
    def send(self, data: str) -> str:
        """Sends."""
        return f"sent {data}"

    async def send_async(self, data: str) -> str:
        return f"sent {data}"


class Slotted:
    __slots__ = ("send",)

    def __init__(self) -> None:
        self.send = lambda data: f"sent {data}"


def around(tap: Tap, send: Any, data: str) -> str:
    assert tap is TAP
    return f"around {send(data)}"


async def around_async(tap: Tap, send: Any, data: str) -> str:
    return f"around {await send(data)}"


def test_an_objects_method_is_replaced_and_put_back() -> None:
    client, other = Client(), Client()
    method = Method(client, "send", around)
    wrapped = wrap(method, TAP)

    assert client.send("x") == "around sent x" and other.send("x") == "sent x"
    assert (client.send.__name__, client.send.__doc__) == ("send", "Sends.")
    assert wrapped_of(method) is wrapped and wrapped.tap is TAP
    assert wrapped_of(Method(other, "send", around)) is None

    wrapped.undo()
    assert vars(client) == {} and client.send("x") == "sent x"
    wrapped.undo()


def test_a_method_that_the_object_has_itself_comes_back() -> None:
    """Such as one that another package has replaced."""
    client = Client()
    own: Any = lambda data: f"own {data}"  # noqa: E731
    client.send = own  # type: ignore[method-assign]
    wrapped = wrap(Method(client, "send", around), TAP)

    assert client.send("x") == "around own x"
    wrapped.undo()
    assert client.send is own


def test_a_classs_method_is_replaced_for_all_objects() -> None:
    class Special(Client):
        pass

    method = Method(Special, "send", around)
    client = Special()
    wrapped = wrap(method, TAP)

    assert client.send("x") == Special().send("x") == "around sent x"
    assert Client().send("x") == "sent x"
    wrapped.undo()
    assert "send" not in vars(Special) and client.send("x") == "sent x"


def test_a_classs_own_method_comes_back() -> None:
    class Special(Client):
        def send(self, data: str) -> str:
            return f"special {data}"

    before = vars(Special)["send"]
    wrapped = wrap(Method(Special, "send", around), TAP)
    assert Special().send("x") == "around special x"
    wrapped.undo()
    assert vars(Special)["send"] is before


def test_a_coroutine_function_stays_one() -> None:
    client = Client()
    wrapped = wrap(Method(client, "send_async", around_async), TAP)
    held = client.send_async

    assert inspect.iscoroutinefunction(held)
    assert asyncio.run(held("x")) == "around sent x"
    wrapped.undo()
    # Who has kept it still gets through.
    assert asyncio.run(held("x")) == "sent x"


def test_what_replaced_it_since_is_left_and_calls_pass_through() -> None:
    client = Client()
    wrapped = wrap(Method(client, "send", around), TAP)
    held = client.send
    later: Any = lambda data: f"later {held(data)}"  # noqa: E731
    client.send = later  # type: ignore[method-assign]

    assert client.send("x") == "later around sent x"
    wrapped.undo()
    assert client.send is later
    assert client.send("x") == "later sent x"


def test_an_object_that_takes_no_attribute_says_so() -> None:
    """Nothing is half replaced."""

    class Bare:
        __slots__ = ()

        def send(self, data: str) -> str:
            return f"sent {data}"

    bare = Bare()
    with pytest.raises(AttributeError):
        wrap(Method(bare, "send", around), TAP)
    assert bare.send("x") == "sent x"
