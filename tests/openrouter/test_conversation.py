# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Prompt and completion read back as messages, whatever they are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson.core.decoder import decode
from otlpjson.core.model import Span
from otlpjson.core.traces import traces_of
from otlpjson.openrouter.spans.conversation import Conversation, Message, Part, conversation_of

from .. import FIXTURES


def of(prompt: Any = None, completion: Any = None) -> Conversation:
    """The conversation of a span with these two attributes, of which no text is JSON."""
    texts = {"gen_ai.prompt": prompt, "gen_ai.completion": completion}
    attributes = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in texts.items()
        if value is not None
    }
    span = Span(trace_id="01" * 16, span_id="01" * 8, name="s", start_ns=1, end_ns=2, attributes=attributes)
    return conversation_of(span)


def prompted(content: Any, **members: Any) -> Message:
    """The only message of a prompt."""
    (message,) = of({"messages": [{"role": "user", "content": content, **members}]}).prompt
    return message


def test_a_fixture_with_everything_is_read_to_the_last_part() -> None:
    """System, user, reasoning, calls and the result of a tool that failed."""
    body = decode((FIXTURES / "openrouter" / "messages_tools_streamed" / "body.json").read_bytes())
    ((span,),) = [trace.spans for trace in traces_of([body])]
    found = conversation_of(span)

    assert found.prompt == (
        Message("system", (Part("text", "You are a careful assistant."),)),
        Message("user", (Part("text", "Weather in Kyoto?"),)),
        Message(
            "assistant",
            (
                Part("reasoning", "I need the tool."),
                Part("text", "Let me look."),
                Part("call", '{"city":"Kyoto"}', "weather", "toolu_bdrk_01A"),
            ),
        ),
        Message("tool", (Part("text", "Service down."),), call_id="toolu_bdrk_01A", is_error=True),
        Message("user", (Part("text", "And in Nara?"),)),
    )
    assert found.completion == Message(
        "assistant",
        (
            Part("reasoning", "Try Nara as well."),
            Part("text", "I will try both."),
            Part("call", '{"city": "Nara"}', "weather", "toolu_bdrk_02B"),
            Part("call", '{"city": "Kyoto"}', "weather", "toolu_bdrk_03C"),
        ),
    )
    assert json.loads(found.tools)[0]["function"]["name"] == "weather"
    assert json.loads(found.parameters)["_skin"] == "messages"
    assert found.messages == (*found.prompt, found.completion)


def test_a_span_without_both_has_an_empty_conversation() -> None:
    """Also where an attribute is no text."""
    numbers = Span(
        trace_id="01" * 16,
        span_id="01" * 8,
        name="s",
        start_ns=1,
        end_ns=2,
        attributes={"gen_ai.prompt": 5, "gen_ai.completion": True},
    )

    assert of() == conversation_of(numbers) == Conversation()
    assert of().messages == ()


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"type": "text", "text": "a"}, Part("text", "a")),
        ({"type": "input_text", "text": "a"}, Part("text", "a")),
        ({"type": "refusal", "refusal": "no"}, Part("text", "no")),
        ({"type": "text", "text": 5}, Part("json", '{"type":"text","text":5}')),
        ("plain", Part("text", "plain")),
        (
            {"type": "image_url", "image_url": {"url": "https://a.test/x.png"}},
            Part("media", "https://a.test/x.png"),
        ),
        ({"type": "image_url", "image_url": "http://a.test/x.png"}, Part("media", "http://a.test/x.png")),
        (
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
            Part("media", "[image/png, 4 characters]"),
        ),
        ({"type": "image_url", "image_url": {"url": "data:,AA"}}, Part("media", "[data, 2 characters]")),
        (
            {"type": "input_audio", "input_audio": {"data": "A" * 201, "format": "wav"}},
            Part("media", "[data, 201 characters]"),
        ),
        (
            {"type": "file", "file": {"filename": "r.pdf", "file_id": "file-1"}},
            Part("media", "file-1", "r.pdf"),
        ),
        ({"type": "file", "file": {}}, Part("media", "[file]")),
        ({"type": "video_url"}, Part("media", "[video_url]")),
        ({"type": ["x"]}, Part("json", '{"type":["x"]}')),
        (5, Part("json", "5")),
    ],
)
def test_each_part_is_of_a_kind(part: Any, expected: Part) -> None:
    """What is not known is shown as it is, and the data of media never."""
    assert prompted([part]).parts == (expected,)


@pytest.mark.parametrize(
    ("content", "parts"),
    [("", ()), (None, ()), ("a", (Part("text", "a"),)), ({"a": 1}, (Part("json", '{"a":1}'),))],
)
def test_content_may_be_anything(content: Any, parts: tuple[Part, ...]) -> None:
    """Nothing is no part."""
    assert prompted(content).parts == parts


def test_calls_and_tools_of_other_shapes_are_shown_as_they_are() -> None:
    """Arguments may be an object, or missing."""
    calls = [
        {"function": {"name": "f", "arguments": {"a": 1}}},
        {"function": {"name": "g"}},
        {"custom": 1},
        7,
    ]
    parts = prompted(
        None, tool_calls=calls, server_tools=[{"type": "search"}], reasoning_details=[3, {}]
    ).parts

    assert parts == (
        Part("call", '{"a":1}', "f"),
        Part("call", "", "g"),
        Part("json", '{"custom":1}'),
        Part("json", "7"),
        Part("json", '{"type":"search"}'),
    )
    assert prompted("x", tool_calls=5, server_tools="s", reasoning_details={}).parts == (Part("text", "x"),)


@pytest.mark.parametrize(
    ("prompt", "messages"),
    [
        ('{"messages":[{"role":"user","con', [("user", '{"messages":[{"role":"user","con')]),
        ({"input": "embed me"}, [("user", "embed me")]),
        ({"query": "q", "documents": ["d"]}, [("user", '{"query":"q","documents":["d"]}')]),
        (["a", {"content": "b"}], [("user", "a"), ("unknown", "b")]),
        ("5" * 5000, [("user", "5" * 5000)]),
    ],
)
def test_prompts_of_other_shapes_are_shown(prompt: Any, messages: list[tuple[str, str]]) -> None:
    """Cut JSON, as a store leaves it, and the prompts of other requests."""
    found = of(prompt).prompt

    assert [(one.role, "".join(part.text for part in one.parts)) for one in found] == messages


def test_completions_of_other_shapes_are_shown() -> None:
    """A text, a list, and the members of an embedding."""
    completions = [
        of(completion=one).completion for one in ("cut", ["a"], {"vectors": 3}, {"completion": None})
    ]

    assert [one and one.parts for one in completions] == [
        (Part("text", "cut"),),
        (Part("text", "a"),),
        (Part("json", '{"vectors":3}'),),
        (),
    ]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda c: (
            st.lists(c)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "messages",
                        "role",
                        "content",
                        "type",
                        "text",
                        "image_url",
                        "tool_calls",
                        "function",
                        "name",
                        "completion",
                        "reasoning",
                        "toolCalls",
                    ]
                ),
                c,
            )
        ),
    )
)
def test_every_value_has_a_conversation(value: Any) -> None:
    """Nothing that a body may hold makes it fail."""
    found = of({"messages": [value]} if value else value, value)

    assert all(isinstance(part.text, str) for message in found.messages for part in message.parts)
