# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What happens in real traffic, and what has to be recorded of it, written before it was run.

Each case is one way in which a client, a provider or a proxy departs from the plain form, in one
API; the same ways are tried in the other APIs, streamed and joined. Expectations come from
OpenRouter's documents, from the APIs' own, and from what captured deliveries hold.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

__all__ = ["CASES", "Case"]

OK: Final = (1, "")
UNSET: Final = (0, "")
LEFT: Final = "The client has disconnected"


class Case(NamedTuple):
    """
    One record and what it gives.

    Attributes:
        record: Beside model, times and the like, which the test adds.

        status: The code and message of the span.

        completion: Members that the completion must have; ``None`` where it has to be null.

        prompt: The whole prompt, where it is looked at.

        attributes: Attributes that must be there with this value; ``None`` means absent.

        notes: The places of the notes, all of them.

        text: The words of the answer or prompt, which privacy mode may not show.

        observed: How many spans OpenRouter's own form has.
    """

    record: dict[str, Any]
    status: tuple[int, str] = OK
    completion: Mapping[str, Any] | None = MappingProxyType({})
    prompt: Any = ...
    attributes: Mapping[str, Any] = MappingProxyType({})
    notes: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    observed: int = 1


def _data(*events: Any, end: str = "data: [DONE]\n\n") -> str:
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events) + end


def _named(*events: dict[str, Any]) -> str:
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)


def _chunk(delta: Any = None, finish: Any = None, **members: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    return {"id": "gen-t", "object": "chat.completion.chunk", "model": "a/b", "choices": [choice], **members}


def _chat(message: Any = None, finish: Any = "stop", **members: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", **(message or {})}, "finish_reason": finish}
    return {"id": "gen-t", "object": "chat.completion", "model": "a/b", "choices": [choice], **members}


def _message(*blocks: Any, stop: Any = "end_turn", **members: Any) -> dict[str, Any]:
    return {
        "id": "gen-t",
        "type": "message",
        "role": "assistant",
        "model": "a/b",
        "content": [*blocks],
        "stop_reason": stop,
        **members,
    }


def _response(*items: Any, status: str = "completed", **members: Any) -> dict[str, Any]:
    return {
        "id": "gen-t",
        "object": "response",
        "model": "a/b",
        "status": status,
        "output": [*items],
        **members,
    }


def _said(text: str) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}


USER: Final = [{"role": "user", "content": "Knock knock."}]
CHAT: Final = {"model": "a/b", "messages": USER}
STREAM: Final = {**CHAT, "stream": True}
MESSAGES: Final = {"model": "a/b", "max_tokens": 9, "messages": USER}
RESPONSES: Final = {"model": "a/b", "input": "Knock knock."}
USAGE: Final = {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8, "cost": 0.25}
COUNTED: Final = {
    "gen_ai.usage.input_tokens": 3,
    "gen_ai.usage.output_tokens": 5,
    "gen_ai.usage.total_cost": 0.25,
}
M_USAGE: Final = {"input_tokens": 3, "output_tokens": 5, "cost": 0.25}
TEXT: Final = {"type": "text", "text": "Who is there?"}


def _m_start(**members: Any) -> dict[str, Any]:
    message = {**_message(stop=None), "usage": {"input_tokens": 3, "output_tokens": 0}, **members}
    return {"type": "message_start", "message": message}


def _m_text(*pieces: str, index: int = 0) -> list[dict[str, Any]]:
    return [
        {"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}},
        *(
            {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": piece}}
            for piece in pieces
        ),
        {"type": "content_block_stop", "index": index},
    ]


M_END: Final[list[dict[str, Any]]] = [
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": M_USAGE},
    {"type": "message_stop"},
]
R_START: Final = {"type": "response.created", "response": _response(status="in_progress")}


def _r_end(*items: Any, **members: Any) -> dict[str, Any]:
    return {"type": "response.completed", "response": _response(*items, **members)}


WHO: Final = {"completion": "Who is there?"}
WORDS: Final = ("Who is there?",)

_ENDINGS: Final[dict[str, Case]] = {
    "chat: usage and the last mark, but no finish reason": Case(
        {
            "request": STREAM,
            "response_stream": _data(_chunk({"content": "Who is there?"}), _chunk(usage=USAGE, choices=[])),
        },
        completion=WHO,
        attributes=COUNTED,
        text=WORDS,
    ),
    "chat: an empty finish reason, and then nothing": Case(
        {"request": STREAM, "response_stream": _data(_chunk({"content": "Who is there?"}, ""), end="")},
        status=UNSET,
        completion=WHO,
        notes=("record.response_stream",),
        text=WORDS,
    ),
    "chat: an empty finish reason in each chunk, and stop at the end": Case(
        {
            "request": STREAM,
            "response_stream": _data(_chunk({"content": "Who is there?"}, ""), _chunk({}, "stop"), end=""),
        },
        completion=WHO,
        text=WORDS,
    ),
    "messages: the stream ends after the text": Case(
        {
            "request": {**MESSAGES, "stream": True},
            "response_stream": _named(_m_start(), *_m_text("Who is there?")),
        },
        status=UNSET,
        completion=WHO,
        attributes={"gen_ai.usage.input_tokens": 3},
        notes=("record.response_stream",),
        text=WORDS,
    ),
    "responses: the client left in the middle": Case(
        {
            "request": {**RESPONSES, "stream": True},
            "response_stream": _named(R_START),
            "observed": {"client_disconnected": True},
        },
        status=(2, LEFT),
        completion=None,
        attributes={"span.level": "ERROR", "span.status_message": LEFT},
    ),
    "messages: the client left after the answer was whole": Case(
        {
            "request": {**MESSAGES, "stream": True},
            "response_stream": _named(_m_start(), *_m_text("Who is there?"), *M_END),
            "observed": {"client_disconnected": True},
        },
        completion=WHO,
        attributes={"gen_ai.usage.total_cost": 0.25, "span.status_message": None},
        text=WORDS,
    ),
    "chat: what the program raised after a whole answer": Case(
        {
            "request": CHAT,
            "response": _chat({"content": "Who is there?"}, usage=USAGE),
            "observed": {"interrupted_by": "JSONDecodeError"},
        },
        completion=WHO,
        attributes=COUNTED,
        text=WORDS,
    ),
    "responses: incomplete for its length": Case(
        {
            "request": RESPONSES,
            "response": _response(
                _said("Who is there?"),
                status="incomplete",
                incomplete_details={"reason": "max_output_tokens"},
                usage=M_USAGE,
            ),
        },
        completion=WHO,
        attributes={"gen_ai.response.finish_reason": "length", "gen_ai.usage.total_cost": 0.25},
        text=WORDS,
    ),
    "responses: still in progress": Case(
        {"request": RESPONSES, "response": _response(status="in_progress")},
        status=UNSET,
        notes=("record.response.status",),
    ),
}

_ERRORS: Final[dict[str, Case]] = {
    "chat: an event named error, and the answer goes on": Case(
        {
            "request": STREAM,
            "response_stream": _data(_chunk({"content": "Who is "}), end="")
            + 'event: error\ndata: {"error":{"message":"hiccup"}}\n\n'
            + _data(_chunk({"content": "there?"}), _chunk({}, "stop", usage=USAGE)),
        },
        completion=WHO,
        attributes=COUNTED,
        notes=("record.response_stream[1].error",),
        text=WORDS,
    ),
    "chat: an event of type error, and nothing after it": Case(
        {
            "request": STREAM,
            "response_stream": _data(
                _chunk({"content": "Who is "}),
                {"type": "error", "error": {"message": "gone", "code": 502}},
                end="",
            ),
        },
        status=(2, "gone"),
        completion={"completion": "Who is "},
        attributes={"span.level": "ERROR"},
        text=("Who is ",),
    ),
    "chat: pings among the chunks": Case(
        {
            "request": STREAM,
            "response_stream": 'event: ping\ndata: {"type":"ping"}\n\n'
            + _data(_chunk({"content": "Who is there?"}), _chunk({}, "stop")),
        },
        completion=WHO,
        text=WORDS,
    ),
    "messages: an error in the middle of the stream": Case(
        {
            "request": {**MESSAGES, "stream": True},
            "response_stream": _named(
                _m_start(),
                *_m_text("Who is "),
                {"type": "error", "error": {"type": "overloaded_error", "message": "busy"}},
            ),
        },
        status=(2, "busy"),
        completion={"completion": "Who is "},
        attributes={"gen_ai.usage.input_tokens": 3},
        text=("Who is ",),
    ),
    "responses: failed": Case(
        {
            "request": RESPONSES,
            "response": _response(status="failed", error={"code": "server_error", "message": "lost"}),
        },
        status=(2, "lost"),
        completion=None,
    ),
    "a body of another server: detail": Case(
        {
            "request": CHAT,
            "response": {"detail": "Not Found"},
            "observed": {"provider_responses": [{"status": 404}]},
        },
        status=(2, "Not Found"),
        completion=None,
        notes=("record.response",),
        observed=2,
    ),
    "a body of another server: a list of errors": Case(
        {"request": MESSAGES, "response": {"success": False, "error": [{"message": "quota", "code": 7}]}},
        status=(2, "quota"),
        completion=None,
    ),
    "a body of another server: a message and a code at the top": Case(
        {"request": RESPONSES, "response": {"code": 502, "message": "bad gateway", "metadata": {}}},
        status=(2, "bad gateway"),
        completion=None,
        notes=("record.response",),
    ),
    "a body that is no answer and no error": Case(
        {"request": CHAT, "response": {"hello": "world"}},
        status=UNSET,
        completion=None,
        notes=("record.response",),
    ),
    "an error of a provider names it": Case(
        {
            "request": CHAT,
            "response": {
                "error": {"code": 429, "message": "slow", "metadata": {"provider_name": "P", "raw": "{}"}}
            },
        },
        status=(2, "slow"),
        completion=None,
        attributes={"trace.metadata.openrouter.provider_name": "P"},
    ),
    "a provider's error inside a choice keeps the tokens": Case(
        {
            "request": CHAT,
            "response": {
                **_chat({"content": ""}, "error", usage=USAGE),
                "choices": [{"error": {"message": "cut", "code": 502}, "message": {"content": "Who is "}}],
            },
        },
        status=(2, "cut"),
        completion={"completion": "Who is "},
        attributes=COUNTED,
        text=("Who is ",),
    ),
}

_CALL: Final = {"id": "c", "index": 0, "type": "function"}

_DIALECTS: Final[dict[str, Case]] = {
    "chat: two calls of one index with ids and names of their own": Case(
        {
            "request": STREAM,
            "response_stream": _data(
                _chunk(
                    {
                        "tool_calls": [
                            {"index": 0, "id": "c1", "function": {"name": "f", "arguments": '{"x":1}'}}
                        ]
                    }
                ),
                _chunk(
                    {
                        "tool_calls": [
                            {"index": 0, "id": "c2", "function": {"name": "f", "arguments": '{"x":2}'}}
                        ]
                    }
                ),
                _chunk({}, "tool_calls"),
            ),
        },
        completion={
            "completion": "",
            "toolCalls": [
                {**_CALL, "id": "c1", "index": 0, "function": {"name": "f", "arguments": '{"x":1}'}},
                {**_CALL, "id": "c2", "index": 1, "function": {"name": "f", "arguments": '{"x":2}'}},
            ],
        },
        text=('{"x":1}',),
    ),
    "chat: the id of a call comes again with each piece": Case(
        {
            "request": STREAM,
            "response_stream": _data(
                _chunk(
                    {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f", "arguments": '{"x"'}}]}
                ),
                _chunk({"tool_calls": [{"index": 0, "id": "c", "function": {"arguments": ":1}"}}]}),
                _chunk({}, "tool_calls"),
            ),
        },
        completion={"toolCalls": [{**_CALL, "function": {"name": "f", "arguments": '{"x":1}'}}]},
    ),
    "chat: arguments as an object, and none at all": Case(
        {
            "request": CHAT,
            "response": _chat(
                {
                    "content": None,
                    "tool_calls": [
                        {"id": "c1", "type": "function", "function": {"name": "f", "arguments": {"x": [1]}}},
                        {"id": "c2", "type": "function", "function": {"name": "g"}},
                    ],
                },
                "tool_calls",
            ),
        },
        completion={
            "completion": "",
            "toolCalls": [
                {
                    "id": "c1",
                    "index": 0,
                    "type": "function",
                    "function": {"name": "f", "arguments": '{"x":[1]}'},
                },
                {"id": "c2", "index": 1, "type": "function", "function": {"name": "g", "arguments": "{}"}},
            ],
        },
    ),
    "chat: reasoning under another name": Case(
        {"request": CHAT, "response": _chat({"content": "Who is there?", "reasoning_content": "A joke."})},
        completion={"completion": "Who is there?", "reasoning": "A joke."},
        text=("Who is there?", "A joke."),
    ),
    "chat: reasoning under another name, streamed": Case(
        {
            "request": STREAM,
            "response_stream": _data(
                _chunk({"reasoning_content": "A "}),
                _chunk({"reasoning_content": "joke."}),
                _chunk({"content": [{"type": "text", "text": "Who is "}]}),
                _chunk({"content": [{"type": "text", "text": "there?"}]}),
                _chunk({}, "stop"),
            ),
        },
        completion={"completion": "Who is there?", "reasoning": "A joke."},
        text=("Who is there?", "A joke."),
    ),
    "chat: members that are there and empty": Case(
        {
            "request": STREAM,
            "response_stream": _data(
                _chunk(
                    {
                        "content": "Who is there?",
                        "function_call": {"name": "", "arguments": ""},
                        "tool_calls": [],
                        "audio": {},
                        "refusal": "",
                        "reasoning": "",
                        "annotations": [],
                    }
                ),
                _chunk({}, "stop"),
            ),
        },
        completion={"completion": "Who is there?", "reasoning": None, "toolCalls": ...},
        text=WORDS,
    ),
    "chat: what was said aloud": Case(
        {
            "request": CHAT,
            "response": _chat(
                {"content": None, "audio": {"id": "a", "data": "QUJD", "transcript": "Who is there?"}}
            ),
        },
        completion={"completion": "Who is there?\n[data, 4 characters]"},
        notes=("record.response.choices[0].message.audio",),
        text=("Who is there?", "QUJD"),
    ),
    "responses: a web search before the answer": Case(
        {
            "request": RESPONSES,
            "response": _response(
                {"type": "web_search_call", "id": "ws", "status": "completed", "action": {"query": "jokes"}},
                _said("Who is there?"),
                usage=M_USAGE,
            ),
        },
        completion={
            "completion": "Who is there?",
            "serverTools": [
                {"type": "web_search_call", "id": "ws", "status": "completed", "action": {"query": "jokes"}}
            ],
        },
        text=("Who is there?", "jokes"),
    ),
    "messages: an answer of a server tool alone": Case(
        {
            "request": MESSAGES,
            "response": _message(
                {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "jokes"}},
                stop="pause_turn",
                usage=M_USAGE,
            ),
        },
        completion={
            "completion": "",
            "serverTools": [
                {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "jokes"}}
            ],
        },
        attributes={"gen_ai.usage.total_cost": 0.25},
        text=("jokes",),
    ),
    "tools were offered and none was called, in messages": Case(
        {
            "request": {**MESSAGES, "tools": [{"name": "f", "input_schema": {"type": "object"}}]},
            "response": _message(TEXT),
        },
        completion={"completion": "Who is there?", "toolCalls": []},
        text=WORDS,
    ),
    "cost and tokens as text": Case(
        {
            "request": CHAT,
            "response": _chat(
                {"content": "Who is there?"},
                usage={"prompt_tokens": "3", "completion_tokens": "5", "cost": "0.25"},
            ),
        },
        completion=WHO,
        attributes=COUNTED,
        text=WORDS,
    ),
    "an id of 32 hex digits is no trace id": Case(
        {"request": CHAT, "response": {**_chat({"content": "Who is there?"}), "id": "0" * 31 + "f"}},
        completion=WHO,
        attributes={"gen_ai.response.id": "0" * 31 + "f"},
    ),
    "a colon in a model without an author": Case(
        {"request": {**CHAT, "model": "qwen3:0.6b"}, "response": _chat({"content": "Who is there?"})},
        attributes={"gen_ai.request.model": "qwen3:0.6b"},
    ),
    "a variant of a model": Case(
        {"request": {**CHAT, "model": "a/b:nitro"}, "response": _chat({"content": "Who is there?"})},
        attributes={"gen_ai.request.model": "a/b"},
    ),
}

_HANDED_IN: Final[dict[str, Case]] = {
    "the answer as JSON text": Case(
        {"request": CHAT, "response": json.dumps(_chat({"content": "Who is there?"}, usage=USAGE))},
        completion=WHO,
        attributes=COUNTED,
        text=WORDS,
    ),
    "the request as bytes, the answer of messages as bytes": Case(
        {
            "request": json.dumps(MESSAGES).encode(),
            "response": json.dumps(_message(TEXT, usage=M_USAGE)).encode(),
        },
        completion=WHO,
        prompt={"messages": USER},
        attributes=COUNTED,
        text=WORDS,
    ),
    "a stream as lines without ends": Case(
        {
            "request": STREAM,
            "response_stream": [
                line
                for line in _data(
                    _chunk({"content": "Who is there?"}), _chunk({}, "stop", usage=USAGE)
                ).split("\n")
                if line
            ],
        },
        completion=WHO,
        attributes=COUNTED,
        text=WORDS,
    ),
    "a stream of messages as events that were parsed": Case(
        {
            "request": {**MESSAGES, "stream": True},
            "response_stream": [_m_start(), *_m_text("Who is ", "there?"), *M_END],
        },
        completion=WHO,
        attributes=COUNTED,
        text=WORDS,
    ),
    "a stream of responses as JSON without data:": Case(
        {
            "request": {**RESPONSES, "stream": True},
            "response_stream": [
                json.dumps(R_START),
                json.dumps(_r_end(_said("Who is there?"), usage={**M_USAGE, "total_tokens": 8})),
            ],
        },
        completion=WHO,
        attributes=COUNTED,
        text=WORDS,
    ),
    "an SDK's keyword arguments": Case(
        {
            "request": {
                **CHAT,
                "extra_body": {"session_id": "s-1", "trace": {"team": "core"}},
                "extra_headers": {"X-Title": "shop"},
                "timeout": 9,
            },
            "response": _chat({"content": "Who is there?"}),
        },
        completion={
            "rawRequest": {
                "model": "a/b",
                "session_id": "s-1",
                "trace": {"team": "core"},
                "_skin": "chat-completions",
            }
        },
        attributes={"session.id": "s-1", "trace.metadata.team": "core"},
    ),
    "the session in a header": Case(
        {
            "request": {**CHAT, "extra_headers": {"x-session-id": "s-2"}},
            "response": _chat({"content": "Who is there?"}),
        },
        attributes={"session.id": "s-2"},
    ),
    "a number where the answer has its text": Case(
        {"request": CHAT, "response": _chat({"content": 4111111111111111}, usage=USAGE)},
        attributes=COUNTED,
        notes=("record.response.choices[0].message.content",),
        text=("4111111111111111",),
    ),
}

_OTHERS: Final[dict[str, Case]] = {
    "completions": Case(
        {
            "request": {"model": "a/b", "prompt": "Knock"},
            "response": {
                "id": "gen-t",
                "object": "text_completion",
                "choices": [{"text": "Who is there?", "finish_reason": "stop"}],
                "usage": USAGE,
            },
        },
        completion=WHO,
        prompt={"prompt": "Knock"},
        attributes={"gen_ai.operation.name": "text_completion", **COUNTED},
        text=WORDS,
    ),
    "embeddings": Case(
        {
            "request": {"model": "a/b", "input": ["red", "blue"]},
            "response": {
                "object": "list",
                "data": [{"object": "embedding", "embedding": [0.5, 0.25, 1]} for _ in range(2)],
                "usage": {"prompt_tokens": 3, "total_tokens": 3, "cost": 0.25},
            },
        },
        completion={"vectors": 2, "dimensions": 3},
        prompt={"input": ["red", "blue"]},
        attributes={"gen_ai.operation.name": "embeddings", "gen_ai.usage.total_cost": 0.25},
        text=("blue",),
        observed=0,
    ),
    "rerank": Case(
        {
            "request": {"model": "a/b", "query": "sea", "documents": ["blue", "red"]},
            "response": {
                "id": "gen-t",
                "results": [{"index": 1, "relevance_score": 0.9}],
                "usage": {"cost": 0.25},
            },
        },
        completion={"results": [{"index": 1, "relevance_score": 0.9}]},
        prompt={"query": "sea", "documents": ["blue", "red"]},
        attributes={"gen_ai.operation.name": "rerank", "gen_ai.usage.total_cost": 0.25},
        text=("blue",),
        observed=0,
    ),
    "transcription": Case(
        {
            "api": "stt",
            "request": {"model": "a/b", "input_audio": {"data": "QUJD", "format": "wav"}},
            "response": {"text": "Who is there?", "usage": {"cost": 0.25}},
        },
        completion=WHO,
        attributes={"gen_ai.operation.name": "transcription"},
        text=("Who is there?", "QUJD"),
        observed=0,
    ),
    "images": Case(
        {
            "api": "image",
            "request": {"model": "a/b", "prompt": "A door"},
            "response": {"created": 1771005600, "data": [{"b64_json": "QUJD"}], "usage": {"cost": 0.25}},
        },
        completion={"completion": "[data, 4 characters]"},
        prompt={"prompt": "A door"},
        attributes={"gen_ai.operation.name": "generate_content", "gen_ai.usage.total_cost": 0.25},
        text=("A door", "QUJD"),
        observed=0,
    ),
}

CASES: Final[dict[str, Case]] = {**_ENDINGS, **_ERRORS, **_DIALECTS, **_HANDED_IN, **_OTHERS}
