# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The deltas of a choice, put together into its message."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter.apis.chat_message_stream import MessageStream
from otlpjson.openrouter.document import Document


def added(*deltas: dict[str, Any]) -> tuple[MessageStream, list[bool]]:
    """The message, and whether each delta said anything; nothing may be noted."""
    message, said = MessageStream(), []
    for delta in deltas:
        document = Document("delta", delta, [])
        said.append(message.add(document))
        assert document.skipped == []
    return message, said


@pytest.mark.parametrize(
    ("deltas", "whole"),
    [
        ([], {}),
        ([{}], {}),
        ([{"role": "assistant", "content": ""}, {"role": "assistant"}], {"role": "assistant", "content": ""}),
        (
            [{"content": "It "}, {"content": None}, {"content": "works"}, {"content": ""}],
            {"content": "It works"},
        ),
        ([{"reasoning": "Let "}, {"reasoning": None}, {"reasoning": "us"}], {"reasoning": "Let us"}),
        (
            [{"reasoning_content": "A", "thinking": "C"}, {"reasoning_content": "B"}],
            {"reasoning_content": "AB", "thinking": "C"},
        ),
        (
            [{"content": [{"type": "thinking", "thinking": "A"}]}, {"content": "B"}],
            {"content": [{"type": "thinking", "thinking": "A"}, {"type": "text", "text": "B"}]},
        ),
        ([{"function_call": {"name": "", "arguments": ""}, "audio": {"id": "", "expires_at": 0}}], {}),
        ([{"reasoning_details": [{"text": "A"}, {"text": "B"}]}], {"reasoning_details": [{"text": "AB"}]}),
        ([{"refusal": "I "}, {"refusal": "cannot"}], {"refusal": "I cannot"}),
        ([{"role": None, "content": None, "tool_calls": None, "reasoning_details": None, "audio": None}], {}),
        ([{"images": [{"n": 1}]}, {"images": [{"n": 2}]}], {"images": [{"n": 1}, {"n": 2}]}),
        ([{"annotations": [{"n": 1}]}, {"annotations": []}], {"annotations": [{"n": 1}]}),
        (
            [
                {"audio": {"id": "audio_1", "transcript": "Hel"}},
                {"audio": {"data": "QUJD"}},
                {"audio": {"data": "REVG", "transcript": "lo", "expires_at": 9, "id": None}},
            ],
            {"audio": {"id": "audio_1", "transcript": "Hello", "data": "QUJDREVG", "expires_at": 9}},
        ),
        (
            [
                {"function_call": {"name": "find", "arguments": ""}},
                {"function_call": {"arguments": '{"a"'}},
                {"function_call": {"arguments": ":1}"}},
            ],
            {"function_call": {"name": "find", "arguments": '{"a":1}'}},
        ),
    ],
)
def test_deltas_add_up_to_a_message(deltas: list[dict[str, Any]], whole: dict[str, Any]) -> None:
    """Texts and lists are appended, the role is set, null is ignored."""
    assert added(*deltas)[0].value(finished=True) == whole


def test_a_delta_may_say_nothing() -> None:
    """The role alone, empty texts and empty members do not count."""
    deltas: list[dict[str, Any]] = [
        {"role": "assistant", "content": "", "audio": {"id": ""}},
        {},
        {"content": "x"},
        {"tool_calls": [{"index": 0, "function": {"arguments": "{"}}]},
        {"unknown": 1},
    ]

    assert added(*deltas)[1] == [False, False, True, True, True]


def test_calls_may_be_cut_off_before_their_arguments() -> None:
    """Only the end of the answer shows that there are none."""
    deltas = {
        "tool_calls": [{"index": 0, "id": "a", "function": {"name": "find"}}],
        "function_call": {"name": "find"},
    }
    message, _ = added(deltas)
    call = {"id": "a", "index": 0, "type": "function", "function": {"name": "find"}}
    cut = {"name": "find", "arguments": ""}

    assert message.value(finished=True) == {"tool_calls": [call], "function_call": {"name": "find"}}
    assert message.value(finished=False) == {"tool_calls": [{**call, "function": cut}], "function_call": cut}
