# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the APIs have in common: answers, providers, calls and parts in chat form."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter import Failure, Usage
from otlpjson.openrouter.apis.chat_form import (
    ChatForm,
    is_answer,
    provider_of,
    text_or_parts,
    tool_call,
)
from otlpjson.openrouter.document import Document


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({}, None),
        ({"provider": "Amazon Bedrock"}, "Amazon Bedrock"),
        ({"openrouter_metadata": {"endpoints": {"available": []}}}, None),
        (
            {
                "openrouter_metadata": {
                    "endpoints": {
                        "available": [
                            {"provider": "Azure", "selected": False},
                            {"provider": "OpenAI", "selected": True},
                        ]
                    }
                }
            },
            "OpenAI",
        ),
        (
            {
                "provider": "A",
                "openrouter_metadata": {"endpoints": {"available": [{"provider": "B", "selected": True}]}},
            },
            "A",
        ),
        ({"openrouter_metadata": {"endpoints": {"available": [{"provider": "B", "selected": 1}]}}}, None),
    ],
)
def test_the_provider_is_in_the_body_or_in_openrouters_metadata(
    body: dict[str, Any], name: str | None
) -> None:
    """A response of /responses has no member for it, so it depends on the metadata."""
    assert provider_of(Document("record.response", body, [])) == name


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({}, False),
        ({"choices": None, "id": None}, False),
        ({"choices": []}, True),
        ({"id": "gen-1"}, True),
        ({"usage": {}}, True),
        ({"detail": "Not Found", "output": "x"}, False),
    ],
)
def test_an_answer_has_a_known_member(body: dict[str, Any], answer: bool) -> None:
    """A body without them came from elsewhere."""
    assert is_answer(Document("record.response", body, []), "choices") is answer


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [("{", "{"), ("", ""), ({}, "{}"), ({"a": [1, None]}, '{"a":[1,null]}'), (5, "5")],
)
def test_a_call_has_its_arguments_as_text(arguments: Any, expected: str) -> None:
    """Text stays unchanged, even if it is no JSON: it may have been cut off."""
    assert tool_call(1, "c1", "look", arguments) == {
        "id": "c1",
        "index": 1,
        "type": "function",
        "function": {"name": "look", "arguments": expected},
    }


@pytest.mark.parametrize(
    ("content", "expected", "notes"),
    [
        ("Hello", "Hello", []),
        (None, None, []),
        ([], [], []),
        (
            [{"keep": 1}, {"keep": None}, 5],
            [{"kept": 1}],
            ["message.content[2]: expected an object, got int of 1 digit"],
        ),
        (5, None, ["message.content: expected text, got int of 1 digit"]),
    ],
)
def test_a_member_is_a_text_or_parts(content: Any, expected: Any, notes: list[str]) -> None:
    """Parts without a chat form are left out."""
    owner = Document("message", {"content": content}, [])

    def part(item: Document) -> dict[str, Any] | None:
        return {"kept": item.value("keep")} if item.value("keep") else None

    assert text_or_parts(owner, "content", part) == expected
    assert [str(note) for note in owner.skipped] == notes


def test_repr_shows_no_content() -> None:
    """It shows neither prompt nor answer."""
    form = ChatForm(
        skin="messages",
        generation_id="gen-1",
        model=None,
        user_id=None,
        usage=Usage(),
        prompt={"messages": ["canary"]},
        answered=True,
        server_tools=["canary"],
        facts={"x": "canary"},
        metadata=(("x", "canary"),),
        tools=["canary"],
        content="canary",
        reasoning="canary",
        tool_calls=["canary"],
        failure=Failure(message="canary"),
        own_keys=frozenset(),
    )

    assert "canary" not in repr(form)
    assert "gen-1" in repr(form)
