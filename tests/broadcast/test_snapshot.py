# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A snapshot of a record."""

from __future__ import annotations

import threading
from collections import OrderedDict
from enum import Enum
from typing import Any, NamedTuple

import pytest

from otlpjson.broadcast.snapshot import snapshot


class Colour(Enum):
    RED = 1


class Pair(NamedTuple):
    left: Any
    right: Any


class Sdk:
    """An object of an SDK, which only the mapping may look into."""

    def model_dump(self) -> Any:
        raise AssertionError("called by the snapshot")


def test_later_changes_do_not_reach_it() -> None:
    """At any depth, in every kind of container."""
    record: Any = {
        "request": {"messages": [{"role": "user", "content": "a"}], "tools": ({"name": "f"},)},
        "response": [bytearray(b"ab"), memoryview(b"cd"), OrderedDict(a=[1])],
    }
    taken = snapshot(record).value
    record["request"]["messages"][0]["content"] = "b"
    record["request"]["messages"].append("c")
    record["request"]["tools"][0]["name"] = "g"
    record["response"][0][0] = 0
    record["response"][2]["a"].append(2)
    record["more"] = {}

    assert taken == {
        "request": {"messages": [{"role": "user", "content": "a"}], "tools": ({"name": "f"},)},
        "response": [b"ab", b"cd", {"a": [1]}],
    }


def test_what_cannot_change_is_shared_and_keeps_its_type() -> None:
    """No text is copied, and no code of an object runs."""
    text, pair, sdk = "x" * 1000, Pair("a", 1), Sdk()
    record = {"a": text, "b": pair, "c": sdk, "d": Colour.RED, 5: None, "e": (1, "b"), "f": 1.5, "g": True}
    taken = snapshot(record).value

    assert taken == record
    assert all(taken[key] is value for key, value in record.items())
    assert snapshot("text").value == "text"


def test_a_container_that_holds_itself_is_copied_once() -> None:
    """And one that is there twice is shared in the copy too."""
    loop: list[Any] = [1]
    loop += [loop, loop]
    twice = {"a": loop, "b": loop}
    taken = snapshot(twice).value

    assert taken["a"] is taken["b"] is taken["a"][1] is taken["a"][2]
    assert taken["a"] is not loop


def test_a_value_nested_without_end_is_no_error() -> None:
    """What is deeper than any request is shared."""
    deep: Any = "a"
    for _ in range(100_000):
        deep = [deep]
    taken = snapshot({"request": deep}).value

    original, copied = deep, taken["request"]
    for _ in range(199):
        assert copied is not original
        original, copied = original[0], copied[0]
    assert copied is original


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("ab", 2),
        (b"abc", 3),
        (None, 0),
        ({}, 64),
        (["ab", b"c", 5], 67),
        ({"key": ["a" * 1000]}, 1128),
        (bytearray(b"ab"), 2),
        ({"a": bytearray(b"ab")}, 66),
    ],
)
def test_its_size_is_that_of_its_texts(value: Any, size: int) -> None:
    """And something for each container."""
    assert snapshot(value).size == size


def test_another_thread_may_change_it_meanwhile() -> None:
    """A member that comes or goes while its dict is copied is no error."""
    shared: dict[str, Any] = {f"k{number}": [number] for number in range(1000)}
    failures: list[Exception] = []
    done = threading.Event()

    def change() -> None:
        number = 0
        while not done.is_set():
            shared[f"n{number}"] = [number]
            shared.pop(f"n{number - 5}", None)
            number += 1

    thread = threading.Thread(target=change, daemon=True)
    thread.start()
    try:
        for _ in range(300):
            try:
                taken = snapshot({"request": shared})
            except RuntimeError as error:
                failures.append(error)
                break
            assert len(taken.value["request"]) >= 1000
    finally:
        done.set()
        thread.join()

    assert failures == []
