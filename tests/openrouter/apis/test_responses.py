# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Request and response of ``/responses`` in chat form."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from otlpjson import Finding
from otlpjson.openrouter import Failure, Usage
from otlpjson.openrouter.apis.chat_form import ChatForm
from otlpjson.openrouter.apis.responses import responses_form
from otlpjson.openrouter.document import Document

NOTHING = ChatForm(
    skin="responses",
    generation_id=None,
    model=None,
    user_id=None,
    usage=Usage(),
    prompt=None,
    answered=False,
    own_keys=frozenset({"input", "instructions"}),
)


def read(request: dict[str, Any], response: dict[str, Any]) -> tuple[ChatForm, list[str]]:
    """The chat form and the notes."""
    notes: list[Finding] = []
    form = responses_form(Document("request", request, notes), Document("response", response, notes))
    return form, [str(note) for note in notes]


def form_of(request: dict[str, Any] | None = None, **response: Any) -> ChatForm:
    """The chat form; nothing may be noted."""
    form, notes = read(request or {}, response)

    assert notes == []
    return form


def prompt(*items: Any, **request: Any) -> Any:
    """The conversation in chat form; nothing may be noted."""
    found = form_of({"input": list(items), **request}).prompt
    return found and found["messages"]


def call(call_id: str | None, name: str | None, arguments: str, index: int = 0) -> dict[str, Any]:
    """A call in chat form."""
    function = {"name": name, "arguments": arguments}
    return {"id": call_id, "index": index, "type": "function", "function": function}


def past_call(call_id: str | None, name: str | None, arguments: str) -> dict[str, Any]:
    """A call of the prompt in chat form."""
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


def message(*parts: dict[str, Any]) -> dict[str, Any]:
    """A message of an answer."""
    return {"type": "message", "role": "assistant", "content": list(parts)}


def said(words: str) -> dict[str, Any]:
    """A part of an answer."""
    return {"type": "output_text", "text": words, "annotations": []}


def text(words: str) -> dict[str, Any]:
    """A part in chat form."""
    return {"type": "text", "text": words}


CALL = {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "find", "arguments": "{}"}
REASONING = {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Look"}]}
DETAILS = [{"type": "reasoning.summary", "summary": "Look"}]


def test_nothing_gives_nothing() -> None:
    """Missing facts are neither zero nor empty."""
    assert form_of() == NOTHING


def test_a_whole_response_is_read() -> None:
    """Every member with a place in chat form is read, except those repeated from the request."""
    form = form_of(
        {
            "input": "Hello",
            "instructions": "Be brief.",
            "safety_identifier": "user_1",
            "tools": [
                {"type": "function", "name": "find", "description": "F", "parameters": {}, "strict": None},
                {"type": "custom", "name": "shell"},
            ],
        },
        id="gen-1",
        object="response",
        created_at=1771005600,
        completed_at=1771005603,
        model="openai/gpt-5.6",
        status="completed",
        instructions="Echo",
        tools=[{"type": "function", "name": "echo"}],
        user="echo",
        output=[
            REASONING,
            message(said("I will "), said("look. ")),
            {**message(said("Now.")), "phase": "final_answer"},
            CALL,
            {"type": "custom_tool_call", "id": "ct_1", "call_id": "c2", "name": "shell", "input": "ls -l"},
        ],
        openrouter_metadata={"endpoints": {"available": [{"provider": "OpenAI", "selected": True}]}},
        usage={
            "input_tokens": 9175,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 9172},
            "output_tokens": 7,
            "output_tokens_details": {"reasoning_tokens": 4},
            "total_tokens": 9182,
            "cost": 0.5,
            "cost_details": {
                "upstream_inference_cost": None,
                "upstream_inference_input_cost": 0.1,
                "upstream_inference_output_cost": 0.3,
            },
        },
    )

    assert form == attrs.evolve(
        NOTHING,
        generation_id="gen-1",
        model="openai/gpt-5.6",
        provider_name="OpenAI",
        created_s=1771005600,
        completed_s=1771005603,
        user_id="user_1",
        usage=Usage(
            input_tokens=9175,
            output_tokens=7,
            total_tokens=9182,
            cached_tokens=0,
            cache_write_tokens=9172,
            reasoning_tokens=4,
            input_cost=0.1,
            output_cost=0.3,
            total_cost=0.5,
        ),
        answered=True,
        prompt={
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}]
        },
        tools=[
            {
                "type": "function",
                "function": {"name": "find", "description": "F", "parameters": {}, "strict": None},
            },
            {"type": "custom", "name": "shell"},
        ],
        content="I will look. Now.",
        reasoning="Look",
        tool_calls=[call("c1", "find", "{}"), call("c2", "shell", "ls -l", 1)],
        finish_reason="tool_calls",
        native_finish_reason="completed",
    )


FAILED = Failure(message="failed")


@pytest.mark.parametrize(
    ("members", "finish_reason", "native", "failure"),
    [
        ({"status": "completed"}, "stop", "completed", None),
        ({"status": "completed", "output": [message(said(""))]}, "stop", "completed", None),
        ({"status": "completed", "output": [CALL]}, "tool_calls", "completed", None),
        ({"status": "completed", "output": [{"type": "custom_tool_call"}]}, "tool_calls", "completed", None),
        ({"status": "incomplete"}, None, "incomplete", None),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": [CALL]},
            "length",
            "max_output_tokens",
            None,
        ),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}},
            "content_filter",
            "content_filter",
            None,
        ),
        ({"status": "incomplete", "incomplete_details": {"reason": "new"}}, "new", "new", None),
        ({"status": "failed"}, "error", "failed", FAILED),
        (
            {"status": "failed", "error_type": "timeout"},
            "error",
            "failed",
            Failure(message="failed", kind="timeout"),
        ),
        (
            {"status": "failed", "error": {"code": "server_error", "message": "Oops"}, "output": []},
            "error",
            "failed",
            Failure(message="Oops", code="server_error"),
        ),
        (
            {"error": {"code": "server_error", "message": "Oops"}, "status": "in_progress", "output": []},
            None,
            None,
            Failure(message="Oops", code="server_error"),
        ),
        ({"error": {"code": 400}}, None, None, Failure(message="error", code="400", before_routing=True)),
        ({"status": "cancelled"}, None, "cancelled", None),
        ({"status": "in_progress"}, None, None, None),
        ({"status": "queued"}, None, None, None),
        ({"status": None}, None, None, None),
    ],
)
def test_the_status_becomes_openrouters_finish_reason(
    members: dict[str, Any], finish_reason: str | None, native: str | None, failure: Failure | None
) -> None:
    """A response still in progress has no finish reason."""
    form = form_of(**members)

    assert (form.finish_reason, form.native_finish_reason, form.failure) == (finish_reason, native, failure)


@pytest.mark.parametrize(
    ("output", "content"),
    [
        ([], None),
        ([message()], None),
        ([message(said(""))], ""),
        ([message(said("A"), said("B")), message(said("C"))], "ABC"),
        ([message({"type": "refusal", "refusal": "No."})], "No."),
        ([message(said(""), {"type": "refusal", "refusal": "No."})], "No."),
        ([message(said("A"), {"type": "refusal", "refusal": "No."})], "A"),
    ],
)
def test_the_text_is_that_of_all_messages_or_a_refusal(output: list[Any], content: str | None) -> None:
    """Texts are joined without a separator."""
    assert form_of(output=output) == attrs.evolve(NOTHING, answered=True, content=content)


@pytest.mark.parametrize(
    ("items", "reasoning"),
    [
        ([REASONING], "Look"),
        ([{"type": "reasoning", "summary": ["Look", " here"]}], "Look here"),
        ([{"type": "reasoning", "summary": [], "encrypted_content": "xyz"}], None),
        ([{"type": "reasoning", "summary": None, "content": [{"type": "reasoning_text", "text": "A"}]}], "A"),
        ([{**REASONING, "content": [{"type": "reasoning_text", "text": "A"}]}, REASONING], "ALook"),
    ],
)
def test_reasoning_is_an_items_text_or_its_summary(items: list[Any], reasoning: str | None) -> None:
    """Both are often absent; encrypted reasoning is left out."""
    assert form_of(output=items) == attrs.evolve(NOTHING, answered=True, reasoning=reasoning)


@pytest.mark.parametrize(
    ("item", "arguments"),
    [
        ({"arguments": '{"a": 1}'}, '{"a": 1}'),
        ({"arguments": ""}, ""),
        ({"arguments": None}, "{}"),
        ({"type": "custom_tool_call", "input": None}, ""),
        ({"arguments": {"a": 1}}, '{"a":1}'),
        ({"type": "custom_tool_call", "input": "free text"}, "free text"),
    ],
)
def test_arguments_are_unchanged(item: dict[str, Any], arguments: str) -> None:
    """This is so in answers and prompts; arguments that are not text become JSON text."""
    given = {"type": "function_call", "call_id": "c1", "name": "find", **item}
    calls = [call("c1", "find", arguments)]

    assert form_of(output=[given]) == attrs.evolve(NOTHING, answered=True, tool_calls=calls)
    assert prompt(given) == [assistant(tool_calls=[past_call("c1", "find", arguments)])]


@pytest.mark.parametrize(
    ("request_body", "messages"),
    [
        ({"input": "Hello"}, [{"role": "user", "content": "Hello"}]),
        ({"input": ""}, [{"role": "user", "content": ""}]),
        ({"input": []}, []),
        ({"instructions": "Be brief."}, [{"role": "system", "content": "Be brief."}]),
        (
            {"input": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": None}]},
            [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": None}],
        ),
        (
            {
                "input": [
                    {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "A"}]}
                ]
            },
            [{"role": "user", "content": [text("A")]}],
        ),
        (
            {"input": [{"type": None, "role": "system", "content": "A", "id": "x", "status": "completed"}]},
            [{"role": "system", "content": "A"}],
        ),
    ],
)
def test_a_conversation_is_one_text_or_items(
    request_body: dict[str, Any], messages: list[Any] | None
) -> None:
    """Instructions come first; an item without a type is a message."""
    assert form_of(request_body) == attrs.evolve(NOTHING, prompt={"messages": messages})


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"type": "input_text", "text": "A"}, text("A")),
        (said("A"), text("A")),
        ({"type": "refusal", "refusal": "No."}, text("No.")),
        (
            {"type": "input_image", "image_url": "https://example.org/a.png", "detail": "auto"},
            {"type": "image_url", "image_url": {"url": "https://example.org/a.png", "detail": "auto"}},
        ),
        (
            {"type": "input_image", "image_url": "data:image/png;base64,QUJD", "detail": None},
            {"type": "image_url", "image_url": {"url": "[image/png, 4 characters]"}},
        ),
        (
            {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,QUJD"},
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "[application/pdf, 4 characters]"}},
        ),
        (
            {"type": "input_file", "filename": "a.pdf", "file_url": "https://example.org/a.pdf"},
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "https://example.org/a.pdf"}},
        ),
        ({"type": "input_file", "file_id": "file_1"}, {"type": "file", "file": {"file_id": "file_1"}}),
        (
            {"type": "input_image", "file_id": "file_1", "detail": "auto"},
            {"type": "file", "file": {"file_id": "file_1"}},
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
            {"type": "input_audio", "input_audio": {"data": "[wav, 4 characters]", "format": "wav"}},
        ),
        (
            {"type": "input_video", "video_url": "https://example.org/a.mp4"},
            {"type": "video_url", "video_url": {"url": "https://example.org/a.mp4"}},
        ),
        (
            {"type": "input_video", "video_url": "data:video/mp4;base64,QUJD"},
            {"type": "video_url", "video_url": {"url": "[video/mp4, 4 characters]"}},
        ),
    ],
)
def test_a_part_becomes_a_part(part: dict[str, Any], told: dict[str, Any]) -> None:
    """This is so in messages and in tool results; data is replaced, URLs stay."""
    result = {"type": "function_call_output", "call_id": "c1", "output": [part]}

    assert prompt({"role": "user", "content": [part]}) == [{"role": "user", "content": [told]}]
    assert prompt(result) == [{"role": "tool", "tool_call_id": "c1", "content": [told]}]


def assistant(content: Any = (), **members: Any) -> dict[str, Any]:
    """An assistant message in chat form."""
    return {"role": "assistant", "content": content or [], **members}


SAID = {"role": "assistant", "content": "Look"}
USER = {"role": "user", "content": "Hello"}
RESULT = {"type": "function_call_output", "call_id": "c1", "output": "5"}
TOLD_RESULT = {"role": "tool", "tool_call_id": "c1", "content": "5"}
CALLS = [past_call("c1", "find", "{}")]


@pytest.mark.parametrize(
    ("items", "messages"),
    [
        ([USER, CALL, RESULT], [USER, assistant(tool_calls=CALLS), TOLD_RESULT]),
        (
            [
                CALL,
                {**CALL, "call_id": "c2"},
                RESULT,
                {"type": "custom_tool_call_output", "call_id": "c2", "output": ""},
            ],
            [
                assistant(tool_calls=[*CALLS, past_call("c2", "find", "{}")]),
                TOLD_RESULT,
                {"role": "tool", "tool_call_id": "c2", "content": ""},
            ],
        ),
        # Text and the calls after it are one message; text after calls begins another.
        ([SAID, CALL], [assistant("Look", tool_calls=CALLS)]),
        ([CALL, SAID], [assistant(tool_calls=CALLS), assistant("Look")]),
        ([SAID, SAID, CALL], [assistant("Look"), assistant("Look", tool_calls=CALLS)]),
        # Reasoning belongs to what follows it.
        ([REASONING, SAID], [assistant("Look", reasoning_details=DETAILS)]),
        ([REASONING, CALL], [assistant(reasoning_details=DETAILS, tool_calls=CALLS)]),
        (
            [REASONING, REASONING, SAID, CALL],
            [assistant("Look", reasoning_details=DETAILS * 2, tool_calls=CALLS)],
        ),
        (
            [CALL, REASONING, CALL],
            [assistant(tool_calls=CALLS), assistant(reasoning_details=DETAILS, tool_calls=CALLS)],
        ),
        ([SAID, REASONING, SAID], [assistant("Look"), assistant("Look", reasoning_details=DETAILS)]),
        ([REASONING, USER], [assistant(reasoning_details=DETAILS), USER]),
        ([USER, REASONING], [USER, assistant(reasoning_details=DETAILS)]),
        # Reasoning that says nothing parts nothing.
        (
            [CALL, {"type": "reasoning", "summary": []}, CALL],
            [assistant(tool_calls=CALLS * 2)],
        ),
    ],
)
def test_items_of_the_assistant_become_messages(items: list[Any], messages: list[Any]) -> None:
    """Reasoning, text and calls become one message if they are in this order."""
    assert prompt(*items) == messages


@pytest.mark.parametrize(
    ("item", "details"),
    [
        (
            {
                "content": [{"type": "reasoning_text", "text": "A"}, {"type": "reasoning_text", "text": "B"}],
                "summary": [],
                "signature": "c2ln",
                "format": "anthropic-claude-v1",
            },
            [
                {"type": "reasoning.text", "text": "A"},
                {"type": "reasoning.text", "text": "B", "signature": "c2ln"},
            ],
        ),
        (
            {"summary": [{"type": "summary_text", "text": "S"}], "encrypted_content": "xyz"},
            [{"type": "reasoning.summary", "summary": "S"}, {"type": "reasoning.encrypted", "data": "xyz"}],
        ),
        ({"summary": ["S"]}, [{"type": "reasoning.summary", "summary": "S"}]),
    ],
)
def test_reasoning_becomes_details(item: dict[str, Any], details: list[Any]) -> None:
    """Encrypted reasoning is kept."""
    assert prompt({"type": "reasoning", **item}) == [assistant(reasoning_details=details)]


@pytest.mark.parametrize(
    ("kind", "is_known"),
    [
        *((kind, True) for kind in ("apply_patch_call", "apply_patch_call_output", "web_search_call")),
        *(
            (kind, True)
            for kind in ("code_interpreter_call", "mcp_call", "mcp_list_tools", "local_shell_call")
        ),
        *((kind, True) for kind in ("mcp_approval_request", "openrouter:web_fetch", "additional_tools")),
        ("something_new", False),
        (["secret"], False),
    ],
)
def test_an_item_without_a_chat_equivalent_is_kept_beside_the_text(kind: Any, is_known: bool) -> None:
    """This is so in prompts and answers; an unknown type is noted."""
    item = {"type": kind, "output": "secret", "image_url": "data:image/png;base64,QUJD"}
    kept = {**item, "image_url": "[image/png, 4 characters]"}
    form, notes = read({"input": [REASONING, item, SAID]}, {"output": [item, message(said("A"))]})
    paths = ["request.input[1].type", "response.output[0].type"]
    noted = [] if is_known else [f"{path}: an unknown type, kept with the server's tools" for path in paths]

    assert form == attrs.evolve(
        NOTHING,
        answered=True,
        content="A",
        server_tools=[kept],
        prompt={"messages": [assistant("Look", reasoning_details=DETAILS, server_tools=[kept])]},
    )
    assert sorted(notes) == noted


def test_a_generated_image_of_the_prompt_is_a_placeholder() -> None:
    """In the answer it is a line of the text."""
    image = {"type": "image_generation_call", "id": "ig_1", "result": "QUJD"}
    missing = {"type": "image_generation_call", "id": "ig_2", "result": None}

    assert prompt(image, missing) == [
        assistant(server_tools=[{**image, "result": "[image, 4 characters]"}, missing])
    ]


def test_a_prompt_template_is_part_of_the_prompt() -> None:
    """It is not repeated among the request's parameters."""
    template = {"id": "pmpt_1", "variables": {"name": "Ann"}}
    own_keys = frozenset({"input", "instructions", "prompt"})

    assert form_of({"prompt": template}) == attrs.evolve(
        NOTHING, prompt={"prompt": template}, own_keys=own_keys
    )
    assert form_of({"prompt": template, "input": "A"}).prompt == {
        "messages": [{"role": "user", "content": "A"}],
        "prompt": template,
    }


def test_the_text_may_be_in_a_member_of_its_own() -> None:
    """SDKs add it; it is used where there are no items."""
    assert form_of(output_text="A", id="gen-1").content == "A"
    assert form_of(output_text="A", output=[message(said("B"))]).content == "B"


@pytest.mark.parametrize(
    ("status", "finished"),
    [
        (None, True),
        ("completed", True),
        ("failed", True),
        ("in_progress", False),
        ("queued", False),
        ("cancelled", False),
    ],
)
def test_a_response_may_be_unfinished(status: str | None, finished: bool) -> None:
    """One that runs in the background says so."""
    assert form_of(status=status).finished is finished


@pytest.mark.parametrize(
    ("item", "content"),
    [
        ({"result": "QUJD", "output_format": "webp"}, "[image/webp, 4 characters]"),
        ({"result": "QUJD"}, "[image, 4 characters]"),
        ({"result": "data:image/png;base64,QUJD"}, "[image/png, 4 characters]"),
        ({"result": "https://example.org/a.png"}, "https://example.org/a.png"),
        ({"result": None}, None),
    ],
)
def test_a_generated_image_becomes_a_placeholder(item: dict[str, Any], content: str | None) -> None:
    """It is a line of the text."""
    form, notes = read({}, {"output": [{"type": "image_generation_call", **item}]})

    assert form == attrs.evolve(NOTHING, answered=True, content=content)
    assert notes == []


def test_a_medium_in_a_message_becomes_a_placeholder() -> None:
    """The placeholder is below the text; the part is noted."""
    part = {"type": "output_image", "image_url": "data:image/png;base64,QUJD"}
    form, notes = read({}, {"output": [message(part, said("A"))]})

    assert form == attrs.evolve(NOTHING, answered=True, content="A\n[image/png, 4 characters]")
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("request_body", "response", "changes", "note"),
    [
        ({"input": {"secret": 1}}, {}, {}, "request.input: expected text, got dict of 1 member"),
        ({"instructions": ["secret"]}, {}, {}, "request.instructions: expected text, got list of 1 item"),
        (
            {"input": ["secret"]},
            {},
            {"prompt": {"messages": []}},
            "request.input[0]: expected an object, got str of 6 characters",
        ),
        (
            {"input": [{"role": "user", "content": [{"type": "secret", "data": "secret"}]}]},
            {},
            {
                "prompt": {
                    "messages": [
                        {"role": "user", "content": [{"type": "secret", "data": "[data, 6 characters]"}]}
                    ]
                }
            },
            "request.input[0].content[0].type: part type without a chat equivalent, kept as it is",
        ),
        (
            {"input": [{"type": "function_call_output", "call_id": "c1", "output": {"secret": 1}}]},
            {},
            {"prompt": {"messages": [{"role": "tool", "tool_call_id": "c1", "content": None}]}},
            "request.input[0].output: expected text, got dict of 1 member",
        ),
        (
            {},
            {"output": [message({"type": "secret"})]},
            {"answered": True},
            "response.output[0].content[0].type: not a text part",
        ),
        (
            {},
            {"output": "secret"},
            {"answered": True},
            "response.output: expected a list, got str of 6 characters",
        ),
    ],
)
def test_what_is_damaged_is_noted_and_left_out(
    request_body: dict[str, Any], response: dict[str, Any], changes: dict[str, Any], note: str
) -> None:
    """Notes have the path but never any of the text."""
    assert read(request_body, response) == (attrs.evolve(NOTHING, **changes), [note])
