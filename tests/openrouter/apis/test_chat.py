# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Request and response of ``/chat/completions`` in chat form."""

from __future__ import annotations

from typing import Any, Final

import attrs
import pytest

from otlpjson import Finding
from otlpjson.openrouter import Failure, Usage
from otlpjson.openrouter.apis.chat import chat_form
from otlpjson.openrouter.apis.chat_form import ChatForm
from otlpjson.openrouter.document import Document

NOTHING: Final = ChatForm(
    skin="chat-completions",
    generation_id=None,
    model=None,
    user_id=None,
    usage=Usage(),
    prompt=None,
    answered=False,
    own_keys=frozenset({"messages"}),
)


def read(request: dict[str, Any], response: dict[str, Any]) -> tuple[ChatForm, list[str]]:
    """The chat form and the notes."""
    notes: list[Finding] = []
    form = chat_form(Document("request", request, notes), Document("response", response, notes))
    return form, [str(note) for note in notes]


ANSWERED: Final = attrs.evolve(NOTHING, answered=True)


def form_of(request: dict[str, Any] | None = None, **response: Any) -> ChatForm:
    """The chat form; nothing may be noted."""
    form, notes = read(request or {}, response)

    assert notes == []
    return form


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
        ANSWERED,
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
        prompt={"messages": [{"role": "user", "content": "Hello"}]},
        tools=tools,
        content="",
        reasoning="Let us",
        tool_calls=calls,
        finish_reason="tool_calls",
        native_finish_reason="tool_use",
    )


def test_the_answer_is_that_of_the_message() -> None:
    """Text, reasoning, calls and what tools at the server did."""
    details = [{"type": "reasoning.server_tool_call", "tool_name": "search"}]
    message = {
        "content": [{"type": "thinking", "thinking": "Let us"}, {"type": "text", "text": "Hello"}],
        "reasoning_details": details,
        "function_call": {"name": "find", "arguments": {}},
    }
    call = {"id": None, "index": 0, "type": "function", "function": {"name": "find", "arguments": "{}"}}

    assert form_of(choices=[{"finish_reason": "function_call", "message": message}]) == attrs.evolve(
        ANSWERED,
        content="Hello",
        reasoning="Let us",
        tool_calls=[call],
        server_tools=details,
        finish_reason="tool_calls",
    )


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("content_filter", "content_filter"),
        ("something_new", "something_new"),
        # The reason that OpenAI's API gave before functions became tools.
        ("function_call", "tool_calls"),
        ("", None),
        (None, None),
    ],
)
def test_a_finish_reason_is_unchanged(reason: str | None, expected: str | None) -> None:
    """So is ``stop`` beside tool calls, which Gemini sends; an empty one is none."""
    choice = {"finish_reason": reason, "native_finish_reason": reason}

    assert form_of(choices=[choice]) == attrs.evolve(
        ANSWERED, finish_reason=expected, native_finish_reason=reason or None
    )


@pytest.mark.parametrize(
    "response",
    [{"choices": None}, {"choices": []}, {}, {"choices": [{"message": None}]}, {"choices": [{}]}],
)
def test_an_answer_may_be_empty(response: dict[str, Any]) -> None:
    """Usage or an id shows that there was one."""
    assert form_of(**response, usage={"prompt_tokens": 1}) == attrs.evolve(
        ANSWERED, usage=Usage(input_tokens=1)
    )
    assert form_of(**response, id="gen-1") == attrs.evolve(ANSWERED, generation_id="gen-1")


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
        (
            {"choices": [{"finish_reason": "error", "native_finish_reason": "", "error": {}}]},
            Failure(message="error"),
        ),
        # An error of empty members is none.
        ({"error": {"message": "", "code": 0, "metadata": {}}, "choices": []}, None),
        ({"choices": [{"finish_reason": "stop", "error": {"message": "", "code": 0}}]}, None),
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

    assert form == attrs.evolve(ANSWERED, content="a")
    assert notes == ["response.choices: only the first choice is recorded"]


def test_a_conversation_is_unchanged_but_for_media_and_arguments() -> None:
    """Tools, reasoning, numbers and unknown members stay; arguments of calls become text."""
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
        {"role": "assistant", "audio": {"id": "audio_1", "data": "QUJD", "transcript": "Hi"}},
        {
            "role": "assistant",
            "tool_calls": [{"id": "c1", "function": {"name": "find", "arguments": {"x": 1}}}],
        },
        {"role": "assistant", "audio": {"id": "audio_1"}},
        {"role": "user", "content": 4111111111111111},
    ]
    form = form_of({"messages": messages})
    spoken = {
        "role": "assistant",
        "audio": {"id": "audio_1", "data": "[data, 4 characters]", "transcript": "Hi"},
    }
    called = {
        "role": "assistant",
        "tool_calls": [{"id": "c1", "function": {"name": "find", "arguments": '{"x":1}'}}],
    }
    audio = {"type": "input_audio", "input_audio": {"data": "[wav, 4 characters]", "format": "wav"}}

    assert form.prompt == {
        "messages": [*messages[:3], {"role": "user", "content": [audio]}, spoken, called, *messages[6:]]
    }


@pytest.mark.parametrize(
    ("request_body", "response", "note"),
    [
        ({"messages": "secret"}, {}, "request.messages: expected a list, got str of 6 characters"),
        ({"tools": {"secret": 1}}, {}, "request.tools: expected a list, got dict of 1 member"),
        ({"user": ["secret"]}, {}, "request.user: expected text or a whole number, got list of 1 item"),
        ({}, {"choices": ["secret"]}, "response.choices[0]: expected an object, got str of 6 characters"),
        ({}, {"id": {"secret": 1}}, "response.id: expected text, got dict of 1 member"),
        (
            {},
            {"choices": [{"message": {"content": 4111111111111111}}]},
            "response.choices[0].message.content: expected text, got int of 16 digits",
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
    expected = NOTHING if not {"choices", "id"} & response.keys() else ANSWERED

    assert read(request_body, response) == (expected, [note])


def test_an_empty_conversation_is_one() -> None:
    """An empty list differs from a missing one."""
    assert form_of({"messages": []}) == attrs.evolve(NOTHING, prompt={"messages": []})
    assert form_of({"messages": None}) == NOTHING
