# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The addresses of the viewer's API: which question each one asks, and how the answer is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Callable, Final
from urllib.parse import parse_qs

import attrs

from ..core import __version__
from ..core.errors import ConfigError
from .store.conditions import FIELDS, conditions_of
from .store.questions import Questions

__all__ = ["Answer", "answer_to"]

_JSON: Final = "application/json"
_TEXT: Final = "text/plain; charset=utf-8"
_MAX_LIMIT: Final = 1000
_MAX_NUMBER: Final = 10**12

Query = Mapping[str, str]


@attrs.frozen
class Answer:
    """
    An answer.

    Attributes:
        body: What is sent.

        media_type: What it is.

        status: The HTTP status.

        file_name: The name under which a browser saves it; empty if it shows it.
    """

    body: bytes
    media_type: str = _JSON
    status: int = 200
    file_name: str = ""


def answer_to(path: str, query: str, questions: Questions) -> Answer | None:
    """The answer to ``GET`` of a path below ``/api/``; ``None`` if there is no such path."""
    found = parse_qs(query, keep_blank_values=True, max_num_fields=100) if query.count("&") < 100 else {}
    given = {name: values[-1] for name, values in found.items()}
    for pattern, ask in _ROUTES.items():
        match = re.fullmatch(pattern, path, re.ASCII)
        if match is not None:
            try:
                return ask(questions, match, given)
            except ConfigError as error:
                return Answer(_json({"error": "; ".join(error.problems.values())}), status=400)
    return None


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")


def _found(body: bytes | None, media_type: str = _JSON, file_name: str = "") -> Answer:
    if body is None:
        return Answer(_json({"error": "not found"}), status=404)
    return Answer(body, media_type, file_name=file_name)


def _number(query: Query, name: str, usual: int, most: int) -> int:
    text = query.get(name, "")
    return min(int(text), most) if re.fullmatch("[0-9]{1,15}", text, re.ASCII) else usual


def _status(questions: Questions, match: re.Match[str], query: Query) -> Answer:
    fields = {name: field.meaning for name, field in FIELDS.items()}
    return Answer(_json({"version": __version__, **questions.counts(), "fields": fields}))


def _traces(questions: Questions, match: re.Match[str], query: Query) -> Answer:
    found = questions.traces(
        conditions_of(query.get("where", "")),
        order=query.get("order", ""),
        offset=_number(query, "offset", 0, _MAX_NUMBER),
        limit=_number(query, "limit", 100, _MAX_LIMIT),
    )
    return Answer(_json(found))


def _sessions(questions: Questions, match: re.Match[str], query: Query) -> Answer:
    found = questions.sessions(
        conditions_of(query.get("where", "")),
        offset=_number(query, "offset", 0, _MAX_NUMBER),
        limit=_number(query, "limit", 100, _MAX_LIMIT),
    )
    return Answer(_json(found))


def _sums(questions: Questions, match: re.Match[str], query: Query) -> Answer:
    return Answer(_json(questions.sums(conditions_of(query.get("where", "")))))


def _values(questions: Questions, match: re.Match[str], query: Query) -> Answer:
    return Answer(_json({"values": questions.values(query.get("field", ""))}))


def _trace(questions: Questions, match: re.Match[str], query: Query) -> Answer:
    found = questions.trace(match[1])
    return _found(None if found is None else _json(found))


def _trace_body(questions: Questions, match: re.Match[str], query: Query) -> Answer:
    return _found(questions.trace_body(match[1]), file_name=f"trace-{match[1]}.json")


def _span(questions: Questions, match: re.Match[str], query: Query) -> Answer:
    return _found(questions.preview(int(match[1])))


def _span_body(questions: Questions, match: re.Match[str], query: Query) -> Answer:
    return _found(questions.span_body(int(match[1])), file_name=f"span-{match[1]}.json")


def _span_text(questions: Questions, match: re.Match[str], query: Query) -> Answer:
    text = questions.text(int(match[1]), query.get("at", ""))
    return _found(None if text is None else text.encode("utf-8", "replace"), _TEXT)


_ROUTES: Final[Mapping[str, Callable[[Questions, re.Match[str], Query], Answer]]] = MappingProxyType(
    {
        "/api/status": _status,
        "/api/traces": _traces,
        "/api/sessions": _sessions,
        "/api/sums": _sums,
        "/api/values": _values,
        "/api/traces/([0-9a-f]{32})": _trace,
        "/api/traces/([0-9a-f]{32})/otlp": _trace_body,
        "/api/spans/([0-9]{1,15})": _span,
        "/api/spans/([0-9]{1,15})/otlp": _span_body,
        "/api/spans/([0-9]{1,15})/text": _span_text,
    }
)
