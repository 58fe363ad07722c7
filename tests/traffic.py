# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Generated traffic of the three conversation APIs: one answer, written as each of them writes it.

    python -m tests.traffic 100000 [seed]

reads that many records and fails at the first that breaks a law of ``tests.traffic_laws``.
"""

from __future__ import annotations

import json
import sys
import time
from random import Random
from typing import Any, Callable, Final

import attrs

__all__ = ["APIS", "SECRETS", "Answer", "answer_of_seed", "joined", "request_for", "streamed"]

APIS: Final = ("chat", "messages", "responses")
SECRETS: Final = (
    "Kirschbaum",
    "東京タワー",
    "4111111111111111",
    'quote "inside"',
    "línea\u2028nueva",
    "😀🗼",
    "a\\b/c",
)
"""Words that are content: they must not be in notes, logs or private bodies."""
_TIMES: Final = {"started_at": 1771005600 * 10**9, "ended_at": 1771005601 * 10**9}


@attrs.frozen(kw_only=True)
class Answer:
    """
    What a model answered, independent of the API.

    Attributes:
        text, reasoning: ``None`` if there is none.

        calls: Name and arguments of each call.

        tokens: Prompt, completion and reasoning tokens; ``None`` if nothing was reported.

        cost: In US dollars, or ``None``.

        stop: ``stop`` or ``length``; calls end with ``tool_calls``.

        error: The message of an error that ends it, or ``None``.

        metadata: The caller's own.

        offered: Whether tools were offered.
    """

    text: str | None
    reasoning: str | None
    calls: tuple[tuple[str, dict[str, Any]], ...]
    tokens: tuple[int, int, int] | None
    cost: float | None
    stop: str
    error: str | None
    metadata: dict[str, Any]
    offered: bool

    @property
    def finish_reason(self) -> str:
        """In OpenRouter's terms."""
        return "tool_calls" if self.calls else self.stop


def answer_of_seed(seed: int) -> Answer:
    """An answer; the same one for the same seed."""
    draw = Random(seed)
    words = [draw.choice(SECRETS) for _ in range(draw.randrange(4))]
    calls = tuple(
        (f"tool{n}", {draw.choice(SECRETS): [draw.choice(SECRETS), n]} if draw.random() < 0.7 else {})
        for n in range(draw.choice((0, 0, 0, 1, 2, 3)))
    )
    tokens = (draw.randrange(9999), draw.randrange(999), draw.randrange(99)) if draw.random() < 0.8 else None
    return Answer(
        text=" ".join(words) if words else draw.choice(("", None)),
        reasoning=draw.choice((None, None, "Let us see, " + draw.choice(SECRETS))),
        calls=calls,
        tokens=tokens,
        cost=None if tokens is None else draw.choice((0, 0.00005, 7.669e-07, 1.5)),
        stop=draw.choice(("stop", "stop", "length")),
        error=draw.choice((None, None, None, None, "Provider returned error")),
        metadata={f"key_{n}": draw.choice((n, "value", True, 1.5)) for n in range(draw.randrange(3))},
        offered=bool(calls) or draw.random() < 0.3,
    )


def request_for(api: str, answer: Answer, *, stream: bool) -> dict[str, Any]:
    """A request that may have this answer."""
    prompt = "What is " + SECRETS[0] + "?"
    by_api: dict[str, dict[str, Any]] = {
        "chat": {"messages": [{"role": "user", "content": prompt}]},
        "messages": {
            "max_tokens": 9,
            "system": SECRETS[1],
            "messages": [{"role": "user", "content": prompt}],
        },
        "responses": {"instructions": SECRETS[1], "input": [{"role": "user", "content": prompt}]},
    }
    tools: dict[str, Any] = {
        "chat": {"type": "function", "function": {"name": "tool0"}},
        "messages": {"name": "tool0", "input_schema": {}},
        "responses": {"type": "function", "name": "tool0", "parameters": {}},
    }
    return {
        "model": "anthropic/claude-haiku-4.5",
        **by_api[api],
        "trace": answer.metadata,
        **({"tools": [tools[api]]} if answer.offered else {}),
        "stream": stream,
    }


def record_of(api: str, answer: Answer, body: dict[str, Any], *, stream: bool) -> dict[str, Any]:
    """A record with this response or stream."""
    return {"request": request_for(api, answer, stream=stream), **body, **_TIMES}


def joined(api: str, answer: Answer) -> dict[str, Any]:
    """The response in one piece."""
    return _JOINED[api](answer)


def streamed(api: str, answer: Answer, draw: Random) -> bytes:
    """The response as a stream, in pieces of drawn sizes."""
    events = _STREAMED[api](answer, draw)
    end = [b"data: [DONE]\n\n"] if answer.error is None or draw.random() < 0.5 else []
    return b"".join([*(_event(event, draw) for event in events), *end])


def _event(event: dict[str, Any], draw: Random) -> bytes:
    kind = event.get("type")
    name = f"event: {kind}\n" if isinstance(kind, str) and draw.random() < 0.5 else ""
    comment = ": OPENROUTER PROCESSING\n\n" if draw.random() < 0.1 else ""
    return f"{comment}{name}data: {json.dumps(event, ensure_ascii=draw.random() < 0.5)}\n\n".encode()


def _cut(text: str, draw: Random) -> list[str]:
    pieces, start = [], 0
    while start < len(text):
        end = start + draw.randrange(1, 6)
        pieces.append(text[start:end])
        start = end
    return pieces or [""]


HEAD: Final = {"id": "gen-1771005600-abcdefghijklmnopqrst", "model": "anthropic/claude-haiku-4.5"}


def _chat_usage(answer: Answer) -> dict[str, Any]:
    if answer.tokens is None:
        return {}
    prompt, completion, reasoning = answer.tokens
    return {
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "completion_tokens_details": {"reasoning_tokens": reasoning},
            "cost": answer.cost,
        }
    }


def _chat_calls(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "index": n,
            "id": f"call_{n}",
            "type": "function",
            "function": {"name": name, "arguments": json.dumps(arguments)},
        }
        for n, (name, arguments) in enumerate(answer.calls)
    ]


def _chat_joined(answer: Answer) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": answer.text}
    if answer.reasoning is not None:
        message["reasoning"] = answer.reasoning
    if answer.calls:
        message["tool_calls"] = _chat_calls(answer)
    finish: dict[str, Any] = {"finish_reason": answer.finish_reason}
    if answer.error is not None:
        finish = {"finish_reason": "error", "error": {"code": 502, "message": answer.error}}
    choice = {"index": 0, **finish, "message": message}
    return {**HEAD, "created": 1771005600, "choices": [choice], **_chat_usage(answer)}


def _chat_streamed(answer: Answer, draw: Random) -> list[dict[str, Any]]:
    deltas: list[dict[str, Any]] = [
        {"reasoning": piece} for piece in _cut(answer.reasoning or "", draw) if piece
    ]
    deltas += (
        [{"content": piece} for piece in _cut(answer.text or "", draw)] if answer.text is not None else []
    )
    for call in _chat_calls(answer):
        first = {**call, "function": {**call["function"], "arguments": ""}}
        deltas.append({"tool_calls": [first]})
        for piece in _cut(call["function"]["arguments"], draw):
            deltas.append({"tool_calls": [{"index": call["index"], "function": {"arguments": piece}}]})
    chunks = [
        {**HEAD, "created": 1771005600, "choices": [{"index": 0, "delta": {"role": "assistant", **delta}}]}
        for delta in deltas
    ]
    if answer.error is not None:
        failed = {
            "error": {"code": 502, "message": answer.error},
            "choices": [{"delta": {}, "finish_reason": "error"}],
        }
        return [*chunks, {**HEAD, "created": 1771005600, **failed, **_chat_usage(answer)}]
    end = {
        **HEAD,
        "created": 1771005600,
        "choices": [{"index": 0, "delta": {}, "finish_reason": answer.finish_reason}],
    }
    return [*chunks, {**end, **_chat_usage(answer)}]


_STOPS: Final = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use"}


def _messages_usage(answer: Answer) -> dict[str, Any]:
    if answer.tokens is None:
        return {}
    prompt, completion, reasoning = answer.tokens
    return {
        "usage": {
            "input_tokens": prompt,
            "output_tokens": completion,
            "output_tokens_details": {"thinking_tokens": reasoning},
            "cost": answer.cost,
        }
    }


def _blocks(answer: Answer) -> list[dict[str, Any]]:
    thinking = (
        []
        if answer.reasoning is None
        else [{"type": "thinking", "thinking": answer.reasoning, "signature": "c2ln"}]
    )
    text = [] if answer.text is None else [{"type": "text", "text": answer.text}]
    calls = [
        {"type": "tool_use", "id": f"call_{n}", "name": name, "input": arguments}
        for n, (name, arguments) in enumerate(answer.calls)
    ]
    return [*thinking, *text, *calls]


def _messages_joined(answer: Answer) -> dict[str, Any]:
    body = {
        **HEAD,
        "type": "message",
        "role": "assistant",
        "content": _blocks(answer),
        **_messages_usage(answer),
    }
    if answer.error is not None:
        return {**body, "stop_reason": None, "error": {"type": "api_error", "message": answer.error}}
    return {**body, "stop_reason": _STOPS[answer.finish_reason]}


def _messages_streamed(answer: Answer, draw: Random) -> list[dict[str, Any]]:
    start: dict[str, Any] = {
        **HEAD,
        "type": "message",
        "role": "assistant",
        "content": [],
        "stop_reason": None,
    }
    zero = {"usage": {"input_tokens": 0, "output_tokens": 0}}
    events: list[dict[str, Any]] = [{"type": "ping"}, {"type": "message_start", "message": {**start, **zero}}]
    members = {"text": ("text", "text_delta", "text"), "thinking": ("thinking", "thinking_delta", "thinking")}
    for index, block in enumerate(_blocks(answer)):
        name, kind, member = members.get(block["type"], ("input", "input_json_delta", "partial_json"))
        whole = json.dumps(block["input"]) if name == "input" else block[name]
        opened = {**block, name: {} if name == "input" else ""}
        events.append({"type": "content_block_start", "index": index, "content_block": opened})
        events += [
            {"type": "content_block_delta", "index": index, "delta": {"type": kind, member: piece}}
            for piece in _cut(whole, draw)
        ]
        events.append({"type": "content_block_stop", "index": index})
    if answer.error is not None:
        counts = [{"type": "message_delta", "delta": {}, **_messages_usage(answer)}] if answer.tokens else []
        return [*events, *counts, {"type": "error", "error": {"type": "api_error", "message": answer.error}}]
    end = {
        "type": "message_delta",
        "delta": {"stop_reason": _STOPS[answer.finish_reason]},
        **_messages_usage(answer),
    }
    return [*events, end, {"type": "message_stop"}]


def _responses_joined(answer: Answer) -> dict[str, Any]:
    usage: dict[str, Any] = {}
    if answer.tokens is not None:
        prompt, completion, reasoning = answer.tokens
        counts = {"input_tokens": prompt, "output_tokens": completion, "total_tokens": prompt + completion}
        usage = {
            "usage": {**counts, "output_tokens_details": {"reasoning_tokens": reasoning}, "cost": answer.cost}
        }
    status: dict[str, Any] = {"status": "completed"}
    if answer.finish_reason == "length":
        status = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
    if answer.error is not None:
        status = {"status": "failed", "error": {"code": "server_error", "message": answer.error}}
    return {
        **HEAD,
        "object": "response",
        "created_at": 1771005600,
        "output": _items(answer),
        **status,
        **usage,
    }


def _items(answer: Answer) -> list[dict[str, Any]]:
    parts = [{"type": "reasoning_text", "text": answer.reasoning}]
    reasoning = [] if answer.reasoning is None else [{"type": "reasoning", "summary": [], "content": parts}]
    said = [{"type": "output_text", "text": answer.text}]
    text = [] if answer.text is None else [{"type": "message", "role": "assistant", "content": said}]
    calls = [
        {"type": "function_call", "call_id": f"call_{n}", "name": name, "arguments": json.dumps(arguments)}
        for n, (name, arguments) in enumerate(answer.calls)
    ]
    return [*reasoning, *text, *calls]


def _responses_streamed(answer: Answer, draw: Random) -> list[dict[str, Any]]:
    body = _responses_joined(answer)
    begun = {
        **body,
        "output": [],
        "usage": None,
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
    }
    events: list[dict[str, Any]] = [{"type": "response.created", "response": begun}]
    for index, item in enumerate(body["output"]):
        where = {"output_index": index, "content_index": 0}
        kind, text = "response.function_call_arguments", item.get("arguments")
        opened = {**item, "arguments": ""} if text is not None else {**item, "content": []}
        if text is None:
            (part,) = item["content"]
            kind, text = f"response.{part['type']}", part["text"]
        events.append({"type": "response.output_item.added", "output_index": index, "item": opened})
        events += [{"type": f"{kind}.delta", **where, "delta": piece} for piece in _cut(text, draw)]
        events.append({"type": "response.output_item.done", "output_index": index, "item": item})
    last = {
        "completed": "response.completed",
        "incomplete": "response.incomplete",
        "failed": "response.failed",
    }
    return [*events, {"type": last[body["status"]], "response": body}]


_JOINED: Final[dict[str, Callable[[Answer], dict[str, Any]]]] = {
    "chat": _chat_joined,
    "messages": _messages_joined,
    "responses": _responses_joined,
}
_STREAMED: Final[dict[str, Callable[[Answer, Random], list[dict[str, Any]]]]] = {
    "chat": _chat_streamed,
    "messages": _messages_streamed,
    "responses": _responses_streamed,
}


def main(count: int, seed: int) -> int:
    """Reads this many records and says how many laws were looked at."""
    from .traffic_laws import LAWS

    began = time.monotonic()
    for number in range(seed, seed + count):
        answer, api = answer_of_seed(number), APIS[number % len(APIS)]
        for law in LAWS:
            try:
                law(api, answer, Random(number))
            except Exception:
                print(f"{law.__name__} is broken by seed {number}, {api}: {answer}")
                raise
    print(f"{count} records from seed {seed}, {len(LAWS)} laws each, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
