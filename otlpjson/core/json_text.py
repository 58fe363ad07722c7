# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
JSON text read into plain values that hide nothing: repeated members and odd numbers stay visible.

Python's own reader does the work. A whole number of up to twenty characters becomes an ``int``;
every other number stays the text that it was (``Number``), so that nothing is rounded and no long
one costs time; ``NaN`` and the infinities, which are no JSON, become a ``Token``; an object that
gives a member twice becomes a ``Repeated``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final

import attrs

from .errors import InvalidDocument
from .findings import Findings, Path

__all__ = [
    "MAX_BYTES",
    "STRING",
    "Number",
    "Repeated",
    "Token",
    "items_of",
    "members_of",
    "parse",
    "shown",
    "too_deep",
]

MAX_BYTES: Final = 64 * 1024 * 1024
"""The size of a request that OTLP's specification recommends as the most."""

STRING: Final = r'"[^"\\]*(?:\\.[^"\\]*)*"'
"""A string in JSON text, as a regular expression."""

_INT_DIGITS: Final = 20

_SHOWN: Final = 60

_BYTE_ORDER_MARK: Final = "\ufeff"

_SPACE: Final = " \t\r\n"


@attrs.frozen
class Number:
    """A number that is no plain ``int``, as it was written: ``1.5``, ``1e3``, ``-0``, one of many digits."""

    text: str


@attrs.frozen
class Token:
    """``NaN``, ``Infinity`` or ``-Infinity`` without quotes, which some writers take for JSON."""

    text: str


@attrs.frozen
class Repeated:
    """
    An object with members of the same name.

    Attributes:
        members: The last of each name, in the order in which these stand.

        names: Those that are there more than once, in order.
    """

    members: dict[str, Any]
    names: tuple[str, ...]


def parse(body: bytes, findings: Findings, max_bytes: int = MAX_BYTES) -> Any:
    """
    The one JSON value that a document consists of.

    What a lenient reader can do without is an error among the findings: a byte order mark, text
    after the value, bytes that are not UTF-8.

    Raises:
        InvalidDocument:
            No JSON at all: empty, cut off, too large, or nested deeper than Python's reader goes,
            which is far beyond any legal body (DEC-11).
    """
    if len(body) > max_bytes:
        raise InvalidDocument("body", f"at most {max_bytes} bytes", f"{len(body)}", "SND-3")
    text = _without_mark(_text(body, findings), findings)
    start = len(text) - len(text.lstrip(_SPACE))
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError:
        raise too_deep() from None
    except ValueError as error:
        found = f"text that is not JSON ({error})" if text[start:] else "nothing"
        raise InvalidDocument("body", "one JSON object", found, "JSON") from None
    if text[end:].strip(_SPACE):
        found = f"more text after it, at character {end}"
        findings.error("JSON", None, "one JSON value", found, "only the first is read")
    return value


def too_deep() -> InvalidDocument:
    """The error for a document nested deeper than Python's stack goes, from where it is now (DEC-11)."""
    return InvalidDocument("body", "JSON that a reader can follow", "too many nested values", "DEC-11")


def shown(value: Any) -> str:
    """What a value of ``parse`` is, for the end of a finding's sentence: ``text '5b8e'``, ``a list``."""
    if isinstance(value, str):
        text = ascii(value[: _SHOWN + 1])
        return f"text {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"
    if isinstance(value, Number):
        return f"number {value.text if len(value.text) <= _SHOWN else value.text[:_SHOWN] + '…'}"
    if isinstance(value, Token):
        return f"{value.text}, which is no JSON"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int):
        return f"number {value}"
    return "a list" if isinstance(value, list) else "an object"


def _text(body: bytes, findings: Findings) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte {body[error.start]:#04x} at offset {error.start}"
        findings.error("JSON", None, "UTF-8 text", found, "read with U+FFFD in its place")
        return body.decode("utf-8", "replace")


def _without_mark(text: str, findings: Findings) -> str:
    if not text.startswith(_BYTE_ORDER_MARK):
        return text
    findings.error("JSON", None, "no byte order mark", "one", "passed over")
    return text[1:]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Repeated:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    names = list(map(itemgetter(0), pairs))
    # Seen from the end, each name stands where its last value does.
    in_order = reversed(list(dict.fromkeys(reversed(names))))
    repeated = tuple(name for name, count in Counter(names).items() if count > 1)
    return Repeated({name: members[name] for name in in_order}, repeated)


def _whole(text: str) -> int | Number:
    # As an int, "-0" would lose its sign, which a double keeps.
    return int(text) if len(text) <= _INT_DIGITS and text != "-0" else Number(text)


_TOKENS: Final = MappingProxyType({text: Token(text) for text in ("NaN", "Infinity", "-Infinity")})

_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=Number, parse_constant=_TOKENS.__getitem__
)

_NEW_WORD: Final = re.compile("_([a-z])")

_LONGEST: Final = 40
"""No member of OTLP has as long a name; what is longer costs no time."""


def members_of(raw: Any, known: frozenset[str], path: Path, findings: Findings) -> dict[str, Any] | None:
    """
    The known members of an object, those that are null aside; ``None`` where there is no object.

    Unknown ones are ignored with a warning (DEC-7). One in snake_case is unknown too, but a lenient
    reading takes it for what it means (DEC-6). Of a member given twice the last one counts.
    """
    if type(raw) is dict:
        # Most objects are like this.
        return raw if raw.keys() <= known and None not in raw.values() else _known(raw, known, path, findings)
    if isinstance(raw, Repeated):
        for name in raw.names:
            findings.error(
                "JSON", (path, name), "each member once", "the member twice", "the last one counts"
            )
        return _known(raw.members, known, path, findings)
    findings.error("DEC-10" if raw is None else "PROTO", path, "an object", shown(raw), "left out")
    return None


def items_of(raw: Any, path: Path, findings: Findings) -> list[Any]:
    """The items of a list; none where there is no list."""
    if type(raw) is list:
        return raw
    findings.error("PROTO", path, "a list", shown(raw), "left out")
    return []


def _known(raw: dict[str, Any], known: frozenset[str], path: Path, findings: Findings) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in raw.items():
        if value is None:
            findings.warn("ENC-8", (path, name), "no null", "null", "the same as absent")
            continue
        if name in known:
            members[name] = value
            continue
        meant = _in_camel_case(name) if "_" in name and len(name) <= _LONGEST else name
        if meant not in known or meant in raw:
            findings.warn("DEC-7", (path, name), "a member of OTLP", "an unknown one", "ignored")
        elif findings.strict:
            findings.warn("DEC-6", (path, name), f"the name {meant}", "snake_case", "ignored")
        else:
            findings.warn("DEC-6", (path, name), f"the name {meant}", "snake_case", f"read as {meant}")
            members[meant] = value
    return members


def _in_camel_case(name: str) -> str:
    return _NEW_WORD.sub(lambda match: match[1].upper(), name)
