# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The export of OpenRouter's activity page: CSV, one row per generation, without content.

Its columns, as an export of September 2026 has them: ``generation_id``, ``created_at``, ``cost_total``,
``cost_web_search``, ``cost_cache``, ``cost_file_processing``, ``byok_usage_inference``, ``tokens_prompt``,
``tokens_completion``, ``tokens_reasoning``, ``tokens_cached``, ``model_permaslug``, ``provider_name``,
``variant``, ``cancelled``, ``streamed``, ``user``, ``finish_reason_raw``, ``finish_reason_normalized``,
``generation_time_ms``, ``time_to_first_token_ms``, ``api_key_disabled``, ``api_key_name``, ``app_name``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from ...core.errors import InvalidDocument
from .row import flag, instant, known, number, whole

__all__ = ["COLUMNS", "record_of"]

COLUMNS: Final = frozenset({"generation_id", "created_at", "cost_total", "model_permaslug"})
"""The columns by which the export is recognised."""


def record_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """
    The record of a row.

    Raises:
        InvalidDocument: It has no time, or one that cannot be read.
    """
    begun = instant(row.get("created_at"), "row.created_at")
    if begun is None:
        raise InvalidDocument("row.created_at", "the time of the request", "nothing")
    variant = row.get("variant")
    model = row.get("model_permaslug") or None
    first_ms, took_ms = number(row.get("time_to_first_token_ms")), number(row.get("generation_time_ms"))
    return {
        "api": "chat",
        # The standard variant has no suffix.
        "request": known(
            {
                "model": f"{model}:{variant}" if model and variant and variant != "standard" else model,
                "stream": flag(row.get("streamed")),
            }
        ),
        "started_at": begun.isoformat(),
        "ended_at": (begun + timedelta(milliseconds=took_ms or 0)).isoformat(),
        "generation": known(
            {
                "id": row.get("generation_id"),
                "model": model,
                "provider_name": row.get("provider_name"),
                "external_user": row.get("user"),
                "cancelled": flag(row.get("cancelled")),
                "finish_reason": row.get("finish_reason_normalized"),
                "native_finish_reason": row.get("finish_reason_raw"),
                "native_tokens_prompt": whole(row.get("tokens_prompt")),
                "native_tokens_completion": whole(row.get("tokens_completion")),
                "native_tokens_reasoning": whole(row.get("tokens_reasoning")),
                "native_tokens_cached": whole(row.get("tokens_cached")),
                "total_cost": number(row.get("cost_total")),
                "generation_time": took_ms,
            }
        ),
        "observed": known({"api_key_name": row.get("api_key_name"), "first_token_ms": first_ms}),
    }
