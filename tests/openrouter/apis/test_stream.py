# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The text of a stream, read into the response it makes up."""

from __future__ import annotations

import copy
import json
from typing import Any, Callable, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson import Finding
from otlpjson.openrouter.apis.chat import chat_form
from otlpjson.openrouter.apis.chat_form import ChatForm
from otlpjson.openrouter.apis.messages import messages_form
from otlpjson.openrouter.apis.responses import responses_form
from otlpjson.openrouter.apis.stream import response_of_stream
from otlpjson.openrouter.compact import compact
from otlpjson.openrouter.document import Document

from ... import FIXTURES, strategies

FORMS: dict[str, Callable[[Document, Document], ChatForm]] = {
    "chat": chat_form,
    "messages": messages_form,
    "responses": responses_form,
}

RECORDS: dict[str, Any] = {
    path.parent.name: json.loads(path.read_bytes())
    for path in sorted((FIXTURES / "openrouter").glob("*/record.json"))
}

STREAMS: dict[str, str] = {
    name: record["response_stream"] for name, record in RECORDS.items() if "response_stream" in record
}


class Made(NamedTuple):
    """What a stream makes up, with its response as a plain object."""

    api: str
    response: dict[str, Any]
    ended: bool


def read(
    stream: str | bytes, api: str | None = None, request: dict[str, Any] | None = None
) -> tuple[Made, list[str]]:
    """The response that a stream makes up, and the notes."""
    notes: list[Finding] = []
    made = response_of_stream(
        [stream.encode("utf-8", "replace") if isinstance(stream, str) else stream],
        Document("record", {}, notes),
        Document("record.request", request or {}, []),
        api,
    )
    return Made(made.api, dict(made.response.members), made.ended), [str(note) for note in notes]


def form_of(api: str, response: dict[str, Any], request: dict[str, Any] | None = None) -> ChatForm:
    """The chat form of a response."""
    return FORMS[api](
        Document("record.request", request or {}, []), Document("record.response", response, [])
    )


def sse(*events: Any) -> str:
    """Objects as the events of a stream."""
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"


def cut(text: str) -> list[str]:
    """A text in pieces, the first of them empty."""
    return ["", *(text[start : start + 3] for start in range(0, len(text), 3))]


def chat_streamed(body: dict[str, Any]) -> str:
    """A stream with the content of this chat response."""
    head = {name: body[name] for name in ("id", "model", "provider", "created")}
    (choice,) = body["choices"]
    message = choice["message"]
    deltas: list[Any] = [{"role": "assistant", "content": ""}]
    for detail in message["reasoning_details"]:
        deltas += [
            {"reasoning": piece, "reasoning_details": [{**detail, "text": piece, "signature": None}]}
            for piece in cut(detail["text"])
        ]
        deltas.append({"reasoning_details": [{**detail, "text": ""}]})
    deltas += [{"content": piece} for piece in cut(message["content"])]
    for call in message["tool_calls"]:
        first = {**call, "function": {**call["function"], "arguments": ""}}
        deltas.append({"tool_calls": [first]})
        for piece in cut(call["function"]["arguments"]):
            deltas.append({"tool_calls": [{"index": call["index"], "function": {"arguments": piece}}]})
    end = {name: choice[name] for name in ("index", "finish_reason", "native_finish_reason")}
    return sse(
        *({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas),
        {**head, "choices": [{**end, "delta": {"content": ""}}], "usage": body["usage"]},
    )


def messages_streamed(body: dict[str, Any]) -> str:
    """A stream with the content of this message."""
    start = {**body, "content": [], "stop_reason": None, "usage": {"input_tokens": 0, "output_tokens": 1}}
    events: list[Any] = [{"type": "message_start", "message": start}, {"type": "ping"}]
    for index, block in enumerate(body["content"]):
        name, kind, empty = {
            "text": ("text", "text_delta", ""),
            "thinking": ("thinking", "thinking_delta", ""),
            "tool_use": ("input", "input_json_delta", {}),
        }[block["type"]]
        opened = {**block, name: empty}
        events.append({"type": "content_block_start", "index": index, "content_block": opened})
        whole = compact(block[name]) if name == "input" else block[name]
        member = "partial_json" if name == "input" else name
        events += [
            {"type": "content_block_delta", "index": index, "delta": {"type": kind, member: piece}}
            for piece in cut(whole)
        ]
        events.append({"type": "content_block_stop", "index": index})
    delta = {"stop_reason": body["stop_reason"], "stop_sequence": None}
    return sse(
        *events, {"type": "message_delta", "delta": delta, "usage": body["usage"]}, {"type": "message_stop"}
    )


def responses_streamed(body: dict[str, Any]) -> str:
    """A stream with the content of this response."""
    begun = {**body, "output": [], "usage": None, "status": "in_progress"}
    events: list[Any] = [{"type": "response.created", "response": begun}]
    for index, item in enumerate(body["output"]):
        events.append({"type": "response.output_item.added", "output_index": index, "item": item})
        events.append({"type": "response.output_item.done", "output_index": index, "item": item})
    return sse(*events, {"type": "response.completed", "response": body})


CHAT_BODY: dict[str, Any] = {
    "id": "gen-1771005600-abcdefghijklmnopqrst",
    "model": "openai/gpt-4o",
    "provider": "Azure",
    "created": 1771005600,
    "choices": [
        {
            "index": 0,
            "finish_reason": "tool_calls",
            "native_finish_reason": "tool_calls",
            "message": {
                "role": "assistant",
                "content": "I will look in 東京.",
                "reasoning": "Let us see.",
                "reasoning_details": [
                    {"type": "reasoning.text", "text": "Let us see.", "signature": "c2ln", "index": 0}
                ],
                "tool_calls": [
                    {
                        "id": f"c{n}",
                        "index": n,
                        "type": "function",
                        "function": {"name": "f", "arguments": '{"a": 1}'},
                    }
                    for n in range(2)
                ],
            },
        }
    ],
    "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7, "cost": 0.5},
}

MESSAGE_BODY: dict[str, Any] = {
    "id": "gen-1771005600-abcdefghijklmnopqrst",
    "type": "message",
    "role": "assistant",
    "model": "anthropic/claude-haiku-4.5",
    "provider": "Anthropic",
    "content": [
        {"type": "thinking", "thinking": "Let us see.", "signature": "c2ln"},
        {"type": "text", "text": "I will look in 東京."},
        {"type": "tool_use", "id": "toolu_1", "name": "find", "input": {"city": "東京"}},
        {"type": "tool_use", "id": "toolu_2", "name": "find", "input": {}},
    ],
    "stop_reason": "tool_use",
    "usage": {"input_tokens": 3, "cache_read_input_tokens": 5, "output_tokens": 4, "cost": 0.5},
}

RESPONSE_BODY: dict[str, Any] = {
    "id": "gen-1771005600-abcdefghijklmnopqrst",
    "object": "response",
    "created_at": 1771005600,
    "completed_at": 1771005601,
    "model": "openai/gpt-5.6",
    "status": "completed",
    "output": [
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Look."}]},
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "I will look."}],
        },
        {"type": "function_call", "call_id": "c1", "name": "find", "arguments": "{}"},
    ],
    "error": None,
    "usage": {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7, "cost": 0.5},
}


@pytest.mark.parametrize(
    ("api", "body", "stream"),
    [
        ("chat", CHAT_BODY, chat_streamed(CHAT_BODY)),
        ("messages", MESSAGE_BODY, messages_streamed(MESSAGE_BODY)),
        ("responses", RESPONSE_BODY, responses_streamed(RESPONSE_BODY)),
    ],
)
def test_the_same_answer_is_the_same_streamed_or_not(api: str, body: dict[str, Any], stream: str) -> None:
    """The API is recognised by the stream."""
    streamed, notes = read(stream)

    assert notes == []
    assert (streamed.api, streamed.ended) == (api, True)
    assert form_of(api, streamed.response) == form_of(api, body)
    assert form_of(api, body).tool_calls


def test_a_refusal_is_the_same_streamed_or_not() -> None:
    """The first chunk has an empty text beside the role."""
    stream = sse(
        {"choices": [{"delta": {"role": "assistant", "content": ""}}]},
        {"choices": [{"delta": {"refusal": "I can"}}]},
        {"choices": [{"delta": {"refusal": "not."}, "finish_reason": "stop"}]},
    )
    body = {"choices": [{"message": {"content": None, "refusal": "I cannot."}, "finish_reason": "stop"}]}

    assert form_of("chat", read(stream)[0].response) == form_of("chat", body)


@pytest.mark.parametrize(
    ("events", "api"),
    [
        ([], "chat"),
        ([{"choices": []}], "chat"),
        ([{"object": "chat.completion.chunk", "type": None}], "chat"),
        ([{"type": 5}, {"error": {"code": 502}, "choices": []}], "chat"),
        ([{"type": "ping"}], "chat"),
        ([{"type": "ping"}, {"type": "error", "error": {"code": 503}}], "chat"),
        ([{"type": "error", "error": {"type": "x"}}, {"choices": [{"delta": {}}]}], "chat"),
        ([{"type": "message_start"}, {"choices": []}], "chat"),
        ([{"type": "message_start"}], "messages"),
        ([{"type": "content_block_delta"}], "messages"),
        ([{"type": "error", "error": {"type": "api_error"}}], "messages"),
        ([{"type": "response.created"}], "responses"),
        ([{"type": "error", "code": "server_error", "message": "m"}], "responses"),
        ([{"type": "unknown"}, {"type": "response.done"}], "responses"),
    ],
)
def test_the_api_is_recognised_by_all_events(events: list[Any], api: str) -> None:
    """A given API is used instead."""
    assert read(sse(*events))[0].api == api
    assert read(sse(*events), "messages")[0].api == "messages"


def test_the_name_of_an_event_is_its_type_if_its_data_has_none() -> None:
    """It is ignored otherwise."""
    stream = (
        'event: message_start\ndata: {"message":{"id":"gen-1"}}\n\n'
        'event: wrong\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}\n\n'
        'event: error\ndata: {"type":null,"error":{"message":"m"}}\n\n'
    )
    streamed, notes = read(stream)

    assert notes == []
    assert (streamed.api, streamed.ended) == ("messages", True)
    assert streamed.response == {
        "type": "message",
        "id": "gen-1",
        "stop_reason": None,
        "error": {"message": "m"},
        "content": [],
        "usage": None,
    }


@pytest.mark.parametrize("done", ["data: [DONE]\n\n", "data:[DONE]", "event: data\ndata:  [DONE] \r\n\r\n"])
def test_nothing_after_the_end_mark_counts(done: str) -> None:
    """The mark is not JSON and need not be last."""
    body = 'data: {"id":"gen-1","choices":[{"finish_reason":"stop"}]}\n\n'
    after = '\n\ndata: {"id":"gen-2"}\n\ndata: no JSON\n\n'
    streamed, notes = read(body + done + after)

    assert notes == []
    assert streamed.response == {
        "id": "gen-1",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {}}],
    }


def test_the_end_mark_alone_does_not_end_a_stream() -> None:
    """There was neither a finish reason nor an error."""
    streamed, notes = read("data: [DONE]\n\n")

    assert (streamed.api, streamed.response, streamed.ended) == ("chat", {}, False)
    assert notes == []


@pytest.mark.parametrize(
    "data",
    ["secret", "[]", "5", "null", ": OPENROUTER PROCESSING", "{", '{"a":', "[" * 100_000, "1" * 5000],
)
def test_data_that_is_not_an_object_is_noted(data: str) -> None:
    """The note has its place in the stream, never its text."""
    streamed, notes = read(
        f'data: {{"choices":[{{"finish_reason":"stop"}}]}}\n\ndata: {data}\n\ndata: {{}}\n\n'
    )

    assert streamed.response == {"choices": [{"index": 0, "finish_reason": "stop", "message": {}}]}
    length = "1 character" if len(data) == 1 else f"{len(data)} characters"
    assert notes == [f"record.response_stream[1]: expected a JSON object, got str of {length}"]


def test_repr_shows_no_content() -> None:
    """The response is content."""
    request = Document("record.request", {}, [])
    streamed = response_of_stream([b'data: {"id":"secret"}'], Document("record", {}, []), request)

    assert repr(streamed) == "Streamed(api='chat', ended=False)"


def test_there_are_streams_of_every_api() -> None:
    """Otherwise the tests below would test nothing."""
    assert {read(stream)[0].api for stream in STREAMS.values()} == {"chat", "messages", "responses"}
    assert len(STREAMS) >= 8


@pytest.mark.parametrize("name", sorted(STREAMS))
@pytest.mark.parametrize("change", ["crlf", "cr", "bom", "bytes", "comments", "no end mark"])
def test_how_a_stream_is_written_changes_nothing(name: str, change: str) -> None:
    """Line ends, a byte order mark, comments and the end mark may differ."""
    stream = STREAMS[name]
    written: dict[str, str | bytes] = {
        "crlf": stream.replace("\n", "\r\n"),
        "cr": stream.replace("\n", "\r"),
        "bom": "\ufeff" + stream,
        "bytes": stream.encode(),
        "comments": stream.replace("data: {", ": OPENROUTER PROCESSING\n: \ndata: {"),
        "no end mark": stream.replace("data: [DONE]\n\n", ""),
    }

    assert read(written[change])[0] == read(stream)[0]


# Of several choices another one is told while the first has not begun.
ONE_CHOICE = sorted(set(STREAMS) - {"chat_choices"})


@pytest.mark.parametrize("name", ONE_CHOICE)
@pytest.mark.parametrize(
    "step", [pytest.param(1, marks=pytest.mark.slow), 499], ids=["every byte", "some bytes"]
)
def test_a_stream_may_be_cut_at_every_byte(step: int, name: str) -> None:
    """The text so far is recorded; the stream counts as cut off until its end has arrived."""
    stream = STREAMS[name].encode()
    whole, _ = read(stream)
    told, ended = "", False
    for length in [*range(0, len(stream), step), len(stream)]:
        part, _ = read(stream[:length], whole.api)
        text = form_of(whole.api, part.response).content or ""

        assert (text[: len(told)], part.ended >= ended) == (told, True)
        told, ended = text, part.ended
    assert (told, ended) == (form_of(whole.api, whole.response).content or "", whole.ended)


def test_a_call_that_was_cut_off_keeps_its_text() -> None:
    """The text is not JSON, and it is unchanged."""
    stream = STREAMS["messages_tools_streamed"]
    part, _ = read(stream[: stream.index('"partial_json":"\\"Nara')])
    form = form_of("messages", part.response)

    assert form.tool_calls == [
        {
            "id": "toolu_bdrk_02B",
            "index": 0,
            "type": "function",
            "function": {"name": "weather", "arguments": '{"city": '},
        }
    ]
    assert (form.finish_reason, form.usage.input_tokens, part.ended) == (None, 1536, False)


def test_a_response_that_was_cut_off_has_its_items_and_no_usage() -> None:
    """This is the case if the last event is missing."""
    stream = STREAMS["responses_tools_streamed"]
    part, _ = read(stream[: stream.index('data: {"type":"response.completed"')])
    form, whole = (form_of("responses", response) for response in (part.response, read(stream)[0].response))

    assert (form.content, form.tool_calls) == (whole.content, whole.tool_calls)
    assert (form.finish_reason, form.native_finish_reason, form.usage.total_tokens) == (None, None, None)
    assert (part.ended, whole.finish_reason, whole.usage.total_tokens) == (False, "tool_calls", 348)


def damaged(value: Any, draw: st.DrawFn) -> Any:
    """JSON with some of its values replaced, removed or repeated."""
    if draw(st.integers(0, 11)) == 0:
        return draw(strategies.json_values)
    if isinstance(value, dict):
        return {key: damaged(item, draw) for key, item in value.items() if draw(st.integers(0, 19))}
    if isinstance(value, list):
        return [damaged(item, draw) for item in value]
    return value


def objects_of(stream: str) -> list[Any]:
    """The JSON objects of a stream."""
    lines = [line[len("data: ") :] for line in stream.split("\n") if line.startswith("data: {")]
    return [json.loads(line) for line in lines if line.endswith("}")]


@st.composite
def damaged_streams(draw: st.DrawFn) -> str:
    """A fixture's stream with damaged, reordered, missing and repeated events."""
    events = objects_of(STREAMS[draw(st.sampled_from(sorted(STREAMS)))])
    chosen = draw(st.lists(st.sampled_from(events), max_size=12))
    return sse(*(damaged(event, draw) for event in chosen))


@strategies.examples(300)
@given(damaged_streams(), st.sampled_from(sorted(FORMS)) | st.none())
def test_a_damaged_stream_is_read(stream: str, api: str | None) -> None:
    """It is read as a stream of any API and never raises."""
    streamed, _ = read(stream, api)
    form = form_of(streamed.api, streamed.response)

    assert form == form_of(streamed.api, copy.deepcopy(streamed.response)) or "NaN" in stream


@st.composite
def damaged_bodies(draw: st.DrawFn) -> tuple[Any, Any]:
    """A damaged request and a damaged response of two fixtures."""
    records = [record for record in RECORDS.values() if isinstance(record.get("response"), dict)]
    bodies = [CHAT_BODY, MESSAGE_BODY, RESPONSE_BODY, *(record["response"] for record in records)]
    request = draw(st.sampled_from([record["request"] for record in RECORDS.values()]))
    response = draw(st.sampled_from(bodies))
    pair = damaged(request, draw), damaged(response, draw)
    return tuple(body if isinstance(body, dict) else {} for body in pair)  # type: ignore[return-value]


@strategies.examples(300)
@given(damaged_bodies(), st.sampled_from(sorted(FORMS)))
def test_damaged_bodies_are_read(bodies: tuple[Any, Any], api: str) -> None:
    """They are read as bodies of any API, never raise, and are not changed."""
    before = repr(bodies)
    form = form_of(api, bodies[1], bodies[0])

    assert isinstance(form, ChatForm)
    assert repr(bodies) == before


@strategies.examples(200)
@given(st.binary(max_size=80) | st.text(max_size=80), st.sampled_from(sorted(FORMS)) | st.none())
def test_any_text_is_read_as_a_stream(stream: str | bytes, api: str | None) -> None:
    """It makes up a response without content."""
    assert read(stream, api)[0].ended is False


SECRET = "canary"


def with_secrets(value: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
    """JSON in which all texts are secret, some of them where text is not allowed."""
    if draw(st.integers(0, 7)) == 0:
        return draw(st.sampled_from([SECRET, [SECRET], {"x": SECRET}, {SECRET: 1}]))
    if isinstance(value, dict):
        # Types are kept for the most part, as they say what is read.
        return {
            key: item if key in ("type", "role") and draw(st.integers(0, 3)) else with_secrets(item, draw)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [with_secrets(item, draw) for item in value]
    return SECRET if isinstance(value, str) else value


@strategies.examples(200)
@given(st.sampled_from(sorted(RECORDS)), st.sampled_from(sorted(FORMS)), st.data())
def test_notes_never_show_content(name: str, api: str, data: st.DataObject) -> None:
    """Content is neither in the path nor in what was expected or found."""
    record = RECORDS[name]
    request, response = (with_secrets(record.get(key), data.draw) for key in ("request", "response"))
    notes: list[Finding] = []
    if name in STREAMS:
        events = [with_secrets(event, data.draw) for event in objects_of(STREAMS[name])]
        response = response_of_stream(
            [sse(*events, SECRET).encode()], Document("record", {}, notes), Document("x", {}, []), api
        ).response.members
    documents = (
        Document(path, body if isinstance(body, dict) else {}, notes)
        for path, body in (("record.request", request), ("record.response", response))
    )
    FORMS[api](*documents)

    assert [note for note in notes if SECRET in str(note)] == []
