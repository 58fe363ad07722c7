# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Conditions on traces, as people write them: ``model = openai/gpt-4o and cost > 0.01 and status = error``.

A condition on a text holds for a trace if it holds for one of its spans; with ``!=`` or ``!~`` if it
does so for none. Numbers are those of the whole trace.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from types import MappingProxyType
from typing import Callable, Final, Literal, Union, cast

import attrs

from ...core.errors import ConfigError
from ...core.integers import INT64
from ...core.model import StatusCode

__all__ = ["FIELDS", "Condition", "Field", "Operator", "conditions_of"]

Operator = Literal["=", "!=", "~", "!~", "<", "<=", ">", ">="]
Value = Union[str, float, int]

_TEXT_OPERATORS: Final = ("=", "!=", "~", "!~")
_NUMBER_OPERATORS: Final = ("=", "!=", "<", "<=", ">", ">=")
_UNITS_NS: Final[Mapping[str, int]] = MappingProxyType(
    {"ns": 1, "us": 1000, "ms": 10**6, "s": 10**9, "": 10**9, "min": 60 * 10**9, "h": 3600 * 10**9}
)
_STATUSES: Final[Mapping[str, int]] = MappingProxyType({code.name.lower(): code.value for code in StatusCode})
_NUMBER: Final = re.compile(r"([+-]?[0-9]{1,18}(?:\.[0-9]{0,18})?)\s*([a-z]*)", re.ASCII)
_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<field>[A-Za-z_]+(?:\.[^\s=!~<>"]+)?)\s*
        (?P<operator>!=|!~|<=|>=|=|~|<|>)\s*
        (?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"]+))
    )(?P<rest>\s*$|\s+and\s+)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_METADATA: Final = "metadata."
_MAX_CONDITIONS: Final = 50


def _number(text: str) -> float:
    found = _NUMBER.fullmatch(text)
    if found is None or found[2]:
        raise ValueError("a number")
    return float(found[1])


def _duration(text: str) -> int:
    found = _NUMBER.fullmatch(text)
    if found is None or found[2] not in _UNITS_NS:
        raise ValueError("a duration such as 1.5s or 200ms")
    return _stored(round(float(found[1]) * _UNITS_NS[found[2]]))


def _moment(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError("a time such as 2026-02-13T18:00:00Z") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    since = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return _stored((since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000)


def _stored(number: int) -> int:
    """The nearest whole number that SQLite can hold."""
    return max(INT64.low, min(number, INT64.high))


def _status(text: str) -> int:
    if text not in _STATUSES:
        raise ValueError(f"one of {', '.join(_STATUSES)}")
    return _STATUSES[text]


@attrs.frozen
class Field:
    """
    What a condition may be about.

    Attributes:
        columns: The columns of ``spans`` that hold it, or the one of ``traces``.

        of_trace: Whether it belongs to the trace as a whole.

        read: Gives the value of a text; raises a ValueError that says what is expected.

        operators: Those that it may have.

        meaning: For people.
    """

    columns: tuple[str, ...]
    of_trace: bool
    read: Callable[[str], Value]
    operators: tuple[str, ...]
    meaning: str


def _span_text(meaning: str, *columns: str) -> Field:
    return Field(columns, False, str, _TEXT_OPERATORS, meaning)


def _trace_number(column: str, meaning: str, read: Callable[[str], Value] = _number) -> Field:
    return Field((column,), True, read, _NUMBER_OPERATORS, meaning)


FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {
        "text": Field((), False, str, ("~",), "all these words, anywhere in a span"),
        "name": _span_text("the name of a span", "name"),
        "model": _span_text("the model that answered or was requested", "response_model", "request_model"),
        "provider": _span_text("the provider that answered", "provider_name"),
        "user": _span_text("the user", "user_id"),
        "session": _span_text("the session", "session_id"),
        "service": _span_text("the service", "service"),
        "api_key": _span_text("the name of the API key", "api_key_name"),
        "operation": _span_text("what was requested, such as chat", "operation"),
        "finish": _span_text("the finish reason", "finish_reason"),
        "message": _span_text("the error message", "message"),
        "status": Field(("status",), False, _status, ("=", "!="), "ok, error or unset"),
        "duration": _trace_number("duration_ns", "how long the trace took, such as 1.5s", _duration),
        "started": _trace_number("start_ns", "when it began, in UTC", _moment),
        "cost": _trace_number("cost", "US dollars"),
        "tokens": _trace_number("tokens", "input and output tokens"),
        "input_tokens": _trace_number("input_tokens", "input tokens"),
        "output_tokens": _trace_number("output_tokens", "output tokens"),
        "first_token": Field(
            ("first_token_ms",),
            True,
            lambda text: _duration(text) / 10**6,
            _NUMBER_OPERATORS,
            "the shortest time to a first token, such as 300ms",
        ),
        "spans": _trace_number("spans", "the number of spans"),
        "errors": _trace_number("errors", "the number of failed spans"),
    }
)
"""By name; ``metadata.KEY`` is one besides."""
_METADATA_FIELD: Final = _span_text("custom metadata", "value")


@attrs.frozen
class Condition:
    """
    A condition.

    Attributes:
        field: What it is about.

        operator: How it is compared.

        value: What with.

        key: The key of custom metadata; empty for another field.
    """

    field: Field
    operator: Operator
    value: Value
    key: str = ""


def conditions_of(text: str) -> tuple[Condition, ...]:
    """
    The conditions in a text; all of them have to hold. None in an empty text.

    Raises:
        ConfigError: The text is none, with what is expected and where.
    """
    found: list[Condition] = []
    position = 0
    goes_on = bool(text.strip())
    while goes_on:
        token = _TOKEN.match(text, position)
        if token is None or len(found) == _MAX_CONDITIONS:
            expected = 'FIELD OPERATOR VALUE, such as model = "openai/gpt-4o", joined by "and"'
            raise ConfigError({"where": f"expected {expected}, at character {position + 1}"})
        found.append(_condition(token))
        position = token.end()
        goes_on = bool(token["rest"].strip())
    return tuple(found)


def _condition(token: re.Match[str]) -> Condition:
    name, operator = token["field"], cast(Operator, token["operator"])
    key = name[len(_METADATA) :] if name.startswith(_METADATA) else ""
    field = _METADATA_FIELD if key else FIELDS.get(name)
    if field is None:
        raise ConfigError(
            {"where": f"unknown field {name[:40]}; known are {', '.join(FIELDS)}, metadata.KEY"}
        )
    if operator not in field.operators:
        raise ConfigError({"where": f"{name[:40]} can be compared with {', '.join(field.operators)}"})
    quoted = token["quoted"]
    text = token["bare"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)
    try:
        return Condition(field, operator, field.read(text), key)
    except ValueError as error:
        raise ConfigError({"where": f"{name}: expected {error}"}) from None
