# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Validators for fields that hold a setting; each error names the class and the field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Callable, Final

import attrs

from ..core.errors import InvalidValue
from ..core.words import describe

__all__ = ["BOOLEAN", "COUNT", "TEXT", "Check", "expect", "instance_of", "names", "one_of"]

Check = Callable[[object, "attrs.Attribute[Any]", Any], None]


def expect(expected: str, accepts: Callable[[Any], bool]) -> Check:
    """Refuses values for which ``accepts`` is false; ``expected`` says in words what it accepts."""

    def check(owner: object, field: attrs.Attribute[Any], value: Any) -> None:
        if not accepts(value):
            raise InvalidValue(f"{type(owner).__name__}.{field.name}", expected, describe(value))

    return check


def one_of(choices: tuple[str, ...]) -> Check:
    """Accepts a few texts."""
    return expect(" or ".join(choices), lambda value: type(value) is str and value in choices)


def instance_of(kind: type) -> Check:
    """Accepts values of one class."""
    return expect(f"a {kind.__name__}", lambda value: isinstance(value, kind))


def names(path: str, value: Any, choices: Iterable[str] | None = None) -> tuple[str, ...]:
    """A list of names, each once; the error names ``path`` and never shows one that is not known."""
    known = None if choices is None else tuple(choices)
    expected = "a list of names" if known is None else f"a list of {', '.join(known)}"
    if not isinstance(value, (list, tuple)):
        raise InvalidValue(path, expected, "nothing" if value is None else type(value).__name__)
    for name in value:
        if not isinstance(name, str) or not name or (known is not None and name not in known):
            raise InvalidValue(path, expected, "another item")
    return tuple(dict.fromkeys(value))


BOOLEAN: Final = expect("true or false", lambda value: type(value) is bool)
COUNT: Final = expect("a whole number, 0 or more", lambda value: type(value) is int and value >= 0)
TEXT: Final = expect("text", lambda value: type(value) is str)
