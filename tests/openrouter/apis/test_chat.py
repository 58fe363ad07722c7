# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Request and response of ``/chat/completions`` in chat form."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from otlpjson import Finding
from otlpjson.openrouter import Failure, Usage
from otlpjson.openrouter.apis.chat import chat_form
from otlpjson.openrouter.apis.chat_form import ChatForm
from otlpjson.openrouter.document import Document

NOTHING = ChatForm(
    skin="chat-completions",
    generation_id=None,
    model=None,
    user_id=None,
    usage=Usage(),
    messages=None,
    own_keys=frozenset({"messages"}),
)


def read(request: dict[str, Any], response: dict[str, Any]) -> tuple[ChatForm, list[str]]:
    """The chat form and the notes."""
    notes: list[Finding] = []
    form = chat_form(Document("request", request, notes), Document("response", response, notes))
    return form, [str(note) for note in notes]


def form_of(request: dict[str, Any] | None = None, **response: Any) -> ChatForm:
    """The chat form; nothing may be noted."""
    form, notes = read(request or {}, response)

    assert notes == []
    return form


def answer(**message: Any) -> ChatForm:
    """The chat form of a response with one message."""
    return form_of(choices=[{"index": 0, "message": message}])


def test_nothing_gives_nothing() -> None:
    """Missing facts are neither zero nor empty."""
    assert form_of() == NOTHING


def test_a_whole_response_is_read() -> None:
    """Every member with a place in chat form is read."""
    calls = [{"id": "c1", "index": 0, "type": "function", "function": {"name": "find", "arguments": "{}"}}]
    tools = [{"type": "function", "function": {"name": "find"}}, {"type": "openrouter:web_search"}]
    form = form_of(
        {"messages": [{"role": "user", "content": "Hello"}], "tools": tools, "user": "user_1"},
        id="gen-1",
        model="m/a",
        provider="A",
        created=1771005600,
        choices=[
            {
                "index": 0,
                "finish_reason": "tool_calls",
                "native_finish_reason": "tool_use",
                "message": {"role": "assistant", "content": "", "reasoning": "Let us", "tool_calls": calls},
            }
        ],
        usage={
            "prompt_tokens": 12,
            "completion_tokens": 5,
            "total_tokens": 17,
            "cost": 0.0000032,
            "is_byok": False,
            "prompt_tokens_details": {
                "cached_tokens": 1,
                "cache_write_tokens": 2,
                "audio_tokens": 3,
                "video_tokens": 4,
                "cache_creation": {"ephemeral_5m_input_tokens": 5, "ephemeral_1h_input_tokens": 6},
            },
            "cost_details": {
                "upstream_inference_cost": 0.1,
                "upstream_inference_prompt_cost": 1e-06,
                "upstream_inference_completions_cost": 2e-06,
            },
            "completion_tokens_details": {"reasoning_tokens": 0, "image_tokens": 7, "audio_tokens": 8},
        },
    )

    assert form == attrs.evolve(
        NOTHING,
        generation_id="gen-1",
        model="m/a",
        provider_name="A",
        created_s=1771005600,
        user_id="user_1",
        usage=Usage(
            input_tokens=12,
            output_tokens=5,
            total_tokens=17,
            cached_tokens=1,
            cache_write_tokens=2,
            cache_write_5m_tokens=5,
            cache_write_1h_tokens=6,
            input_audio_tokens=3,
            input_video_tokens=4,
            reasoning_tokens=0,
            output_image_tokens=7,
            input_cost=1e-06,
            output_cost=2e-06,
            total_cost=0.0000032,
        ),
        messages=[{"role": "user", "content": "Hello"}],
        tools=tools,
        content="",
        reasoning="Let us",
        tool_calls=calls,
        finish_reason="tool_calls",
        native_finish_reason="tool_use",
    )


@pytest.mark.parametrize(
    ("message", "content"),
    [
        ({"content": "Hello"}, "Hello"),
        ({"content": ""}, ""),
        ({"content": None}, None),
        ({"content": [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]}, "Hello"),
        ({"content": []}, ""),
        ({"content": None, "refusal": "No."}, "No."),
        ({"content": "", "refusal": "No."}, "No."),
        ({"content": "Yes.", "refusal": None}, "Yes."),
    ],
)
def test_the_text_is_the_content_or_a_refusal(message: dict[str, Any], content: str | None) -> None:
    """The content may be in parts."""
    assert answer(**message) == attrs.evolve(NOTHING, content=content)


@pytest.mark.parametrize(
    ("message", "reasoning"),
    [
        (
            {"reasoning": "Let us", "reasoning_details": [{"type": "reasoning.text", "text": "other"}]},
            "Let us",
        ),
        ({"reasoning": None, "reasoning_details": []}, None),
        (
            {
                "reasoning_details": [
                    {"type": "reasoning.summary", "summary": "A"},
                    {"type": "reasoning.encrypted", "data": "xyz"},
                    {"type": "reasoning.text", "text": "B", "signature": "s"},
                ]
            },
            "AB",
        ),
        ({"reasoning": "", "reasoning_details": [{"type": "reasoning.text", "text": "A"}]}, "A"),
    ],
)
def test_reasoning_is_its_text_or_that_of_its_details(message: dict[str, Any], reasoning: str | None) -> None:
    """Only one of them is used; encrypted reasoning is left out."""
    assert answer(**message) == attrs.evolve(NOTHING, reasoning=reasoning)


def test_the_old_single_call_is_a_call() -> None:
    """Its finish reason is converted as well."""
    function = {"name": "find", "arguments": "{}"}
    form = form_of(choices=[{"finish_reason": "function_call", "message": {"function_call": function}}])
    calls = [{"id": None, "index": 0, "type": "function", "function": function}]

    assert form == attrs.evolve(NOTHING, tool_calls=calls, finish_reason="tool_calls")
    assert answer(function_call=function, tool_calls=[{"id": "c1"}]).tool_calls == [{"id": "c1"}]


@pytest.mark.parametrize("reason", ["stop", "length", "tool_calls", "content_filter", "something_new"])
def test_a_finish_reason_is_unchanged(reason: str) -> None:
    """So is ``stop`` beside tool calls, which Gemini sends."""
    choice = {
        "finish_reason": reason,
        "native_finish_reason": reason.upper(),
        "message": {"tool_calls": [{}]},
    }

    assert form_of(choices=[choice]) == attrs.evolve(
        NOTHING, tool_calls=[{}], finish_reason=reason, native_finish_reason=reason.upper()
    )


@pytest.mark.parametrize(
    ("response", "failure"),
    [
        (
            {"error": {"code": 502, "message": "Body"}, "choices": [{"error": {"message": "Choice"}}]},
            Failure(message="Body", code="502"),
        ),
        (
            {"choices": [{"finish_reason": "error", "error": {"code": 502, "message": "Choice"}}]},
            Failure(message="Choice", code="502"),
        ),
        (
            {"choices": [{"finish_reason": "error", "native_finish_reason": "MALFORMED_FUNCTION_CALL"}]},
            Failure(message="MALFORMED_FUNCTION_CALL", kind="MALFORMED_FUNCTION_CALL"),
        ),
        ({"choices": [{"finish_reason": "error"}]}, Failure(message="error")),
        ({"error": {"message": "Refused"}}, Failure(message="Refused", before_routing=True)),
        ({"choices": [{"finish_reason": "stop"}]}, None),
    ],
)
def test_an_error_is_in_the_body_the_choice_or_the_finish_reason(
    response: dict[str, Any], failure: Failure | None
) -> None:
    """They are read in this order."""
    assert form_of(**response).failure == failure


def test_of_several_choices_the_one_with_the_lowest_index_is_recorded() -> None:
    """That there are others is noted."""
    choices = [{"index": 1, "message": {"content": "b"}}, {"index": 0, "message": {"content": "a"}}]
    form, notes = read({}, {"choices": choices})

    assert form == attrs.evolve(NOTHING, content="a")
    assert notes == ["response.choices: only the first choice is recorded"]


def test_media_of_an_answer_are_noted() -> None:
    """Their data is not sent; placeholders are below the text."""
    images = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}}]
    content = [{"type": "text", "text": "Here"}, *images]
    form, notes = read(
        {}, {"choices": [{"message": {"content": content, "images": images, "audio": {"data": "QUJD"}}}]}
    )

    told = "Here\n[image/png, 4 characters]\n[image/png, 4 characters]\n[data, 4 characters]"
    assert form == attrs.evolve(NOTHING, content=told)
    assert notes == [
        "response.choices[0].message.images: media data is not sent",
        "response.choices[0].message.audio: media data is not sent",
        "response.choices[0].message.content[1].type: not a text part",
    ]


def test_an_answer_of_images_alone_has_placeholders() -> None:
    """URLs of images stored elsewhere stay; a value that is not a list of images adds nothing."""
    images = [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}},
        {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
    ]
    form, _ = read({}, {"choices": [{"message": {"content": None, "images": images, "audio": "secret"}}]})

    assert form == attrs.evolve(NOTHING, content="[image/png, 4 characters]\nhttps://example.org/a.png")


def test_a_conversation_is_unchanged_except_for_its_media() -> None:
    """This includes tools, reasoning and unknown members."""
    messages = [
        {
            "role": "system",
            "content": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
        },
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c1"}],
            "reasoning_details": [{"data": "x"}],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "5", "name": "find", "unknown": 1},
        {
            "role": "user",
            "content": [{"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}}],
        },
    ]
    form = form_of({"messages": messages})
    audio = {"type": "input_audio", "input_audio": {"data": "[wav, 4 characters]", "format": "wav"}}

    assert form.messages == [*messages[:3], {"role": "user", "content": [audio]}]


@pytest.mark.parametrize(
    ("request_body", "response", "note"),
    [
        ({"messages": "secret"}, {}, "request.messages: expected a list, got str of 6 characters"),
        ({"tools": {"secret": 1}}, {}, "request.tools: expected a list, got dict"),
        ({"user": ["secret"]}, {}, "request.user: expected text, got list"),
        ({}, {"choices": ["secret"]}, "response.choices[0]: expected an object, got str of 6 characters"),
        ({}, {"id": {"secret": 1}}, "response.id: expected text, got dict"),
        (
            {},
            {"choices": [{"message": {"content": {"secret": 1}}}]},
            "response.choices[0].message.content: expected text, got dict",
        ),
        (
            {},
            {"choices": [{"message": {"tool_calls": "secret"}}]},
            "response.choices[0].message.tool_calls: expected a list, got str of 6 characters",
        ),
    ],
)
def test_what_is_damaged_is_noted_and_left_out(
    request_body: dict[str, Any], response: dict[str, Any], note: str
) -> None:
    """Notes have the path but never any of the text."""
    assert read(request_body, response) == (NOTHING, [note])


def test_an_empty_conversation_is_one() -> None:
    """An empty list differs from a missing one."""
    assert form_of({"messages": []}) == attrs.evolve(NOTHING, messages=[])
    assert form_of({"messages": None}) == NOTHING
