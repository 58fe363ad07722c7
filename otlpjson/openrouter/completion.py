# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Prompt and completion of a generation, as the JSON text that Broadcast sends.

As captured: without tool calls, the definitions of tools stay inside ``rawRequest``; with tool
calls, they stand beside it, in chat form. ``rawRequest`` is the request without its prompt, in
the caller's order, then ``_skin``, OpenRouter's name for the API, then some members that only
the API has. What OpenRouter inserts into it is not known here, unless the caller sent it too.

``serverTools`` is this package's own: no capture has an answer with items of server tools.

Source: deliveries captured by empathic/toolpath.
"""

from __future__ import annotations

from typing import Any

from .apis.chat_form import ChatForm
from .compact import compact
from .document import Document

__all__ = ["completion_text", "prompt_text"]


def prompt_text(form: ChatForm) -> str | None:
    """The prompt; ``None`` if the request has none."""
    return None if form.prompt is None else compact(form.prompt)


def completion_text(request: Document, form: ChatForm, *, failed: bool) -> str:
    """
    The completion: the answer, and the request without its prompt.

    Args:
        request: The body sent.

        form: The request and its response.

        failed: Whether the request failed.
    """
    calls = {"toolCalls": form.tool_calls or []} if form.tool_calls or _declined(form, failed) else {}
    server_tools = {"serverTools": form.server_tools} if form.server_tools else {}
    tools = {"tools": form.tools} if form.tools and form.tool_calls else {}
    return compact(
        {
            **_answer(form, failed=failed),
            **calls,
            **server_tools,
            **tools,
            "rawRequest": _raw_request(request, form, without_tools=bool(tools)),
        }
    )


def _answer(form: ChatForm, *, failed: bool) -> dict[str, Any]:
    if form.facts:
        return form.facts
    # A success without text has an empty one; a failure without text has none.
    empty = None if failed or not form.answered else ""
    return {"completion": form.content or empty, "reasoning": form.reasoning}


def _declined(form: ChatForm, failed: bool) -> bool:
    """Whether the model was offered tools and answered without calling one."""
    return bool(form.tools) and form.answered and not failed


def _raw_request(request: Document, form: ChatForm, *, without_tools: bool) -> dict[str, Any]:
    own_keys = form.own_keys | {"tools"} if without_tools else form.own_keys
    members = {name: value for name, value in request.members.items() if name not in own_keys}
    later = {name: members.pop(name) for name in list(members) if name in form.later_keys}
    return {**members, "_skin": form.skin, **later}
