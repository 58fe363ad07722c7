# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Tokens and cost as ``/chat/completions`` and the smaller APIs report them.

Source: OpenRouter's OpenAPI document, ChatUsage, and the usage of its embeddings, rerank, image
and transcription responses.
"""

from __future__ import annotations

import attrs

from ..document import Document
from ..generation import Usage

__all__ = ["chat_usage", "other_usage"]


def chat_usage(usage: Document) -> Usage:
    """The usage of a conversation or a text completion."""
    prompt = usage.document("prompt_tokens_details")
    completion = usage.document("completion_tokens_details")
    cost = usage.document("cost_details")
    creation = prompt.document("cache_creation")
    return Usage(
        input_tokens=usage.count("prompt_tokens"),
        output_tokens=usage.count("completion_tokens"),
        total_tokens=usage.count("total_tokens"),
        cached_tokens=prompt.count("cached_tokens"),
        cache_write_tokens=prompt.count("cache_write_tokens"),
        cache_write_5m_tokens=creation.count("ephemeral_5m_input_tokens"),
        cache_write_1h_tokens=creation.count("ephemeral_1h_input_tokens"),
        input_audio_tokens=prompt.count("audio_tokens"),
        input_video_tokens=prompt.count("video_tokens"),
        reasoning_tokens=completion.count("reasoning_tokens"),
        output_image_tokens=completion.count("image_tokens"),
        input_cost=cost.number("upstream_inference_prompt_cost"),
        output_cost=cost.number("upstream_inference_completions_cost"),
        total_cost=usage.number("cost"),
    )


def other_usage(usage: Document) -> Usage:
    """The usage of any other request, which has the names of chat or those of ``/responses``."""
    known = chat_usage(usage)
    if known.input_tokens is not None or known.output_tokens is not None:
        return known
    return attrs.evolve(
        known, input_tokens=usage.count("input_tokens"), output_tokens=usage.count("output_tokens")
    )
