# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Request and response of ``/messages`` in chat form."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from otlpjson import Finding
from otlpjson.openrouter import Failure, Usage
from otlpjson.openrouter.apis.chat_form import ChatForm
from otlpjson.openrouter.apis.messages import messages_form
from otlpjson.openrouter.document import Document

NOTHING = ChatForm(
    skin="messages",
    generation_id=None,
    model=None,
    user_id=None,
    usage=Usage(),
    prompt=None,
    answered=False,
    own_keys=frozenset({"messages", "system"}),
    later_keys=frozenset({"thinking", "output_config"}),
)


def read(request: dict[str, Any], response: dict[str, Any]) -> tuple[ChatForm, list[str]]:
    """The chat form and the notes."""
    notes: list[Finding] = []
    form = messages_form(Document("request", request, notes), Document("response", response, notes))
    return form, [str(note) for note in notes]


def form_of(request: dict[str, Any] | None = None, **response: Any) -> ChatForm:
    """The chat form; nothing may be noted."""
    form, notes = read(request or {}, response)

    assert notes == []
    return form


def prompt(*messages: Any, **request: Any) -> Any:
    """The conversation in chat form; nothing may be noted."""
    found = form_of({"messages": list(messages), **request}).prompt
    return found and found["messages"]


def call(call_id: str | None, name: str | None, arguments: str, index: int = 0) -> dict[str, Any]:
    """A call in chat form."""
    function = {"name": name, "arguments": arguments}
    return {"id": call_id, "index": index, "type": "function", "function": function}


def past_call(call_id: str | None, name: str | None, arguments: str) -> dict[str, Any]:
    """A call of the prompt in chat form."""
    return {"type": "function", "id": call_id, "function": {"name": name, "arguments": arguments}}


def text(words: str | None) -> dict[str, Any]:
    """A text part, which is the same in both forms."""
    return {"type": "text", "text": words}


def test_nothing_gives_nothing() -> None:
    """Missing facts are neither zero nor empty."""
    assert form_of() == NOTHING


def test_a_whole_response_is_read() -> None:
    """Every member with a place in chat form is read; the time is taken from the id."""
    form = form_of(
        {
            "messages": [{"role": "user", "content": "Hello"}],
            "metadata": {"user_id": "user_1"},
            "tools": [
                {"name": "find", "description": "Finds.", "input_schema": {"type": "object"}, "strict": True},
                {"type": "custom", "name": "read", "cache_control": {"type": "ephemeral"}},
                {"type": "web_search_20250305", "name": "web_search", "max_uses": 5},
            ],
        },
        id="gen-1771005600-abcdefghijklmnopqrst",
        type="message",
        role="assistant",
        model="anthropic/claude-haiku-4.5",
        provider="Amazon Bedrock",
        content=[
            {"type": "thinking", "thinking": "Let ", "signature": "c2ln"},
            {"type": "redacted_thinking", "data": "xyz"},
            {"type": "thinking", "thinking": "us", "signature": ""},
            {"type": "text", "text": "I will ", "citations": None},
            {"type": "tool_use", "id": "toolu_1", "name": "find", "input": {"city": "東京"}, "caller": {}},
            text("look."),
            {"type": "tool_use", "id": "toolu_2", "name": "read", "input": {}},
        ],
        stop_reason="tool_use",
        stop_sequence=None,
        usage={
            "input_tokens": 9,
            "cache_creation_input_tokens": 20,
            "cache_read_input_tokens": 300,
            "cache_creation": {"ephemeral_5m_input_tokens": 15, "ephemeral_1h_input_tokens": 5},
            "output_tokens": 7,
            "output_tokens_details": {"thinking_tokens": 4},
            "cost": 0.5,
            "is_byok": False,
            "cost_details": {
                "upstream_inference_cost": 0.4,
                "upstream_inference_prompt_cost": 0.1,
                "upstream_inference_completions_cost": 0.3,
            },
        },
    )

    assert form == attrs.evolve(
        NOTHING,
        generation_id="gen-1771005600-abcdefghijklmnopqrst",
        model="anthropic/claude-haiku-4.5",
        provider_name="Amazon Bedrock",
        created_s=1771005600,
        user_id="user_1",
        usage=Usage(
            input_tokens=329,
            output_tokens=7,
            total_tokens=336,
            cached_tokens=300,
            cache_write_tokens=20,
            cache_write_5m_tokens=15,
            cache_write_1h_tokens=5,
            reasoning_tokens=4,
            input_cost=0.1,
            output_cost=0.3,
            total_cost=0.5,
        ),
        answered=True,
        prompt={"messages": [{"role": "user", "content": "Hello"}]},
        tools=[
            {
                "type": "function",
                "function": {
                    "name": "find",
                    "description": "Finds.",
                    "parameters": {"type": "object"},
                    "strict": True,
                },
            },
            {"type": "function", "function": {"name": "read"}, "cache_control": {"type": "ephemeral"}},
            {"type": "web_search_20250305", "name": "web_search", "max_uses": 5},
        ],
        content="I will look.",
        reasoning="Let us",
        tool_calls=[call("toolu_1", "find", '{"city":"東京"}'), call("toolu_2", "read", "{}", 1)],
        finish_reason="tool_calls",
        native_finish_reason="tool_use",
    )


@pytest.mark.parametrize(
    ("generation_id", "created_s"),
    [("gen-1771005600-x", 1771005600), ("gen-177100560-x", None), ("msg_1", None), ("gen-1771005600", None)],
)
def test_the_time_of_a_message_is_in_its_id(generation_id: str, created_s: int | None) -> None:
    """Only OpenRouter's ids have one."""
    assert form_of(id=generation_id).created_s == created_s


@pytest.mark.parametrize(
    ("stop_reason", "finish_reason"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("compaction", "stop"),
        ("pause_turn", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("tool_use", "tool_calls"),
        ("refusal", "content_filter"),
        ("something_new", "something_new"),
        ("", None),
        (None, None),
    ],
)
@pytest.mark.parametrize(
    ("model", "is_native"), [("anthropic/claude-haiku-4.5", True), ("google/gemini", False)]
)
def test_the_stop_reason_becomes_openrouters_finish_reason(
    stop_reason: str | None, finish_reason: str | None, model: str, is_native: bool
) -> None:
    """It is the provider's own only for Anthropic's models."""
    form = form_of(model=model, stop_reason=stop_reason)
    native = (stop_reason or None) if is_native else None

    assert form == attrs.evolve(
        NOTHING, model=model, finish_reason=finish_reason, native_finish_reason=native
    )


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        (
            {
                "type": "error",
                "error": {"type": "rate_limit_error", "message": "Slow", "error_type": "rate_limit_exceeded"},
                "request_id": "gen-1771005600-x",
            },
            {
                "generation_id": "gen-1771005600-x",
                "created_s": 1771005600,
                "failure": Failure(message="Slow", kind="rate_limit_exceeded"),
            },
        ),
        (
            {
                "type": "error",
                "error": {"type": "not_found_error", "message": "No model"},
                "request_id": None,
            },
            {"failure": Failure(message="No model", kind="not_found_error", before_routing=True)},
        ),
    ],
)
def test_an_error_without_a_stop_reason_is_the_finish_reason(
    body: dict[str, Any], changes: dict[str, Any]
) -> None:
    """The request id of an error is the generation id."""
    assert form_of(**body) == attrs.evolve(NOTHING, finish_reason="error", **changes)


@pytest.mark.parametrize(
    ("members", "content"),
    [
        ({"content": [text("A"), text("B")]}, "AB"),
        ({"content": "AB"}, "AB"),
        ({"content": [text("")]}, ""),
        ({"content": []}, None),
        ({"content": [], "stop_details": {"type": "refusal", "explanation": "No."}}, "No."),
        ({"content": [text("")], "stop_details": {"explanation": "No."}}, "No."),
        ({"content": [text("A")], "stop_details": {"explanation": "No."}}, "A"),
    ],
)
def test_the_text_is_that_of_the_blocks_or_an_explanation(
    members: dict[str, Any], content: str | None
) -> None:
    """Texts are joined without a separator."""
    assert form_of(**members) == attrs.evolve(NOTHING, answered=True, content=content)


@pytest.mark.parametrize(
    ("given", "arguments"),
    [
        ({"b": 1, "a": [None]}, '{"b":1,"a":[null]}'),
        ({}, "{}"),
        (None, "{}"),
        ([], "[]"),
        (0, "0"),
        (False, "false"),
        ('{"is": "JSON"}', '{"is": "JSON"}'),
        ("words", '"words"'),
    ],
)
def test_the_input_of_a_call_becomes_its_arguments(given: Any, arguments: str) -> None:
    """This is so in answers and prompts; an object may be JSON text already."""
    block = {"type": "tool_use", "id": "toolu_1", "name": "find", "input": given}
    calls = [call("toolu_1", "find", arguments)]

    assert form_of(content=[block]) == attrs.evolve(NOTHING, answered=True, tool_calls=calls)
    assert prompt({"role": "assistant", "content": [block]}) == [
        {"role": "assistant", "content": None, "tool_calls": [past_call("toolu_1", "find", arguments)]}
    ]


@pytest.mark.parametrize(
    ("usage", "told"),
    [
        ({}, Usage()),
        ({"input_tokens": 0, "output_tokens": 0}, Usage(input_tokens=0, output_tokens=0, total_tokens=0)),
        (
            {"input_tokens": 86, "cache_read_input_tokens": 128, "cache_creation_input_tokens": None},
            Usage(input_tokens=214, cached_tokens=128),
        ),
        (
            {"input_tokens": 1485, "cache_creation_input_tokens": 19045, "output_tokens": 5},
            Usage(input_tokens=20530, output_tokens=5, total_tokens=20535, cache_write_tokens=19045),
        ),
        (
            {"input_tokens": None, "cache_read_input_tokens": 7},
            Usage(input_tokens=7, cached_tokens=7),
        ),
        # Gemini writes and reads the same tokens in one request.
        (
            {"input_tokens": 0, "cache_creation_input_tokens": 21255, "cache_read_input_tokens": 21255},
            Usage(input_tokens=21255, cached_tokens=21255, cache_write_tokens=21255),
        ),
        (
            {"input_tokens": 1, "cache_creation_input_tokens": 10, "cache_read_input_tokens": 10},
            Usage(input_tokens=21, cached_tokens=10, cache_write_tokens=10),
        ),
        (
            {"input_tokens": 0, "cache_creation_input_tokens": 10, "cache_read_input_tokens": 11},
            Usage(input_tokens=21, cached_tokens=11, cache_write_tokens=10),
        ),
        (
            {"input_tokens": 0, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0},
            Usage(input_tokens=0, cached_tokens=0, cache_write_tokens=0),
        ),
        (
            {"output_tokens": 5, "cache_creation": None, "cost": None, "cost_details": None},
            Usage(output_tokens=5),
        ),
    ],
)
def test_prompt_tokens_are_the_sum_of_three_counts(usage: dict[str, Any], told: Usage) -> None:
    """They are fresh, read from a cache, and written to one; null counts as zero."""
    assert form_of(usage=usage) == attrs.evolve(NOTHING, answered=True, usage=told)


@pytest.mark.parametrize(
    ("request_body", "user_id"),
    [
        ({"user": "a", "metadata": {"user_id": "b"}}, "a"),
        ({"user": "", "metadata": {"user_id": "b"}}, "b"),
        ({"metadata": {"user_id": "b"}}, "b"),
        ({"metadata": None}, None),
    ],
)
def test_the_end_user_is_in_one_of_two_places(request_body: dict[str, Any], user_id: str | None) -> None:
    """OpenRouter's own member is read first."""
    assert form_of(request_body) == attrs.evolve(NOTHING, user_id=user_id)


@pytest.mark.parametrize(
    ("system", "content"),
    [
        ("Be brief.", "Be brief."),
        ([text("Be brief.")], [text("Be brief.")]),
        (
            [{**text("A"), "cache_control": {"type": "ephemeral"}}, {**text("B"), "citations": None}],
            [{**text("A"), "cache_control": {"type": "ephemeral"}}, text("B")],
        ),
    ],
)
def test_the_system_message_comes_first(system: Any, content: Any) -> None:
    """It may be text or blocks; system messages inside the conversation stay in their place."""
    turns = [{"role": "user", "content": "Hello"}, {"role": "system", "content": "Later."}]

    assert prompt(*turns, system=system) == [{"role": "system", "content": content}, *turns]


FORMAT = "anthropic-claude-v1"
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}}
TOLD_IMAGE = {"type": "image_url", "image_url": {"url": "[image/png, 4 characters]"}}
CALL = {"type": "tool_use", "id": "toolu_1", "name": "find", "input": {}}


@pytest.mark.parametrize(
    ("block", "part"),
    [
        (text("Hello"), text("Hello")),
        (IMAGE, TOLD_IMAGE),
        (
            {"type": "image", "source": {"type": "url", "url": "https://example.org/a.png"}},
            {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
        ),
        ({"type": "image", "source": {"type": "url", "url": "data:image/png;base64,QUJD"}}, TOLD_IMAGE),
        ({"type": "image", "source": None}, {"type": "image_url", "image_url": {"url": None}}),
        (
            {
                "type": "document",
                "title": "a.pdf",
                "source": {"type": "base64", "media_type": "application/pdf", "data": "QUJD"},
            },
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "[application/pdf, 4 characters]"}},
        ),
        (
            {"type": "document", "source": {"type": "url", "url": "https://example.org/a.pdf"}},
            {"type": "file", "file": {"file_data": "https://example.org/a.pdf"}},
        ),
        (
            {"type": "document", "title": "a.pdf", "source": {"type": "file", "file_id": "file_1"}},
            {"type": "file", "file": {"filename": "a.pdf", "file_id": "file_1"}},
        ),
        (
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "Words"}},
            text("Words"),
        ),
        ({"type": "document", "source": {"type": "content", "content": "Words"}}, text("Words")),
        (
            {"type": "document", "source": {"type": "content", "content": [text("Wor"), text("ds")]}},
            text("Words"),
        ),
        (
            {
                "type": "search_result",
                "source": "https://example.org",
                "title": "T",
                "content": [text("Words")],
            },
            {**text("Words"), "source": "https://example.org", "title": "T"},
        ),
        (
            {"type": "image", "source": {"type": "file", "file_id": "file_1"}},
            {"type": "file", "file": {"file_id": "file_1"}},
        ),
        (
            {**IMAGE, "cache_control": {"type": "ephemeral"}},
            {**TOLD_IMAGE, "cache_control": {"type": "ephemeral"}},
        ),
        (
            {"type": "document", "context": "C", "source": {"type": "url", "url": "https://example.org/a"}},
            {"type": "file", "file": {"file_data": "https://example.org/a"}, "context": "C"},
        ),
    ],
)
def test_a_block_becomes_a_part(block: dict[str, Any], part: dict[str, Any]) -> None:
    """This is so in user messages and in tool results; data is replaced, URLs stay."""
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": [block]}

    assert prompt({"role": "user", "content": [block]}) == [{"role": "user", "content": [part]}]
    assert prompt({"role": "user", "content": [result]}) == [
        {"role": "tool", "tool_call_id": "toolu_1", "content": [part]}
    ]


def test_tool_results_come_first_each_as_a_message() -> None:
    """The mark of an error is kept; the user's text follows."""
    turn = {
        "role": "user",
        "content": [
            text("And now?"),
            {"type": "tool_result", "tool_use_id": "toolu_1", "content": "5"},
            {"type": "tool_result", "tool_use_id": "toolu_2", "content": [text("no")], "is_error": True},
            {
                "type": "tool_result",
                "tool_use_id": "toolu_3",
                "is_error": False,
                "cache_control": {"type": "ephemeral"},
                "content": [{"type": "tool_reference", "tool_name": "find"}],
            },
        ],
    }

    assert prompt(turn) == [
        {"role": "tool", "tool_call_id": "toolu_1", "content": "5"},
        {"role": "tool", "tool_call_id": "toolu_2", "content": [text("no")], "is_error": True},
        {
            "role": "tool",
            "tool_call_id": "toolu_3",
            "content": [{"type": "tool_reference", "tool_name": "find"}],
            "cache_control": {"type": "ephemeral"},
            "is_error": False,
        },
        {"role": "user", "content": [text("And now?")]},
    ]


def test_an_assistant_message_stays_one_message() -> None:
    """It has reasoning, text and calls; encrypted reasoning is kept."""
    turn = {
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": "Let us", "signature": "c2ln"},
            {"type": "thinking", "thinking": "go", "signature": ""},
            {"type": "thinking", "thinking": "on"},
            {"type": "redacted_thinking", "data": "xyz"},
            text("I will look."),
            CALL,
            {**CALL, "id": "toolu_2"},
        ],
    }

    assert prompt(turn) == [
        {
            "role": "assistant",
            "content": "I will look.",
            "tool_calls": [past_call("toolu_1", "find", "{}"), past_call("toolu_2", "find", "{}")],
            "reasoning_details": [
                {"type": "reasoning.text", "text": "Let us", "signature": "c2ln", "format": FORMAT},
                {"type": "reasoning.text", "text": "go", "signature": "", "format": FORMAT},
                {"type": "reasoning.text", "text": "on", "format": FORMAT},
                {"type": "reasoning.encrypted", "data": "xyz", "format": FORMAT},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("kind", "is_known"),
    [
        ("server_tool_use", True),
        ("web_search_tool_result", True),
        ("mcp_tool_use", True),
        ("compaction", True),
        ("openrouter_shell_tool_result", True),
        ("tool_addition", True),
        ("container_upload", True),
        ("something_new", False),
        (["secret"], False),
    ],
)
def test_a_block_without_a_chat_equivalent_is_kept_beside_the_text(kind: Any, is_known: bool) -> None:
    """This is so in prompts and answers; media is replaced, and an unknown type is noted."""
    media = {"type": "base64", "media_type": "image/png", "data": "QUJD"}
    block = {"type": kind, "content": [{"type": "image", "source": media}], "words": "secret"}
    kept = {**block, "content": [{"type": "image", "source": {**media, "data": "[image/png, 4 characters]"}}]}
    blocks = [block, text("Hello")]
    form, notes = read({"messages": [{"role": "assistant", "content": blocks}]}, {"content": blocks})
    paths = ["request.messages[0].content[0].type", "response.content[0].type"]
    noted = [] if is_known else [f"{path}: an unknown type, kept with the server's tools" for path in paths]

    assert form == attrs.evolve(
        NOTHING,
        answered=True,
        content="Hello",
        server_tools=[kept],
        prompt={"messages": [{"role": "assistant", "content": "Hello", "server_tools": [kept]}]},
    )
    assert sorted(notes) == noted


def test_citations_are_noted_once() -> None:
    """They have no place in chat form."""
    cited = {**text("A"), "citations": [{"type": "char_location"}]}

    assert read({}, {"content": [text("A"), cited, cited]})[1] == [
        "response.content[1].citations: not recorded"
    ]


@pytest.mark.parametrize("content", [[], [text("A")]])
def test_an_empty_message_stays_a_message(content: Any) -> None:
    """Otherwise turns would be missing."""
    assert prompt({"role": "user", "content": content}) == [{"role": "user", "content": content or None}]


@pytest.mark.parametrize(
    ("request_body", "changes", "note"),
    [
        ({"messages": "secret"}, {}, "request.messages: expected a list, got str of 6 characters"),
        (
            {"messages": [], "system": {"secret": 1}},
            {"prompt": {"messages": [{"role": "system", "content": None}]}},
            "request.system: expected text, got dict of 1 member",
        ),
        (
            {"messages": [{"role": "user", "content": {"secret": 1}}]},
            {"prompt": {"messages": [{"role": "user", "content": None}]}},
            "request.messages[0].content: expected text, got dict of 1 member",
        ),
        (
            {"messages": [{"role": "user", "content": ["secret"]}]},
            {"prompt": {"messages": [{"role": "user", "content": None}]}},
            "request.messages[0].content[0]: expected an object, got str of 6 characters",
        ),
        (
            {
                "messages": [
                    {
                        "role": "user",
                        "content": [
                            {"type": "document", "source": {"type": "content", "content": [text("A"), IMAGE]}}
                        ],
                    }
                ]
            },
            {"prompt": {"messages": [{"role": "user", "content": [text("A")]}]}},
            "request.messages[0].content[0].source.content: only its text blocks are recorded",
        ),
    ],
)
def test_what_is_damaged_is_noted_and_left_out(
    request_body: dict[str, Any], changes: dict[str, Any], note: str
) -> None:
    """Notes have the path but never any of the text."""
    assert read(request_body, {}) == (attrs.evolve(NOTHING, **changes), [note])
