# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Resource attributes of the user's choice, beside the three that OpenRouter sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Union

from ...core.errors import InvalidValue

__all__ = ["NO_ATTRIBUTES", "OWN_NAMES", "ResourceAttributes", "resource_attributes"]


class ResourceAttributes(tuple[tuple[str, Union[str, bool, int, float]], ...]):
    """
    Names and values, in order.

    Unlike in a plain tuple, ``1``, ``1.0`` and ``True`` are different: what is made for one set of
    attributes is looked up by it, and must not be found for another.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple) and _typed(self) == _typed(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return tuple.__hash__(self)


_PATH: Final = "resource_attributes"
_MAX: Final = 64
_MAX_CHARACTERS: Final = 1000
# It says which trace a span belongs to.
_OWN: Final = "openrouter.trace.id"

NO_ATTRIBUTES: Final = ResourceAttributes()
OWN_NAMES: Final = ("service.name", "service.version", _OWN)
"""The names of the three attributes that OpenRouter sends."""


def resource_attributes(value: Any) -> ResourceAttributes:
    """
    The attributes in a mapping or in pairs, which may be checked already.

    ``service.name`` and ``service.version`` take the places of OpenRouter's.

    Raises:
        InvalidValue:
            It is no mapping, has more than 64 names, or a name or value that cannot be used; never
            shows a value.
    """
    if isinstance(value, ResourceAttributes):
        return value
    pairs = value.items() if isinstance(value, Mapping) else value
    if not isinstance(value, (Mapping, tuple)) or len(value) > _MAX:
        raise InvalidValue(_PATH, f"an object with at most {_MAX} members", type(value).__name__)
    for name, item in pairs:
        # A name that ends with a dot stands for several in the tables.
        if not isinstance(name, str) or not 0 < len(name) <= _MAX_CHARACTERS or name.endswith("."):
            raise InvalidValue(_PATH, "names of up to 1000 characters without a dot at the end", "another")
        if name == _OWN:
            raise InvalidValue(_PATH, f"names other than {_OWN}", "it")
        if type(item) not in (str, bool, int, float) or len(str(item)) > _MAX_CHARACTERS:
            expected = "a text of up to 1000 characters, a number, or true or false"
            raise InvalidValue(f"{_PATH}.{name}", expected, type(item).__name__)
    return ResourceAttributes(pairs)


def _typed(pairs: tuple[Any, ...]) -> list[Any]:
    return [(pair, type(pair[-1])) for pair in pairs]
