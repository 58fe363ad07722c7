# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Filter rules as values, read from JSON, and what they say of a request.

Source: OpenRouter's OpenAPI document, ``filter_rules`` of an observability destination. How several
groups are combined, and what a rule says of a field without a value, is not published; ``FilterRules``
and ``Rule`` describe what happens here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Callable, Final

import attrs

from ...core.errors import InvalidValue
from ..generation import Generation
from .fields import FIELDS
from .pattern import Pattern

__all__ = ["FilterRules", "Group", "Rule", "filter_rules"]

_LOGIC: Final[Mapping[str, Callable[[Any], bool]]] = MappingProxyType({"and": all, "or": any})
_TEXT: Final[Mapping[str, Callable[[str, str], bool]]] = MappingProxyType(
    {
        "equals": str.__eq__,
        "not_equals": str.__ne__,
        "contains": str.__contains__,
        "not_contains": lambda text, part: part not in text,
        "starts_with": str.startswith,
        "ends_with": str.endswith,
    }
)
_NUMBER: Final[Mapping[str, Callable[[float, float], bool]]] = MappingProxyType(
    {
        "equals": float.__eq__,
        "not_equals": float.__ne__,
        "gt": float.__gt__,
        "lt": float.__lt__,
        "gte": float.__ge__,
        "lte": float.__le__,
    }
)
_COMPARISONS: Final = ("gt", "lt", "gte", "lte")
_REGEX: Final = "regex"
_PRESENCE: Final = MappingProxyType({"exists": True, "not_exists": False})
# These are true of a field without a value; all others are false.
_NEGATIVE: Final = ("not_equals", "not_contains")
_OPERATORS: Final = (*_TEXT, _REGEX, *_COMPARISONS, *_PRESENCE)


@attrs.frozen
class Rule:
    """
    One rule.

    Attributes:
        field: Such as ``model``.

        operator: Such as ``starts_with``. Texts are compared with their case.

        value: A text or a number; ``None`` for ``exists`` and ``not_exists``.

    A field without a value passes ``not_exists``, ``not_equals`` and ``not_contains`` alone.
    """

    field: str
    operator: str
    value: str | float | None = None
    _pattern: Pattern | None = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        is_regex = self.operator == _REGEX
        object.__setattr__(self, "_pattern", Pattern(str(self.value)) if is_regex else None)

    def accepts(self, generation: Generation) -> bool:
        """Whether a request passes the rule."""
        found = FIELDS[self.field](generation)
        if self.operator in _PRESENCE:
            return (found is not None) is _PRESENCE[self.operator]
        if found is None:
            return self.operator in _NEGATIVE
        if self._pattern is not None:
            return self._pattern.is_in(str(found))
        left, right = _number(found), _number(self.value)
        if self.operator in _NUMBER and left is not None and right is not None:
            return _NUMBER[self.operator](left, right)
        return self.operator not in _COMPARISONS and _TEXT[self.operator](str(found), str(self.value))


@attrs.frozen
class Group:
    """
    Rules that belong together.

    Attributes:
        logic: ``and`` or ``or``.

        rules: At least one.
    """

    logic: str
    rules: tuple[Rule, ...]

    def accepts(self, generation: Generation) -> bool:
        """Whether a request passes all rules, or one of them."""
        return _LOGIC[self.logic](rule.accepts(generation) for rule in self.rules)


@attrs.frozen
class FilterRules:
    """
    The filter rules of a destination; ``filter_rules`` reads them from JSON.

    Attributes:
        groups: A request is sent if it passes all of them.

        enabled: Whether they are used.
    """

    groups: tuple[Group, ...] = ()
    enabled: bool = True

    def accepts(self, generation: Generation) -> bool:
        """Whether a request is sent."""
        return not self.enabled or all(group.accepts(generation) for group in self.groups)


def filter_rules(value: Any) -> FilterRules:
    """
    The rules in a JSON value, in the shape of OpenRouter's API.

    It is ``{"enabled": true, "groups": [{"logic": "and", "rules": [{"field": …, "operator": …,
    "value": …}]}]}``; ``enabled`` and ``logic`` may be left out. ``FilterRules`` are returned as they are.

    Raises:
        InvalidValue: It is no such value; names the place in it, and never shows a value.
    """
    if isinstance(value, FilterRules):
        return value
    path = "filter_rules"
    members = _members(value, path, ("enabled", "groups"))
    enabled = members.get("enabled", True)
    if type(enabled) is not bool:
        raise InvalidValue(f"{path}.enabled", "true or false", _kind(enabled))
    groups = _items(members.get("groups"), f"{path}.groups")
    return FilterRules(tuple(_group(item, f"{path}.groups[{at}]") for at, item in enumerate(groups)), enabled)


def _group(value: Any, path: str) -> Group:
    members = _members(value, path, ("logic", "rules"))
    logic = _choice(members.get("logic", "and"), f"{path}.logic", tuple(_LOGIC))
    rules = _items(members.get("rules"), f"{path}.rules")
    return Group(logic, tuple(_rule(item, f"{path}.rules[{at}]") for at, item in enumerate(rules)))


def _rule(value: Any, path: str) -> Rule:
    members = _members(value, path, ("field", "operator", "value"))
    field = _choice(members.get("field"), f"{path}.field", tuple(FIELDS))
    operator = _choice(members.get("operator"), f"{path}.operator", _OPERATORS)
    wanted = members.get("value")
    if operator in _PRESENCE:
        return Rule(field, operator)
    expected = "a number" if operator in _COMPARISONS else "a text or a number"
    is_number = isinstance(wanted, (int, float)) and not isinstance(wanted, bool) and math.isfinite(wanted)
    if not is_number and not isinstance(wanted, str):
        raise InvalidValue(f"{path}.value", expected, _kind(wanted))
    if operator in _COMPARISONS and _number(wanted) is None:
        raise InvalidValue(f"{path}.value", expected, _kind(wanted))
    try:
        return Rule(field, operator, wanted)
    except InvalidValue as error:
        raise InvalidValue(f"{path}.value", error.expected, error.found) from None


def _members(value: Any, path: str, known: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidValue(path, "an object", _kind(value))
    for name in value:
        if name not in known:
            raise InvalidValue(path, f"the keys {', '.join(known)}", "another key")
    return value


def _items(value: Any, path: str) -> Sequence[Any]:
    if not isinstance(value, (list, tuple)) or not value:
        raise InvalidValue(path, "a list with at least one item", _kind(value))
    return value


def _choice(value: Any, path: str, choices: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise InvalidValue(path, f"one of {', '.join(choices)}", _kind(value))
    return value


def _kind(value: Any) -> str:
    # Never the value itself, which may be anybody's name.
    return "nothing" if value is None else type(value).__name__


def _number(value: Any) -> float | None:
    """A number, also one written as text; ``None`` for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
