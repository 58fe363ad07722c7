# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Prompt and completion as the JSON text that Broadcast sends."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson.openrouter import Usage
from otlpjson.openrouter.apis.chat_form import ChatForm
from otlpjson.openrouter.completion import completion_text, prompt_text
from otlpjson.openrouter.document import Document

TOOL = {"type": "function", "function": {"name": "f"}}
CALL = {"id": "c", "index": 0, "type": "function", "function": {"name": "f", "arguments": "{}"}}


def completion(request: dict[str, Any] | None = None, failed: bool = False, **members: Any) -> list[Any]:
    """The members of the completion, in order."""
    given: dict[str, Any] = {"answered": True, "prompt": None, "own_keys": frozenset({"messages"}), **members}
    form = ChatForm(skin="s", generation_id=None, model=None, user_id=None, usage=Usage(), **given)
    text = completion_text(Document("request", request or {}, []), form, failed=failed)
    return list(json.loads(text).items())


RAW = ("rawRequest", {"_skin": "s"})


@pytest.mark.parametrize(
    ("members", "failed", "completion_"),
    [
        ({}, False, [("completion", ""), ("reasoning", None), RAW]),
        ({}, True, [("completion", None), ("reasoning", None), RAW]),
        ({"answered": False}, False, [("completion", None), ("reasoning", None), RAW]),
        ({"content": "A"}, True, [("completion", "A"), ("reasoning", None), RAW]),
        (
            {"tool_calls": [CALL], "tools": [TOOL], "server_tools": [{"type": "x"}]},
            False,
            [
                ("completion", ""),
                ("reasoning", None),
                ("toolCalls", [CALL]),
                ("serverTools", [{"type": "x"}]),
                ("tools", [TOOL]),
                RAW,
            ],
        ),
        (
            {"tools": [TOOL], "content": "A"},
            False,
            [("completion", "A"), ("reasoning", None), ("toolCalls", []), RAW],
        ),
        ({"tools": [TOOL]}, True, [("completion", None), ("reasoning", None), RAW]),
        ({"tools": [TOOL], "answered": False}, False, [("completion", None), ("reasoning", None), RAW]),
        ({"facts": {"vectors": 2}}, False, [("vectors", 2), RAW]),
    ],
)
def test_the_members_of_a_completion(members: dict[str, Any], failed: bool, completion_: list[Any]) -> None:
    """Where tools were offered and none was called, there is an empty list."""
    assert completion(failed=failed, **members) == completion_


def test_the_request_keeps_its_order_around_openrouters_own_member() -> None:
    """Tools stay inside it unless one was called; some members come last."""
    request = {"messages": [], "thinking": 1, "model": "m", "tools": [TOOL], "stream": True}
    plain = dict(completion(request, later_keys=frozenset({"thinking"})))["rawRequest"]
    called = dict(completion(request, tools=[TOOL], tool_calls=[CALL]))["rawRequest"]

    assert list(plain) == ["model", "tools", "stream", "_skin", "thinking"]
    assert list(called) == ["thinking", "model", "stream", "_skin"]


@pytest.mark.parametrize(("prompt", "text"), [(None, None), ({"messages": []}, '{"messages":[]}')])
def test_the_prompt_is_compact(prompt: Any, text: str | None) -> None:
    """Without one there is no text."""
    form = ChatForm(
        skin="s",
        generation_id=None,
        model=None,
        user_id=None,
        usage=Usage(),
        prompt=prompt,
        answered=False,
        own_keys=frozenset(),
    )

    assert prompt_text(form) == text
