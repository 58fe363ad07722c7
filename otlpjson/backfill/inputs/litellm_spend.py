# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
litellm's spend logs: the table ``LiteLLM_SpendLogs``, as JSON of its API or of a database.

Source: litellm's schema.prisma. The keys are hashes there; the alias of one is in ``metadata``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ...core.errors import InvalidDocument
from .row import instant, known, number, parsed, whole

__all__ = ["COLUMNS", "record_of"]

COLUMNS: Final = frozenset({"request_id", "call_type", "spend", "startTime", "endTime"})
"""The columns by which the logs are recognised."""

_APIS: Final = MappingProxyType(
    {
        "acompletion": "chat",
        "completion": "chat",
        "aembedding": "embeddings",
        "embedding": "embeddings",
        "aresponses": "responses",
        "responses": "responses",
        "anthropic_messages": "messages",
        "arerank": "rerank",
        "rerank": "rerank",
    }
)
_FAILURE: Final = "failure"


def record_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """
    The record of a row.

    Raises:
        InvalidDocument: It has no time, or one that cannot be read.
    """
    begun = instant(row.get("startTime"), "row.startTime")
    ended = instant(row.get("endTime"), "row.endTime")
    if begun is None or ended is None:
        raise InvalidDocument("row.startTime and row.endTime", "the times of the request", "nothing")
    metadata = parsed(row.get("metadata"))
    facts = metadata if isinstance(metadata, Mapping) else {}
    first = instant(row.get("completionStartTime"), "row.completionStartTime")
    first_ms = None if first is None else (first - begun).total_seconds() * 1000
    return {
        "api": _APIS.get(str(row.get("call_type")), "chat"),
        "request": _request(row, streamed=first is not None and first != ended),
        "response": _response(row, facts),
        "started_at": begun.isoformat(),
        "ended_at": ended.isoformat(),
        "observed": known(
            {
                "generation_id": row.get("request_id"),
                "api_key_name": facts.get("user_api_key_alias"),
                "session_id": row.get("session_id"),
                "first_token_ms": first_ms,
                "provider_name": row.get("custom_llm_provider"),
            }
        ),
    }


def _request(row: Mapping[str, Any], *, streamed: bool) -> dict[str, Any]:
    sent = parsed(row.get("proxy_server_request"))
    body = dict(sent) if isinstance(sent, Mapping) else {}
    messages = parsed(row.get("messages"))
    if messages and "messages" not in body and "input" not in body:
        body["messages"] = messages
    tags = parsed(row.get("request_tags"))
    more = known(
        {
            "model": row.get("model"),
            "user": row.get("end_user") or row.get("user"),
            "stream": True if streamed else None,
            "trace": known({"tags": tags, "team_id": row.get("team_id")}),
        }
    )
    return {**more, **known(body)}


def _response(row: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    if row.get("status") == _FAILURE or facts.get("status") == _FAILURE:
        error = parsed(facts.get("error_information"))
        details = error if isinstance(error, Mapping) else {}
        message = details.get("error_message") or "the request failed"
        return {"error": known({"message": message, "code": whole(details.get("error_code"))})}
    received = parsed(row.get("response"))
    body = dict(received) if isinstance(received, Mapping) else {}
    usage = body.get("usage")
    body["usage"] = {
        **known(
            {
                "prompt_tokens": whole(row.get("prompt_tokens")),
                "completion_tokens": whole(row.get("completion_tokens")),
                "total_tokens": whole(row.get("total_tokens")),
            }
        ),
        **(usage if isinstance(usage, Mapping) else {}),
        # What the key was charged, which is what the log is kept for.
        **known({"cost": number(row.get("spend"))}),
    }
    body.setdefault("model", row.get("model"))
    return known(body)
