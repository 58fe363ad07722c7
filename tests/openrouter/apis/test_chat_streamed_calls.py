# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The calls of a streamed message."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter.apis.chat_streamed_calls import StreamedCalls
from otlpjson.openrouter.document import Document


def added(pieces: list[dict[str, Any]]) -> StreamedCalls:
    """The calls that pieces make up."""
    calls = StreamedCalls()
    for piece in pieces:
        calls.add(Document("call", piece, []))
    return calls


def call(index: Any = None, call_id: Any = None, name: Any = None, arguments: Any = None) -> dict[str, Any]:
    """A piece of a call with the given members."""
    function = {"name": name, "arguments": arguments}
    members = {
        "index": index,
        "id": call_id,
        "function": {k: v for k, v in function.items() if v is not None},
    }
    return {name: value for name, value in members.items() if value is not None}


def called(index: int, call_id: str | None, name: str | None, arguments: str) -> dict[str, Any]:
    """A complete call."""
    function = {"name": name, "arguments": arguments}
    return {"id": call_id, "index": index, "type": "function", "function": function}


@pytest.mark.parametrize(
    ("pieces", "calls"),
    [
        # In pieces, interleaved.
        (
            [
                [call(0, "a", "find", "")],
                [call(1, "b", "read", "")],
                [call(0, arguments='{"x"')],
                [call(1, arguments='{"y"')],
                [call(0, arguments=":1}"), call(1, arguments=":2}")],
            ],
            [called(0, "a", "find", '{"x":1}'), called(1, "b", "read", '{"y":2}')],
        ),
        # Told in the order of their indexes.
        (
            [[call(1, "b", "read", "{}")], [call(0, "a", "find", "{}")]],
            [called(0, "a", "find", "{}"), called(1, "b", "read", "{}")],
        ),
        # Whole calls in one chunk, with the same id, an empty one or none.
        (
            [[call(0, "same", "find", "{}"), call(1, "same", "find", "{}")], [call(2, "", "read", "{}")]],
            [
                called(0, "same", "find", "{}"),
                called(1, "same", "find", "{}"),
                called(2, "", "read", "{}"),
            ],
        ),
        # Id and name in every piece.
        (
            [[call(0, "a", "find", "{")], [call(0, "a", "find", "}")]],
            [called(0, "a", "find", "{}")],
        ),
        # The id comes late.
        (
            [[call(0, name="find", arguments="{")], [call(0, "a", arguments="}")]],
            [called(0, "a", "find", "{}")],
        ),
        # Without an index: the last call, unless an id or a name begins another.
        ([[call(None, "a", "find", "{")], [call(arguments="}")]], [called(0, "a", "find", "{}")]),
        ([[call(None, "a", "find", "{")], [call(None, "a", "find", "}")]], [called(0, "a", "find", "{}")]),
        (
            [[call(None, "a", "find", "{}"), call(None, "b", "read", "{")], [call(arguments="}")]],
            [called(0, "a", "find", "{}"), called(1, "b", "read", "{}")],
        ),
        (
            [[call(name="find", arguments="{}"), call(name="read", arguments="{}")]],
            [called(0, None, "find", "{}"), called(1, None, "read", "{}")],
        ),
        (
            [[call(3, "a", "find", "{}")], [call(None, "b", "read", "{}")], [call(3, arguments=" ")]],
            [called(3, "a", "find", "{} "), called(4, "b", "read", "{}")],
        ),
        ([[call(arguments="{}")]], [called(0, None, None, "{}")]),
        # One index for all calls, each with an id and a name of its own.
        (
            [
                [call(0, "a", "find", "{}")],
                [call(0, "b", "find", "{")],
                [call(0, arguments="}")],
                [call(0, "a", arguments=" ")],
            ],
            [called(0, "a", "find", "{} "), called(0, "b", "find", "{}")],
        ),
        (
            [[call(0, "a", "find", "{}"), call(0, "b", "read", "{}")]],
            [called(0, "a", "find", "{}"), called(0, "b", "read", "{}")],
        ),
        # A new id without a name, or a name of a call that has none yet, is no other call.
        ([[call(0, "a", "find", "{")], [call(0, "b", arguments="}")]], [called(0, "a", "find", "{}")]),
        ([[call(None, "a", "find", "{")], [call(None, "b", arguments="}")]], [called(0, "a", "find", "{}")]),
        ([[call(0, "a")], [call(0, None, "find", "{}")]], [called(0, "a", "find", "{}")]),
        ([[call(None, "a")], [call(None, None, "find", "{}")]], [called(0, "a", "find", "{}")]),
        ([[call(0, None, "find", "")], [call(0, None, "found", "{}")]], [called(0, None, "find", "{}")]),
        (
            [[call(None, "a", None, "{}")], [call(None, "b", "find", "{}")]],
            [called(0, "a", None, "{}"), called(1, "b", "find", "{}")],
        ),
        # Without ids, another name after arguments.
        (
            [[call(0, None, "find", "{}"), call(0, None, "read", "{}")]],
            [called(0, None, "find", "{}"), called(0, None, "read", "{}")],
        ),
        # Without an index, by the id.
        (
            [[call(None, "a", "find", "{"), call(None, "b", "read", "{")], [call(None, "a", arguments="}")]],
            [called(0, "a", "find", "{}"), called(1, "b", "read", "{")],
        ),
        # Arguments that were cut off, and some that are an object.
        ([[call(0, "a", "find", '{"x":')]], [called(0, "a", "find", '{"x":')]),
        ([[call(0, "a", "find", {"x": [1]})]], [called(0, "a", "find", '{"x":[1]}')]),
        # What says nothing is no call.
        ([[{"index": 0, "type": "function", "id": "", "function": {"name": "", "arguments": ""}}]], []),
        (
            [[{"index": 0, "type": "custom", "function": None}], [call(0, "a", "find", "{}")]],
            [called(0, "a", "find", "{}")],
        ),
        # Further members are set; a custom tool has free text.
        (
            [[{**call(0, "a", "find", "{}"), "extra": 1}], [{"index": 0, "extra": None, "other": 2}]],
            [{**called(0, "a", "find", "{}"), "extra": 1, "other": 2}],
        ),
        (
            [
                [{"index": 0, "id": "a", "custom": {"name": "sh", "input": "l"}}],
                [{"index": 0, "custom": {"name": "sh", "input": "s"}}],
                [{"index": 0, "id": "b", "type": "custom", "custom": {"name": "sh", "input": "ls"}}],
            ],
            [
                {"id": "a", "index": 0, "type": "custom", "custom": {"name": "sh", "input": "ls"}},
                {"id": "b", "index": 0, "type": "custom", "custom": {"name": "sh", "input": "ls"}},
            ],
        ),
    ],
)
def test_pieces_add_up_to_calls(pieces: list[list[dict[str, Any]]], calls: list[dict[str, Any]]) -> None:
    """Calls are identified by index, id and name; arguments arrive in pieces."""
    assert added([piece for chunk in pieces for piece in chunk]).value(finished=True) == calls


def test_a_call_without_arguments_may_have_been_cut_off() -> None:
    """Their text is empty then; in a finished answer it is for the reader of calls to say."""
    calls = added([call(0, "a", "find")])

    assert calls.value(finished=False) == [called(0, "a", "find", "")]
    assert calls.value(finished=True) == [
        {"id": "a", "index": 0, "type": "function", "function": {"name": "find"}}
    ]
    assert added([call(0, "a", "find", "{")]).value(finished=False) == [called(0, "a", "find", "{")]


def test_a_streamed_call_keeps_a_type_of_its_own() -> None:
    """Of a kind that is yet unknown."""
    calls = added([{**call(0, "c", "f", "{}"), "type": "mcp"}, call(0, None, None, "")])

    assert [one["type"] for one in calls.value(finished=True)] == ["mcp"]
