# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
JSON values to the scalars of OTLP: ids, numbers, times, text and bytes.

Each function takes a value of ``json_text.parse`` that is not null, its place, and the findings
to add to. It returns the value or, leniently, the repaired one that the finding names; ``None``
where nothing can be read.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from . import ids
from .findings import Findings, Path
from .integers import INT32, INT64, NANOSECONDS, UINT32
from .json_text import Number, Token, shown
from .problem import Mismatch
from .python_scalars import clean_text
from .trace_state import is_trace_state

__all__ = [
    "boolean",
    "double",
    "enum_number",
    "identifier",
    "int64",
    "nanoseconds",
    "octets",
    "text",
    "trace_state",
    "uint32",
]

_LEFT_OUT: Final = "left out"
_BASE64_IDS: Final = "ids in base64, as Tempo's API writes them"
# More than any field of OTLP holds, and few enough to convert quickly.
_MAX_DIGITS: Final = 40

_DECIMAL: Final = re.compile(r"-?[0-9]+", re.ASCII)
_DOUBLE: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", re.ASCII)
_SHORT_DOUBLE: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)
_DOUBLE_WORDS: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_LENIENT_WORDS: Final = frozenset({"nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"})
_STANDARD_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*", re.ASCII)
_URL_SAFE_BASE64: Final = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


def text(raw: Any, path: Path, findings: Findings) -> str | None:
    """Text, with U+FFFD for lone surrogates (ENC-5)."""
    if type(raw) is not str:
        findings.error("PROTO", path, Mismatch("text", shown(raw)), _LEFT_OUT)
        return None
    cleaned = clean_text(raw)
    if cleaned is not raw:
        findings.error("ENC-5", path, "lone surrogate", "read as U+FFFD")
    return cleaned


def boolean(raw: Any, path: Path, findings: Findings) -> bool | None:
    """True or false."""
    if type(raw) is bool:
        return raw
    findings.error("PROTO", path, Mismatch("true or false", shown(raw)), _LEFT_OUT)
    return None


def identifier(raw: Any, digits: int, path: Path, findings: Findings, repair: str) -> str | None:
    """
    An id of this many hex digits, not all zero, in lower case (DEC-2, VAL-1).

    Leniently, base64 is read as well, which stores print; that is one finding for all ids.
    """
    if (ids.is_trace_id if digits == 32 else ids.is_span_id)(raw):
        return str(raw).lower()
    from_base64 = _id_of_base64(raw, digits)
    if from_base64 is not None:
        findings.error_once("DEC-2", path, _BASE64_IDS, "read as hex digits")
        return from_base64
    rule = "VAL-1" if raw is None or (type(raw) is str and raw.strip("0") == "") else "DEC-2"
    found = "nothing" if raw is None else shown(raw)
    findings.error(rule, path, Mismatch(f"{digits} hex digits, not all zero", found), repair)
    return None


def _id_of_base64(raw: Any, digits: int) -> str | None:
    """The hex digits of an id in padded base64, a length that hex digits never have; ``None`` for others."""
    size = digits // 2
    if type(raw) is not str or len(raw) != (size + 2) // 3 * 4 or not raw.endswith("="):
        return None
    try:
        octets = base64.b64decode(raw, validate=True)
    except ValueError:
        return None
    return octets.hex() if len(octets) == size and any(octets) else None


def trace_state(raw: Any, path: Path, findings: Findings) -> str:
    """The text of a trace state, also where it is not one of the W3C (VAL-4)."""
    state = text(raw, path, findings) or ""
    if not is_trace_state(state):
        expected = "a W3C trace state such as 'vendor=value'"
        findings.warn("VAL-4", path, Mismatch(expected, shown(state)))
    return state


def uint32(raw: Any, path: Path, findings: Findings) -> int:
    """A uint32, bare or quoted, as ProtoJSON allows; 0 where it is invalid."""
    number = _whole(raw, path, findings)
    if number is None or UINT32.low <= number <= UINT32.high:
        return number or 0
    findings.error("PROTO", path, Mismatch(UINT32.words, shown(raw)), _LEFT_OUT)
    return 0


def nanoseconds(raw: Any, path: Path, findings: Findings) -> int:
    """Nanoseconds since 1970 in a fixed64; a number outside is read as the nearest inside (VAL-2)."""
    number = _whole(raw, path, findings)
    if number is None or NANOSECONDS.low <= number <= NANOSECONDS.high:
        return number or 0
    nearest = NANOSECONDS.low if number < NANOSECONDS.low else NANOSECONDS.high
    findings.error("VAL-2", path, Mismatch(NANOSECONDS.words, shown(raw)), f"read as {nearest}")
    return nearest


def enum_number(raw: Any, path: Path, findings: Findings, names: Mapping[str, int]) -> int:
    """An enum's number, known or not (DEC-3); a lenient reader also accepts a member's name."""
    if type(raw) is int and INT32.low <= raw <= INT32.high:
        if raw not in names.values():
            known = f"a number from 0 to {len(names) - 1}"
            findings.warn("DEC-3", path, Mismatch(known, shown(raw)), "kept")
        return raw
    number = _enum_number_in(raw, names)
    repair = _LEFT_OUT if number is None else f"read as {number}"
    findings.error("DEC-3", path, Mismatch("the number of an enum's member", shown(raw)), repair)
    return number or 0


def _enum_number_in(raw: Any, names: Mapping[str, int]) -> int | None:
    """The number that a member's name, quoted digits or a form such as ``2.0`` means."""
    written = raw.text if isinstance(raw, Number) else raw
    if type(written) is not str:
        return None
    number = names[written] if written in names else _integral(written)
    return number if number is not None and INT32.low <= number <= INT32.high else None


def int64(raw: Any, path: Path, findings: Findings) -> int | str | None:
    """An int64; a number outside becomes decimal text, as when it is written (ENC-11)."""
    number = _whole(raw, path, findings)
    if number is None or INT64.low <= number <= INT64.high:
        return number
    findings.error("ENC-11", path, Mismatch(INT64.words, shown(raw)), "read as text")
    written = raw.text if isinstance(raw, Number) else str(raw)
    # A number of more than 40 digits is only known by its text; 1e30 has to be written out.
    return written if _DECIMAL.fullmatch(written) else str(number)


def double(raw: Any, path: Path, findings: Findings) -> float | str | None:
    """A double; a number beyond its range becomes text, as in OpenTelemetry's mapping (DEC-9)."""
    expected = 'a number, "NaN", "Infinity" or "-Infinity"'
    if isinstance(raw, Token):
        findings.error("DEC-9", path, Mismatch(expected, shown(raw)), f"read as {raw.text}")
        return float(raw.text)
    written = raw.text if isinstance(raw, Number) else str(raw) if type(raw) is int else raw
    is_number = type(written) is str and _DOUBLE.fullmatch(written) is not None
    if not is_number and not (type(written) is str and written.lower() in _LENIENT_WORDS):
        findings.error("DEC-9", path, Mismatch(expected, shown(raw)), _LEFT_OUT)
        return None
    value = float(written)
    if is_number and math.isinf(value):
        expected = "a number within a double's range"
        findings.error("DEC-9", path, Mismatch(expected, shown(raw)), "read as text")
        return str(written)
    if not is_number and written not in _DOUBLE_WORDS:
        findings.error("DEC-9", path, Mismatch(expected, shown(raw)), f"read as {value}")
    return value


def octets(raw: Any, path: Path, findings: Findings) -> bytes | None:
    """Bytes in one of ProtoJSON's four forms of base64: standard or URL-safe, padded or not (DEC-8)."""
    value = _base64(raw) if type(raw) is str else None
    if value is None:
        findings.error("DEC-8", path, Mismatch("base64", shown(raw)), _LEFT_OUT)
    elif "-" in raw or "_" in raw or len(raw) % 4:
        found = "a URL-safe or unpadded form, which the Collector refuses"
        findings.warn("ENC-6", path, Mismatch("padded standard base64", found))
    return value


def _base64(written: str) -> bytes | None:
    digits = written.rstrip("=")
    padding = len(written) - len(digits)
    fits = len(written) % 4 == 0 and padding <= 2 if padding else len(digits) % 4 != 1
    if not fits or not (_STANDARD_BASE64.fullmatch(digits) or _URL_SAFE_BASE64.fullmatch(digits)):
        return None
    standard = digits.replace("-", "+").replace("_", "/")
    return base64.b64decode(standard + "=" * (-len(digits) % 4))


def _whole(raw: Any, path: Path, findings: Findings) -> int | None:
    """A whole number, bare or as decimal text; one of more than 40 digits becomes one of 40."""
    if type(raw) is int:
        return raw
    if type(raw) is str and len(raw) < _MAX_DIGITS and raw.isascii() and raw.isdigit():
        return int(raw)
    written = raw.text if isinstance(raw, Number) else raw
    if type(written) is str and _DECIMAL.fullmatch(written):
        magnitude = int(written.lstrip("-").lstrip("0")[:_MAX_DIGITS] or "0")
        return -magnitude if written.startswith("-") else magnitude
    number = _integral(written) if type(written) is str else None
    if number is not None:
        findings.error("DEC-5", path, Mismatch("a whole number", shown(raw)), f"read as {number}")
        return number
    findings.error("PROTO", path, Mismatch("a whole number, bare or as decimal text", shown(raw)), _LEFT_OUT)
    return None


def _integral(written: str) -> int | None:
    """The whole number of at most 40 digits that a form such as ``1.0`` or ``1e2`` means (DEC-5)."""
    if len(written) > _MAX_DIGITS or not _SHORT_DOUBLE.fullmatch(written):
        return None
    value = Decimal(written)
    return int(value) if value.adjusted() < _MAX_DIGITS and value == value.to_integral_value() else None
