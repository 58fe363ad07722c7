# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The calls in messages of ``/chat/completions``."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter.apis.chat_calls import (
    calls_of,
    is_no_call,
    with_argument_texts,
)
from otlpjson.openrouter.document import Document


def read(message: dict[str, Any]) -> tuple[list[Any] | None, list[str]]:
    """The calls and the notes."""
    document = Document("message", message, [])
    return calls_of(document), [str(note) for note in document.skipped]


def call(index: int, call_id: str | None, name: str | None, arguments: str) -> dict[str, Any]:
    """A call as it is sent."""
    function = {"name": name, "arguments": arguments}
    return {"id": call_id, "index": index, "type": "function", "function": function}


FIND = {"name": "find", "arguments": "{}"}


@pytest.mark.parametrize(
    ("message", "calls"),
    [
        ({}, None),
        ({"tool_calls": None, "function_call": None}, None),
        ({"tool_calls": [call(0, "a", "find", '{"x": 1}')]}, [call(0, "a", "find", '{"x": 1}')]),
        # Arguments are text.
        ({"tool_calls": [{"id": "a", "function": {"name": "find"}}]}, [call(0, "a", "find", "{}")]),
        (
            {"tool_calls": [{"id": "a", "function": {"name": "find", "arguments": None}}]},
            [call(0, "a", "find", "{}")],
        ),
        (
            {"tool_calls": [{"id": "a", "function": {"name": "find", "arguments": {"city": ["Rome"]}}}]},
            [call(0, "a", "find", '{"city":["Rome"]}')],
        ),
        (
            {"tool_calls": [{"id": "a", "function": {"name": "find", "arguments": ""}}]},
            [call(0, "a", "find", "")],
        ),
        ({"tool_calls": [{"id": "a", "function": {}}]}, [call(0, "a", None, "{}")]),
        ({"tool_calls": [{"id": "a"}]}, [call(0, "a", None, "{}")]),
        # The order of members is that of Broadcast, and further ones follow.
        (
            {"tool_calls": [{"extra_content": {"n": 1}, "function": FIND, "type": "function", "id": "a"}]},
            [{**call(0, "a", "find", "{}"), "extra_content": {"n": 1}}],
        ),
        (
            {"tool_calls": [{"id": "a", "custom": {"name": "sh", "input": "ls"}}]},
            [{"id": "a", "index": 0, "type": "custom", "custom": {"name": "sh", "input": "ls"}}],
        ),
        # Indexes that are shared or missing say nothing.
        (
            {"tool_calls": [call(0, "a", "find", "{}"), call(0, "b", "read", "{}")]},
            [call(0, "a", "find", "{}"), call(1, "b", "read", "{}")],
        ),
        (
            {"tool_calls": [{"id": "a", "function": FIND}, {"id": "b", "function": FIND}]},
            [call(0, "a", "find", "{}"), call(1, "b", "find", "{}")],
        ),
        ({"tool_calls": [call(3, "a", "find", "{}")]}, [call(3, "a", "find", "{}")]),
        # What is empty is no call.
        ({"tool_calls": [{}, {"index": 0, "type": "function", "id": "", "function": {"name": ""}}]}, None),
        ({"function_call": {"name": "", "arguments": ""}}, None),
        ({"function_call": {}}, None),
        # The single call of before there were tools.
        ({"function_call": {"name": "find", "arguments": "{}"}}, [call(0, None, "find", "{}")]),
        ({"function_call": {"name": "find"}, "tool_calls": []}, [call(0, None, "find", "{}")]),
    ],
)
def test_calls_are_in_the_form_of_broadcast(message: dict[str, Any], calls: list[Any] | None) -> None:
    """Nothing is noted, because nothing is lost."""
    assert read(message) == (calls, [])
    assert list((read(message)[0] or [{}])[0]) == list((calls or [{}])[0])


def test_a_call_beside_others_in_the_old_form_is_noted() -> None:
    """It mostly repeats one of them."""
    assert read({"tool_calls": [call(0, "a", "find", "{}")], "function_call": {"name": "read"}}) == (
        [call(0, "a", "find", "{}")],
        ["message.function_call: left out, because there are tool_calls"],
    )


def test_damaged_calls_are_noted() -> None:
    """What can be read of them is kept."""
    assert read({"tool_calls": [7, {"id": "a", "index": "x", "function": "secret"}]}) == (
        [call(0, "a", None, "{}")],
        [
            "message.tool_calls[0]: expected an object, got int of 1 digit",
            "message.tool_calls[1].index: expected a whole number, 0 or more, got str of 1 character",
            "message.tool_calls[1].function: expected an object, got str of 6 characters",
        ],
    )


def test_a_piece_with_only_an_index_is_no_call() -> None:
    """An id, a name or arguments make it one."""
    assert is_no_call({"index": 3, "type": "function", "function": {"arguments": ""}})
    assert not is_no_call({"function": {"arguments": "{"}})
    assert not is_no_call({"id": "a"})


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            {
                "tool_calls": [{"id": "a", "function": {"name": "find", "arguments": {"x": 1}}}],
                "content": None,
            },
            {
                "tool_calls": [{"id": "a", "function": {"name": "find", "arguments": '{"x":1}'}}],
                "content": None,
            },
        ),
        (
            {"tool_calls": ({"function": {"name": "find"}}, "text", {"id": "b", "custom": {}})},
            {
                "tool_calls": [
                    {"function": {"name": "find", "arguments": "{}"}},
                    "text",
                    {"id": "b", "custom": {}},
                ]
            },
        ),
        (
            {"function_call": {"name": "find", "arguments": [1]}},
            {"function_call": {"name": "find", "arguments": "[1]"}},
        ),
    ],
)
def test_arguments_in_the_prompt_are_text(message: dict[str, Any], expected: dict[str, Any]) -> None:
    """All else stays as the caller sent it."""
    assert with_argument_texts(message) == expected


@pytest.mark.parametrize(
    "message",
    [
        {"role": "user", "content": 5},
        {
            "tool_calls": [{"id": "a", "function": {"name": "find", "arguments": " {}"}}],
            "function_call": None,
        },
        {"tool_calls": "text", "function_call": {}},
        {"tool_calls": [{"function": {}}, {"function": "text"}]},
        {"function_call": {"name": "find", "arguments": ""}},
    ],
)
def test_a_message_without_such_arguments_is_the_same_object(message: dict[str, Any]) -> None:
    """A conversation is not copied without need."""
    assert with_argument_texts(message) is message


def test_a_call_keeps_a_type_of_its_own() -> None:
    """Of a kind that is yet unknown."""
    calls, notes = read({"tool_calls": [{"id": "c", "type": "mcp", "function": {"name": "f"}}]})

    assert calls is not None
    assert (calls[0]["type"], notes) == ("mcp", [])
