# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The fields that filter rules can ask for. Source: OpenRouter's OpenAPI document, ``filter_rules``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Callable, Final, Union

from ..generation import Generation

__all__ = ["FIELDS"]

_Found = Union[None, str, int, float]

FIELDS: Final[Mapping[str, Callable[[Generation], _Found]]] = MappingProxyType(
    {
        # What was asked for may be an alias; what answered has the full name.
        "model": lambda g: g.response_model or g.request_model,
        "provider": lambda g: g.provider_name,
        "session_id": lambda g: g.session_id,
        "user_id": lambda g: g.user_id,
        "api_key_name": lambda g: g.api_key_name,
        "finish_reason": lambda g: g.finish_reason,
        "input": lambda g: g.prompt,
        "output": lambda g: g.completion,
        "total_cost": lambda g: g.usage.total_cost,
        "total_tokens": lambda g: g.usage.total_tokens,
        "prompt_tokens": lambda g: g.usage.input_tokens,
        "completion_tokens": lambda g: g.usage.output_tokens,
    }
)
"""By its name, what a request has there; ``None`` if nothing."""
