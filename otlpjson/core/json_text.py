# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
JSON text to plain Python values, with duplicate members and unusual numbers kept visible.

Python's own reader does the work. A whole number of up to twenty characters becomes an ``int``;
every other number stays text (``Number``), so that nothing is rounded and a long one costs no
time; ``NaN`` and the infinities, which are not JSON, become a ``Token``; an object with a
duplicate member becomes a ``Repeated``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final

import attrs

from .errors import InvalidDocument, InvalidValue
from .findings import Findings, Path
from .problem import Mismatch
from .words import in_ascii, shortened

__all__ = [
    "BYTE_ORDER_MARK",
    "MAX_BYTES",
    "STRING",
    "TOO_DEEP",
    "Number",
    "Repeated",
    "Token",
    "items_of",
    "members_of",
    "not_json",
    "not_utf_8",
    "parse",
    "shown",
    "text_of",
    "too_deep",
    "trailing_text",
]

MAX_BYTES: Final = 64 * 1024 * 1024
"""The largest request that OTLP's specification recommends to accept."""

STRING: Final = r'"[^"\\]*(?:\\.[^"\\]*)*"'
"""A regular expression for a string in JSON text."""

TOO_DEEP: Final = "JSON is nested too deeply"
"""The problem of a document that exceeds Python's stack."""

_INT_DIGITS: Final = 20

BYTE_ORDER_MARK: Final = "\ufeff"
"""What some editors put before a text; RFC 8259 forbids it in JSON."""

_SPACE: Final = " \t\r\n"


@attrs.frozen
class Number:
    """A number that is not a short whole one, as it was written: ``1.5``, ``1e3``, ``-0``."""

    text: str


@attrs.frozen
class Token:
    """``NaN``, ``Infinity`` or ``-Infinity`` without quotes, which some writers use though it is not JSON."""

    text: str


@attrs.frozen
class Repeated:
    """
    An object with duplicate members.

    Attributes:
        members: The last member of each name, in order.

        names: The names that occur more than once, in order.
    """

    members: dict[str, Any]
    names: tuple[str, ...]


def parse(body: bytes, findings: Findings, max_bytes: int = MAX_BYTES) -> Any:
    """
    The one JSON value that a document consists of.

    A byte order mark, text after the value and bytes that are not UTF-8 are errors among the
    findings; a lenient reading goes on after them.

    Raises:
        InvalidValue: The body is not bytes.

        InvalidDocument:
            The document is empty, cut off, larger than ``max_bytes``, not JSON, or nested deeper
            than Python's reader goes, which is far beyond any legal body (DEC-11).
    """
    _require_bytes(body)
    if len(body) > max_bytes:
        raise InvalidDocument("body", f"at most {max_bytes} bytes", f"{len(body)}", "SND-3")
    text = _without_mark(text_of(body, findings), findings)
    start = len(text) - len(text.lstrip(_SPACE))
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError:
        raise too_deep() from None
    except ValueError as error:
        raise not_json(error, is_empty=not text[start:]) from None
    if text[end:].strip(_SPACE):
        findings.error("JSON", None, trailing_text(end), "only the first value is read")
    return value


def text_of(body: bytes, findings: Findings) -> str:
    """
    The text of a document; a byte that is not UTF-8 is an error, and read as U+FFFD.

    Raises:
        InvalidValue: The document is not bytes.
    """
    _require_bytes(body)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        findings.error("JSON", None, not_utf_8(error), "read with U+FFFD in its place")
        return body.decode(errors="replace")


def too_deep() -> InvalidDocument:
    """The error for a body nested deeper than Python's stack allows where it is now (DEC-11)."""
    return InvalidDocument.because("body", TOO_DEEP, "DEC-11")


def not_utf_8(error: UnicodeDecodeError) -> Mismatch:
    """The reason for a document that is not text, with the first byte that is not."""
    return Mismatch("UTF-8 text", f"byte {error.object[error.start]:#04x} at offset {error.start}")


def not_json(error: ValueError, *, is_empty: bool = False) -> InvalidDocument:
    """The error for a text that Python's own reader refuses, with the reader's reason."""
    found = "nothing" if is_empty else f"text that is not JSON ({error})"
    return InvalidDocument("body", "one JSON object", found, "JSON")


def trailing_text(position: int) -> str:
    """The problem of a document that goes on after its value, at this character from 0."""
    return f"more text after the JSON value, at character {position}"


def shown(value: Any) -> str:
    """A value of ``parse`` in words, for the end of a finding's sentence: ``text '5b8e'``, ``a list``."""
    if isinstance(value, str):
        return f"text {in_ascii(value)}"
    if isinstance(value, Number):
        return f"number {shortened(value.text)}"
    if isinstance(value, Token):
        return f"{value.text}, which is not JSON"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int):
        return f"number {value}"
    return "a list" if isinstance(value, list) else "an object"


def _require_bytes(body: object) -> None:
    if not isinstance(body, bytes):
        # Without its text, which may be content.
        raise InvalidValue("body", "bytes", type(body).__name__)


def _without_mark(text: str, findings: Findings) -> str:
    if not text.startswith(BYTE_ORDER_MARK):
        return text
    findings.error("JSON", None, "byte order mark", "ignored")
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

# No member of OTLP has a longer name, so a longer one need not be converted.
_LONGEST: Final = 40

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def members_of(
    raw: Any, known: frozenset[str], path: Path, findings: Findings, dropped: Mapping[str, str] = _NONE
) -> dict[str, Any] | None:
    """
    The known members of an object without those that are null; ``None`` for anything but an object.

    Unknown members are ignored with a warning (DEC-7). A name in snake_case is unknown too, but a
    lenient reading uses it under its proper name (DEC-6). Of duplicate members the last one counts.

    Args:
        dropped: Fields of OTLP that have no place in the model, with what they are.
    """
    if type(raw) is dict:
        # Most objects are like this.
        if raw.keys() <= known and None not in raw.values():
            return raw
        return _known(raw, known, path, findings, dropped)
    if isinstance(raw, Repeated):
        for name in raw.names:
            findings.error("JSON", (path, name), "duplicate member", "the last one counts")
        return _known(raw.members, known, path, findings, dropped)
    findings.error("DEC-10" if raw is None else "PROTO", path, Mismatch("an object", shown(raw)), "left out")
    return None


def items_of(raw: Any, path: Path, findings: Findings) -> list[Any]:
    """The items of a list; none for anything but a list, which is an error."""
    if type(raw) is list:
        return raw
    findings.error("PROTO", path, Mismatch("a list", shown(raw)), "left out")
    return []


def _known(
    raw: dict[str, Any], known: frozenset[str], path: Path, findings: Findings, dropped: Mapping[str, str]
) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in raw.items():
        if value is None:
            findings.warn("ENC-8", (path, name), "null", "treated as absent")
            continue
        if name in known:
            members[name] = value
            continue
        meant = _in_camel_case(name) if "_" in name and len(name) <= _LONGEST else name
        if meant in dropped:
            findings.note("DEC-7", (path, name), dropped[meant], "dropped")
            continue
        if meant not in known or meant in raw:
            findings.warn("DEC-7", (path, name), "unknown field", "ignored")
            continue
        repair = "ignored" if findings.strict else f"read as {meant}"
        findings.warn("DEC-6", (path, name), Mismatch(f"the name {meant}", "snake_case"), repair)
        if not findings.strict:
            members[meant] = value
    return members


def _in_camel_case(name: str) -> str:
    return _NEW_WORD.sub(lambda match: match[1].upper(), name)
