# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Where the content of a stream begins: what is a first token in each API, and what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson.openrouter.first_content import first_content


def event(**members: Any) -> bytes:
    return b"data: " + json.dumps(members).encode() + b"\n\n"


def chat(**delta: Any) -> bytes:
    return event(choices=[{"index": 0, "delta": delta}])


NONE = [
    b": OPENROUTER PROCESSING\n\n",
    b"data: no JSON\n\n",
    b"data: [1]\n\n",
    chat(role="assistant", content=""),
    chat(content=None, reasoning=""),
    event(choices=[None, {"delta": None}, {"text": ""}]),
    event(choices=[], usage={}),
    event(type=7, delta="x"),
    event(type="message_start", message={"content": []}),
    event(type="content_block_start", content_block={"type": "text", "text": ""}),
    event(type="content_block_start", content_block=None),
    event(type="content_block_delta", delta={"type": "text_delta", "text": ""}),
    event(type="response.output_item.added", item={"type": "message"}),
    event(type="response.output_text.delta", delta=""),
    event(type="ping"),
    b"data: [DONE]\n\n",
]
SOME = [
    chat(content="Hi"),
    chat(reasoning="Let me see"),
    chat(reasoning_details=[{"type": "reasoning.text", "text": "x"}]),
    chat(tool_calls=[{"index": 0, "function": {"name": "weather"}}]),
    chat(audio={"data": "AA=="}),
    chat(images=[{"image_url": {"url": "data:"}}]),
    event(choices=[{"text": "Hi"}]),
    event(choices=[{"delta": {}}, {"delta": {"content": "second choice"}}]),
    event(type="content_block_start", content_block={"type": "tool_use", "name": "weather"}),
    event(type="content_block_start", content_block={"type": "server_tool_use", "name": "search"}),
    event(type="content_block_start", content_block={"type": "text", "text": "Hi"}),
    event(type="content_block_delta", delta={"type": "text_delta", "text": "Hi"}),
    event(type="content_block_delta", delta={"type": "thinking_delta", "thinking": "Hm"}),
    event(type="content_block_delta", delta={"type": "input_json_delta", "partial_json": "{"}),
    event(type="response.output_text.delta", delta="Hi"),
    event(type="response.reasoning_summary_text.delta", delta="Hm"),
    event(type="response.function_call_arguments.delta", delta="{"),
    event(type="image_generation.partial_image", b64_json="AA=="),
]


@pytest.mark.parametrize("piece", NONE)
def test_what_holds_no_content_is_no_first_token(piece: bytes) -> None:
    assert first_content([piece]) is None


@pytest.mark.parametrize("piece", SOME)
def test_content_of_any_kind_is_one(piece: bytes) -> None:
    assert first_content([*NONE, piece, piece]) == len(NONE)


def test_nothing_has_none() -> None:
    assert first_content([]) is None


def test_an_event_counts_when_its_line_is_whole() -> None:
    """However its bytes are cut; the last line needs no end."""
    piece = chat(content="Hi").rstrip()
    cut = [piece[index : index + 1] for index in range(len(piece))]

    assert first_content([*cut, b"\r\n", b"\r\n"]) == len(cut)
    assert first_content(cut) == len(cut) - 1


class SdkChunk:
    def model_dump(self) -> dict[str, Any]:
        return {"choices": [{"delta": {"content": "Hi"}}]}


@pytest.mark.parametrize(
    "pieces",
    [
        [": wait", "data: {}", 'data: {"choices":[{"delta":{"content":"Hi"}}]}', "data: [DONE]"],
        [b": wait", b"", chat(content="Hi").rstrip(), b"data: [DONE]"],
        ["", '{"choices":[]}', '{"choices":[{"delta":{"content":"Hi"}}]}', "{}"],
        [{"choices": []}, 7, SdkChunk(), SdkChunk()],
        [None, chat(content=""), {"choices": [{"delta": {"content": "Hi"}}]}, chat(content="Hi")],
    ],
    ids=["lines of text", "lines of bytes", "JSON", "objects", "mixed"],
)
def test_pieces_may_have_any_form(pieces: list[Any]) -> None:
    """As callers hand them to a call."""
    assert first_content(pieces) == 2
