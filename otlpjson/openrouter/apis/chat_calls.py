# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The calls in messages of ``/chat/completions``, in the form that Broadcast sends.

Arguments are always JSON text there. Text stays unchanged, an object is written as compact JSON,
and a call without arguments has ``{}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..compact import compact
from ..document import Document
from ..plain import OBJECT
from .emptiness import is_empty

__all__ = ["calls_of", "is_no_call", "with_argument_texts"]

_NO_ARGUMENTS: Final = "{}"
# Members that say nothing about what is called.
_FORM: Final = frozenset({"index", "type"})
# Members with a place of their own in a call.
_PLACED: Final = frozenset({"id", "index", "type", "function"})


def calls_of(message: Document) -> list[Any] | None:
    """
    The calls of an answer; ``None`` if there are none.

    Calls that are not told apart by their index are numbered in their order.
    """
    calls = [call for call in message.objects("tool_calls") if not is_no_call(call.members)]
    old = message.document("function_call")
    # The single call that OpenAI's API had before functions became tools.
    if not is_empty(old.members):
        if calls:
            message.note("function_call", "left out, because there are tool_calls")
        else:
            calls = [message.below("function_call", {"function": old.members})]
    given = [call.count("index") for call in calls]
    known = [index for index in given if index is not None]
    indexes = known if len(set(known)) == len(calls) else range(len(calls))
    return [_call(call, index) for call, index in zip(calls, indexes)] or None


def is_no_call(call: Mapping[str, Any]) -> bool:
    """Whether a call, or a piece of one, names nothing to call and nothing to hand in."""
    return all(name in _FORM or is_empty(value) for name, value in call.items())


def with_argument_texts(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """A message of the prompt with the arguments of its calls as text; the same object if they are."""
    changed: dict[str, Any] = {}
    calls = message.get("tool_calls")
    if isinstance(calls, (list, tuple)):
        texts = [_with_text(call) for call in calls]
        if any(new is not old for new, old in zip(texts, calls)):
            changed["tool_calls"] = texts
    old_call = message.get("function_call")
    if old_call and isinstance(old_call, OBJECT) and not isinstance(old_call.get("arguments"), str):
        changed["function_call"] = _function(old_call)
    return {**message, **changed} if changed else message


def _call(call: Document, index: int) -> dict[str, Any]:
    """A call with its members in the order in which Broadcast sends them."""
    others = {name: value for name, value in call.members.items() if name not in _PLACED}
    kind = call.value("type") or ("custom" if "custom" in others else "function")
    function = call.document("function").members
    named = {"function": _function({"name": None, **function})} if function or kind == "function" else {}
    return {"id": call.value("id"), "index": index, "type": kind, **named, **others}


def _with_text(call: Any) -> Any:
    function = call.get("function") if isinstance(call, OBJECT) else None
    if not isinstance(function, OBJECT) or isinstance(function.get("arguments"), str) or is_no_call(call):
        return call
    return {**call, "function": _function(function)}


def _function(function: Mapping[str, Any]) -> dict[str, Any]:
    """A function with its arguments as JSON text."""
    arguments = function.get("arguments")
    if not isinstance(arguments, str):
        arguments = _NO_ARGUMENTS if arguments is None else compact(arguments)
    return {**function, "arguments": arguments}
