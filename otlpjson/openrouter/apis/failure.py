# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The error in a response, in all forms that OpenRouter, its providers and what stands before them have.

Source: OpenRouter's documentation, "Errors and debugging"; bodies of other servers, such as
FastAPI's ``detail`` and Cloudflare's ``success``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ..document import Document
from ..generation import Failure
from ..plain import CONTAINER, OBJECT
from .emptiness import is_empty

__all__ = ["error_words", "failure_of"]

# A response has one of these, even if it is empty; the body of a refused request has none.
_ANSWERS: Final = ("choices", "content", "output")
_PROVIDER_FACTS: Final = ("provider_name", "raw", "previous_errors", "provider_code", "provider_error_code")
# Only a provider can be unreachable, slow or overloaded.
_PROVIDER_CODES: Final = frozenset({"502", "524", "529"})
_PROVIDER_KINDS: Final = frozenset({"timeout", "timeout_error", "overloaded_error"})
# Where bodies of other servers have the words of an error, in the order of their use.
_WORDS: Final = ("error", "errors", "detail", "message", "msg", "error_description", "title")
# An object inside these has its own words in one of these members.
_INNER_WORDS: Final = (
    *("message", "msg", "detail", "error", "error_description"),
    *("issues", "errors", "reason", "name", "title"),
)
_CODES: Final = ("code", "status", "status_code")
_MAX_DEPTH: Final = 4


def failure_of(owner: Document, *, routed: bool = False) -> Failure | None:
    """
    The ``error`` member of an object as a failure; ``None`` if the object has no error.

    An error is text, an object with message, code and kind, or a list of these, of which the
    first is used. An empty one is none. An error of any other type is noted.

    Args:
        owner: A response or one of its choices.

        routed:
            Whether the caller knows that a provider was asked. Otherwise this is derived from the
            error and the object around it.
    """
    error = owner.value("error")
    # Some servers send every member with an empty value.
    if error is None or error is False or (isinstance(error, (str, *CONTAINER)) and is_empty(error)):
        return None
    if isinstance(error, str):
        return Failure(message=error)
    if isinstance(error, (list, tuple)):
        return Failure(message=_words_in(error, 0) or "error", code=_code_in(error[0]))
    if not isinstance(error, OBJECT):
        owner.skip("error", "an object, a list or text", error)
        return None
    details = owner.document("error")
    metadata = details.document("metadata")
    # OpenRouter sends nothing for requests it refused before asking a provider, so this has to be recognised.
    kind = _kind(owner, details, metadata)
    code = details.word("code")
    provider_was_asked = any(
        (
            routed,
            _has_answer(owner),
            _has_id(owner),
            _names_a_provider(metadata),
            _only_a_provider_causes(kind, code),
        )
    )
    return Failure(
        message=_words_in(error, 0) or "error",
        kind=kind,
        code=code,
        provider_name=metadata.text("provider_name"),
        before_routing=not provider_was_asked,
    )


def error_words(body: Document) -> Failure | None:
    """
    The words of an error in a body that is no answer of OpenRouter's; ``None`` if it has none.

    They may be in ``error``, ``detail``, ``message`` and other members, as text, in an object or
    in a list of objects.
    """
    for name in _WORDS:
        words = _words_in(body.value(name), 0)
        if words:
            metadata = body.document("metadata")
            return Failure(
                message=words,
                kind=body.text("error_type") or metadata.text("error_type"),
                code=_code_in(body.members),
                provider_name=metadata.text("provider_name"),
            )
    return None


def _words_in(value: Any, depth: int) -> str | None:
    """The first text of an error: itself, or that of a known member or item."""
    if isinstance(value, str):
        return value or None
    if depth == _MAX_DEPTH:
        return None
    return next(filter(None, (_words_in(item, depth + 1) for item in _inner(value))), None)


def _code_in(value: Any) -> str | None:
    """The code of an error, under any of its names."""
    # Not noted: in bodies of other servers, any of these may be something else.
    codes = (value.get(name) for name in _CODES) if isinstance(value, OBJECT) else ()
    return next((str(code) for code in codes if isinstance(code, (str, int)) and code), None)


def _inner(value: Any) -> Iterator[Any]:
    if isinstance(value, OBJECT):
        yield from (value.get(name) for name in _INNER_WORDS)
    elif isinstance(value, (list, tuple)):
        yield from value


def _kind(owner: Document, details: Document, metadata: Document) -> str | None:
    """The error's stable name, or else ``error.type``, which may be the only one on ``/messages``."""
    # Seen at the first two places; OpenRouter's documentation has it at all of them.
    return (
        details.text("error_type")
        or metadata.text("error_type")
        or owner.text("error_type")
        or details.text("type")
    )


def _has_answer(owner: Document) -> bool:
    return any(name in owner.members for name in _ANSWERS)


def _has_id(owner: Document) -> bool:
    # Not read as text: an id of a wrong type is noted already where the response is read.
    return any(isinstance(owner.value(name), str) and owner.value(name) for name in ("id", "request_id"))


def _names_a_provider(metadata: Document) -> bool:
    return any(metadata.value(name) is not None for name in _PROVIDER_FACTS)


def _only_a_provider_causes(kind: str | None, code: str | None) -> bool:
    return code in _PROVIDER_CODES or kind in _PROVIDER_KINDS or (kind or "").startswith("provider_")
