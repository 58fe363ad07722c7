# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Plain Python values to OTLP attributes, in order, with counts of what was replaced and dropped.

No value raises an error. A value without an OTLP form is replaced, an entry whose key cannot
be written is dropped, and both are counted:

    ==============================================  =============================  ========
    value                                           becomes                        counted
    ==============================================  =============================  ========
    str, bool, int within int64, float, bytes,      its OTLP value
    bytearray, None, list, tuple, dict,
    mappingproxy, Attributes
    set, frozenset                                  array, sorted by type and text
    int outside int64                               decimal text                   replaced
    lone surrogate in a text or key                 U+FFFD                         replaced
    datetime, date, time, UUID, Decimal, PurePath   ISO 8601 or ``str``
    Enum                                            its name
    any other object; one of these whose text       the text ``<ClassName>``       replaced
    cannot be read, such as a half-built UUID
    a container deeper than 64, or inside itself    empty value                    replaced
    a key that is int, float, bool or None          JSON's text for it
    any other key; an empty key; a key given twice  left out; the last one wins    dropped
    ==============================================  =============================  ========

Source: opentelemetry/proto/common/v1/common.proto, AnyValue and KeyValue; OpenTelemetry
specification, "Mapping Arbitrary Data to OTLP AnyValue" and the attribute depth limit.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Callable, Final, TypeVar, Union

import attrs

from .errors import InvalidValue
from .integers import INT64, UINT32
from .python_scalars import (
    SCALARS,
    class_name,
    clean_text,
    decimal,
    json_number,
    scalar_bases,
)
from .words import describe

__all__ = ["MAX_DEPTH", "AttributeValue", "Attributes", "attributes_of_strict"]

AttributeValue = Union[None, str, bool, int, float, bytes, tuple["AttributeValue", ...], "Attributes"]
"""An OTLP value in its strict Python form; ``None`` is OTLP's empty value."""

_LEAVES: Final = frozenset({bool, float, bytes, type(None)})
_TEXT: Final = frozenset({str})

_set: Final = object.__setattr__

MAX_DEPTH: Final = 64
"""How deep lists and maps may be nested (ENC-9)."""


@attrs.frozen(init=False, eq=False, repr=False)
class Attributes(Mapping[str, AttributeValue]):
    """
    An ordered, read-only mapping of attribute keys to OTLP values.

    Two are equal if they give the same bytes: order and types matter, so ``1``, ``1.0`` and
    ``True`` differ. Any other mapping is converted before it is compared.

    Args:
        mapping: Any mapping; the table at the top of this module says how its values are converted.

        dropped_count: How many attributes were lost before, 0 to 2**32 - 1.

    Attributes:
        dropped_count:
            The given number and how many were dropped here, nested maps included. On the wire
            it is the dropped attributes count of the message that holds these attributes.

        replaced_count: How many values and texts were replaced here. Not part of OTLP.

    Raises:
        InvalidValue:
            ``mapping`` is not a mapping, or its own code fails; or ``dropped_count`` is not a
            number in range.
    """

    # The encoder reads it too, because a method between costs a call for each span. Never changed.
    _values: dict[str, AttributeValue]
    dropped_count: int
    replaced_count: int

    def __init__(self, mapping: Mapping[Any, Any] = MappingProxyType({}), *, dropped_count: int = 0) -> None:
        if type(dropped_count) is not int or not UINT32.low <= dropped_count <= UINT32.high:
            raise InvalidValue("Attributes.dropped_count", UINT32.words, describe(dropped_count))
        if type(mapping) is dict:
            # A copy, so that a thread that changes the dict meanwhile does no harm.
            copied = mapping.copy()
            if _is_strict(copied):
                _fill(self, copied, dropped_count)
                return
        elif not issubclass(type(mapping), Mapping):
            raise InvalidValue("Attributes", "a mapping (of pairs: dict(pairs))", describe(mapping))
        conversion = _Conversion(dropped=dropped_count)
        try:
            values = conversion.pairs(mapping, 0)
        except _Unreadable:
            found = f"{class_name(type(mapping))}, whose items cannot be read"
            raise InvalidValue("Attributes", "a mapping", found) from None
        _fill(self, values, conversion.dropped, conversion.replaced)

    def __getitem__(self, key: str) -> AttributeValue:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def items(self) -> ItemsView[str, AttributeValue]:
        """The pairs in order."""
        return self._values.items()

    def values(self) -> ValuesView[AttributeValue]:
        """The values in order."""
        return self._values.values()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return _identity(self) == _identity(other if isinstance(other, Attributes) else Attributes(other))

    def __hash__(self) -> int:
        return hash(_identity(self))

    def __repr__(self) -> str:
        keys = ", ".join([*list(self._values)[:4], *(["…"] if len(self._values) > 4 else [])])
        return f"<Attributes: {len(self._values)} ({keys}), {self.dropped_count} dropped>"


def attributes_of_strict(values: dict[str, AttributeValue], dropped_count: int) -> Attributes:
    """
    Attributes of values that already have their OTLP form; nothing is checked or copied.

    Args:
        values: Non-empty keys and clean values, which must not be changed afterwards.

        dropped_count: How many were lost; a number above 2**32 - 1 becomes 2**32 - 1.
    """
    attributes = object.__new__(Attributes)
    _fill(attributes, values, dropped_count)
    return attributes


def _is_strict(values: dict[Any, Any]) -> bool:
    """Whether all keys and values are OTLP's as they are, as most are. No code of theirs is run."""
    low, high = INT64.low, INT64.high
    for value in values.values():
        kind = type(value)
        if kind is str:
            if not value.isascii() and clean_text(value) is not value:
                return False
        elif kind is int:
            if not low <= value <= high:
                return False
        elif kind not in _LEAVES:
            return False
    return _TEXT.issuperset(map(type, values)) and "".join(values).isascii() and "" not in values


def _identity(value: AttributeValue) -> object:
    """A value as something that compares and hashes as its bytes do."""
    if isinstance(value, Attributes):
        return (value.dropped_count, *((key, _identity(item)) for key, item in value.items()))
    if isinstance(value, tuple):
        return ("tuple", *map(_identity, value))
    if isinstance(value, float):
        return ("float", value.hex())
    return (type(value).__name__, value)


@attrs.define
class _Conversion:
    """The conversion of one mapping: what it dropped and replaced, and the containers it is inside."""

    dropped: int = 0
    replaced: int = 0
    inside: set[int] = attrs.field(factory=set)

    def pairs(self, mapping: Any, depth: int) -> dict[str, AttributeValue]:
        if isinstance(mapping, Attributes):
            self.dropped += mapping.dropped_count
            self.replaced += mapping.replaced_count
        values: dict[str, AttributeValue] = {}
        for raw_key, raw_value in _items(mapping):
            key = self.text(raw_key) if type(raw_key) is str else self.key(raw_key)
            if key == "" or key in values:
                self.dropped += 1
            if key != "":
                # The short way for texts, as most values are.
                values[key] = self.text(raw_value) if type(raw_value) is str else self.value(raw_value, depth)
        return values

    def key(self, key: Any) -> str:
        kind = type(key)
        if issubclass(kind, str):
            return self.text(str.__str__(key))
        if key is None or kind is bool:
            return {None: "null", True: "true", False: "false"}[key]
        if issubclass(kind, int):
            return decimal(int.__int__(key))
        return json_number(float.__float__(key)) if issubclass(kind, float) else ""

    def value(self, value: Any, depth: int) -> AttributeValue:
        kind = type(value)
        if value is None or kind in SCALARS:
            return self.scalar(value)
        for base, plain in scalar_bases():
            if issubclass(kind, base):
                # A foreign time zone or a half-built object can raise anything.
                with suppress(Exception):
                    return self.scalar(plain(value))
                break
        for base, read in _CONTAINER_BASES:
            if issubclass(kind, base):
                return self.container(value, read, depth)
        return self.replace(clean_text(f"<{class_name(kind)}>"))

    def scalar(self, value: Any) -> AttributeValue:
        if type(value) is str:
            return self.text(value)
        if type(value) is int and not INT64.low <= value <= INT64.high:
            return self.replace(decimal(value))
        return value  # type: ignore[no-any-return]  # one of the types in SCALARS, or None

    def text(self, text: str) -> str:
        cleaned = clean_text(text)
        return text if cleaned is text else self.replace(cleaned)

    def container(self, value: Any, read: _ContainerReader, depth: int) -> AttributeValue:
        if depth == MAX_DEPTH or id(value) in self.inside:
            return self.replace(None)
        self.inside.add(id(value))
        try:
            return read(self, value, depth + 1)
        except _Unreadable:
            return self.replace(clean_text(f"<{class_name(type(value))}>"))
        finally:
            self.inside.remove(id(value))

    def replace(self, replacement: _Replacement) -> _Replacement:
        self.replaced += 1
        return replacement


class _Unreadable(Exception):
    """A mapping's own code failed."""


def _items(mapping: Any) -> tuple[tuple[Any, Any], ...]:
    # One C call takes all items of a dict, so a thread that changes it meanwhile does no harm.
    if issubclass(type(mapping), dict):
        return tuple(dict.items(mapping))
    try:
        return tuple((key, value) for key, value in mapping.items())
    except Exception:  # of any class: it is the caller's code
        raise _Unreadable from None


def _map(conversion: _Conversion, mapping: Any, depth: int) -> Attributes:
    # OTLP counts dropped attributes on the outermost ones alone.
    nested = object.__new__(Attributes)
    _fill(nested, conversion.pairs(mapping, depth), 0)
    return nested


def _fill(attributes: Attributes, values: dict[str, AttributeValue], dropped: int, replaced: int = 0) -> None:
    _set(attributes, "_values", values)
    _set(attributes, "dropped_count", dropped if dropped <= UINT32.high else UINT32.high)
    _set(attributes, "replaced_count", replaced)


def _array(conversion: _Conversion, items: Any, depth: int) -> AttributeValue:
    plain = tuple(
        list.copy(items) if issubclass(type(items), list) else tuple.__getitem__(items, slice(None))
    )
    return tuple(conversion.value(item, depth) for item in plain)


def _sorted_array(conversion: _Conversion, items: Any, depth: int) -> AttributeValue:
    plain = (set if issubclass(type(items), set) else frozenset).copy(items)
    converted = (conversion.value(item, depth) for item in plain)
    return tuple(
        sorted(converted, key=lambda item: (type(item).__name__, item if type(item) is str else repr(item)))
    )


_ContainerReader = Callable[[_Conversion, Any, int], AttributeValue]
_Replacement = TypeVar("_Replacement", str, None)

_CONTAINER_BASES: Final[tuple[tuple[tuple[type, ...], _ContainerReader], ...]] = (
    ((dict, MappingProxyType, Attributes), _map),
    ((list, tuple), _array),
    ((set, frozenset), _sorted_array),
)
