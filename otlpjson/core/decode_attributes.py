# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""KeyValues and AnyValues of OTLP/JSON to ``Attributes``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Callable, Final, Optional

import attrs

from . import decode_scalars as scalars
from .attributes import MAX_DEPTH, Attributes, AttributeValue, attributes_of_strict
from .findings import Findings, Path
from .json_text import items_of, members_of, shown
from .problem import Mismatch
from .python_scalars import clean_text

__all__ = ["read_attributes"]

_KEY_VALUE: Final = frozenset({"key", "value"})
# common.proto allows indexes into a string table in the profiles signal alone.
_KEY_INDEX: Final = MappingProxyType({"keyStrindex": "an index into the string table of profiles"})
_TEXT_INDEX: Final = MappingProxyType({"stringValueStrindex": "an index into the string table of profiles"})
_LIST: Final = frozenset({"values"})
# Fewer digits than that are within int64.
_INT64_DIGITS: Final = 19
_EMPTY: Final = Attributes()


def read_attributes(members: dict[str, Any], path: Path, findings: Findings) -> Attributes:
    """
    The attributes of a message with the number of those that were dropped.

    Duplicate and empty keys and items that are no pairs count as dropped, also in nested maps.
    """
    raw, count = members.get("attributes"), members.get("droppedAttributesCount")
    if raw is None and count is None:
        return _EMPTY
    reading = _Reading(findings)
    values = {} if raw is None else reading.pairs(raw, (path, "attributes"), 0)
    if count is not None:
        reading.dropped += scalars.uint32(count, (path, "droppedAttributesCount"), findings)
    return attributes_of_strict(values, reading.dropped)


@attrs.define
class _Reading:
    """The reading of one list of attributes, with the number of those left out so far."""

    findings: Findings
    dropped: int = 0

    def pairs(self, raw: Any, path: Path, depth: int) -> dict[str, AttributeValue]:
        values: dict[str, AttributeValue] = {}
        for index, item in enumerate(items_of(raw, path, self.findings)):
            # The short way for nearly all pairs: two members, a new key, one value of a usual form.
            if type(item) is dict and len(item) == 2:
                key, value = item.get("key"), item.get("value")
                if type(value) is dict and len(value) == 1 and type(key) is str and key.isascii():
                    is_new = key != "" and key not in values
                    inner = value.get("stringValue")
                    if is_new and type(inner) is str and inner.isascii():
                        values[key] = inner
                        continue
                    ((name, inner),) = value.items()
                    if is_new and _is_usual(name, inner):
                        values[key] = int(inner) if name == "intValue" else inner
                        continue
            self.pair(item, (path, index), depth, values)
        return values

    def pair(self, item: Any, path: Path, depth: int, values: dict[str, AttributeValue]) -> None:
        """Reads one pair and adds it to the values."""
        members = members_of(item, _KEY_VALUE, path, self.findings, _KEY_INDEX)
        key = None if members is None else self.key(members.get("key", ""), (path, "key"))
        if members is None or key is None:
            self.dropped += 1
            return
        if "value" not in members:
            self.findings.warn("ENC-2", (path, "value"), "missing value", "read as an empty value")
        value = self.value(members.get("value"), (path, "value"), depth)
        if key in values:
            self.dropped += 1
            self.findings.error("VAL-5", (path, "key"), f"duplicate key {shown(key)}", "the last one counts")
        values[key] = value

    def key(self, raw: Any, path: Path) -> str | None:
        """A key; ``None`` where it is empty or no text."""
        key = scalars.text(raw, path, self.findings)
        if key == "":
            self.findings.error("VAL-5", path, "empty key", "left out")
        return key or None

    def value(self, raw: Any, path: Path, depth: int) -> AttributeValue:
        """An AnyValue; ``None`` for one without a member."""
        if raw is None:
            return None
        if type(raw) is dict and len(raw) == 1:
            # The short way for nearly all values.
            ((name, inner),) = raw.items()
            if name in _SCALARS and inner is not None:
                return _SCALARS[name](inner, (path, name), self.findings)
        if type(raw) is dict and raw.get("doubleValue", 0) is None:
            # Some writers write null for NaN and the infinities.
            place = (path, "doubleValue")
            self.findings.error(
                "DEC-9", place, Mismatch('a number, "NaN", "Infinity" or "-Infinity"', "null"), "left out"
            )
            raw = {name: value for name, value in raw.items() if name != "doubleValue"}
        members = members_of(raw, _ANY_VALUE, path, self.findings, _TEXT_INDEX)
        if not members:
            return None
        if len(members) > 1:
            found = " and ".join(members)
            self.findings.error("DEC-1", path, Mismatch("one value", found), "the last one counts")
        name, inner = next(reversed(members.items()))
        if name in _SCALARS:
            return _SCALARS[name](inner, (path, name), self.findings)
        return self.container(name, inner, (path, name), depth)

    def container(self, name: str, raw: Any, path: Path, depth: int) -> AttributeValue:
        """The items of a list, or the pairs of a map."""
        if depth == MAX_DEPTH:
            self.findings.error("ENC-9", path, f"nested deeper than {MAX_DEPTH} lists and maps", "left out")
            return None
        members = members_of(raw, _LIST, path, self.findings)
        if members is None:
            return None
        items, place = members.get("values", []), (path, "values")
        if name == "kvlistValue":
            return attributes_of_strict(self.pairs(items, place, depth + 1), 0)
        items = items_of(items, place, self.findings)
        return tuple([self.element(item, (place, index), depth + 1) for index, item in enumerate(items)])

    def element(self, raw: Any, path: Path, depth: int) -> AttributeValue:
        """An AnyValue in a list, where null is an error (DEC-10)."""
        if raw is None:
            self.findings.error("DEC-10", path, "null in a list", "read as an empty value")
        return self.value(raw, path, depth)


def _is_usual(name: str, inner: Any) -> bool:
    """Whether a value has the form that nearly all have: clean text, digits of an int64, true or false."""
    if name == "stringValue":
        return type(inner) is str and (inner.isascii() or clean_text(inner) is inner)
    if name == "intValue":
        return type(inner) is str and len(inner) < _INT64_DIGITS and inner.isascii() and inner.isdigit()
    return name == "boolValue" and type(inner) is bool


_Scalar = Callable[[Any, Path, Findings], Optional[AttributeValue]]
_SCALARS: Final[Mapping[str, _Scalar]] = MappingProxyType(
    {
        "stringValue": scalars.text,
        "boolValue": scalars.boolean,
        "intValue": scalars.int64,
        "doubleValue": scalars.double,
        "bytesValue": scalars.octets,
    }
)
_CONTAINERS: Final = frozenset({"arrayValue", "kvlistValue"})
_ANY_VALUE: Final = _CONTAINERS | _SCALARS.keys()
