# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Tokens and cost of chat and of the smaller APIs."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter import Usage
from otlpjson.openrouter.apis.usage import chat_usage, other_usage
from otlpjson.openrouter.document import Document


@pytest.mark.parametrize(
    ("members", "usage"),
    [
        ({}, Usage()),
        (
            {"prompt_tokens": 4, "total_tokens": 4, "cost": 8e-08},
            Usage(input_tokens=4, total_tokens=4, total_cost=8e-08),
        ),
        (
            {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5},
            Usage(input_tokens=3, output_tokens=2, total_tokens=5),
        ),
        ({"total_tokens": 9, "search_units": 1, "cost": 0.002}, Usage(total_tokens=9, total_cost=0.002)),
    ],
)
def test_usage_has_the_names_of_chat_or_of_responses(members: dict[str, Any], usage: Usage) -> None:
    """Which of them depends on the API."""
    assert other_usage(Document("usage", members, [])) == usage


def test_chat_has_details() -> None:
    """Each has its own member."""
    members = {
        "prompt_tokens": 9,
        "completion_tokens": 5,
        "prompt_tokens_details": {"cached_tokens": 1, "audio_tokens": 2, "video_tokens": 3},
        "completion_tokens_details": {"reasoning_tokens": 4, "image_tokens": 5},
    }

    assert chat_usage(Document("usage", members, [])) == Usage(
        input_tokens=9,
        output_tokens=5,
        cached_tokens=1,
        input_audio_tokens=2,
        input_video_tokens=3,
        reasoning_tokens=4,
        output_image_tokens=5,
    )
