# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The reasoning's details in a streamed message."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter.apis.chat_details import StreamedDetails
from otlpjson.openrouter.document import Document


@pytest.mark.parametrize(
    ("fragments", "details"),
    [
        (
            [
                {"type": "reasoning.text", "text": "Let ", "index": 0, "format": "anthropic-claude-v1"},
                {"type": "reasoning.text", "text": "us", "index": 0, "signature": None},
                {"type": "reasoning.text", "signature": "c2ln", "index": 0},
            ],
            [
                {
                    "type": "reasoning.text",
                    "text": "Let us",
                    "index": 0,
                    "format": "anthropic-claude-v1",
                    "signature": "c2ln",
                }
            ],
        ),
        (
            [
                {"type": "reasoning.summary", "summary": "A", "index": 0},
                {"type": "reasoning.encrypted", "data": "xy", "index": 0},
                {"type": "reasoning.summary", "summary": "B", "index": 1},
                {"type": "reasoning.summary", "summary": "a", "index": 0},
                {"type": "reasoning.encrypted", "data": "z", "index": 0, "id": "rs_1"},
            ],
            [
                {"type": "reasoning.summary", "summary": "Aa", "index": 0},
                {"type": "reasoning.encrypted", "data": "xyz", "index": 0, "id": "rs_1"},
                {"type": "reasoning.summary", "summary": "B", "index": 1},
            ],
        ),
        (
            [
                {"type": "reasoning.text", "text": "A"},
                {"type": "reasoning.text", "text": "B"},
                {"type": "reasoning.encrypted", "data": "x"},
                {"type": "reasoning.text", "text": "C"},
            ],
            [
                {"type": "reasoning.text", "text": "AB"},
                {"type": "reasoning.encrypted", "data": "x"},
                {"type": "reasoning.text", "text": "C"},
            ],
        ),
        (
            [
                {"type": "reasoning.text", "text": "A", "index": 2},
                {"type": "reasoning.text", "signature": "s"},
            ],
            [{"type": "reasoning.text", "text": "A", "index": 2, "signature": "s"}],
        ),
        (
            [
                {"type": "reasoning.server_tool_call", "tool_name": "search", "index": 0},
                {"type": "reasoning.server_tool_call", "result": "ok", "index": 0},
            ],
            [{"type": "reasoning.server_tool_call", "tool_name": "search", "result": "ok", "index": 0}],
        ),
        # A type or an index of a wrong type tells nothing apart.
        (
            [{"type": ["x"], "text": "A", "index": 0}, {"text": "B", "index": 0}, {"text": "C", "index": {}}],
            [{"type": ["x"], "text": "ABC", "index": {}}],
        ),
        (
            [
                {"type": "reasoning.text", "text": 5, "index": 0},
                {"type": "reasoning.text", "text": "A", "index": 0},
                {"type": "reasoning.text", "text": {"no": "text"}, "index": 0},
            ],
            [{"type": "reasoning.text", "text": {"no": "text"}, "index": 0}],
        ),
    ],
)
def test_fragments_add_up_to_reasoning_details(
    fragments: list[dict[str, Any]], details: list[dict[str, Any]]
) -> None:
    """Pieces of one type and index are one entry; without an index, a piece continues only the last entry."""
    streamed = StreamedDetails()
    for fragment in fragments:
        streamed.add(Document("detail", fragment, []))

    assert streamed.value() == details
