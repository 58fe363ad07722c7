# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
One JSON value read as the scalar that OTLP wants there: an id, a number, a time, text, bytes.

Each function takes what ``json_text.parse`` gives, never null, with its place and the findings
to add to. Where a strict reading goes on, what it returns is the value that a lenient reader
takes, and the finding says which; ``None`` is "nothing can be read".
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from . import ids
from .attributes import clean_text
from .fields import is_trace_state
from .findings import Findings, Path
from .json_text import Number, Token, shown

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
_MAX_DIGITS: Final = 40
"""More than any field of OTLP holds, and few enough to make a number of them at once."""

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
        findings.error("PROTO", path, "text", shown(raw), _LEFT_OUT)
        return None
    cleaned = clean_text(raw)
    if cleaned is not raw:
        found = "a surrogate that stands alone"
        findings.error("ENC-5", path, "text of whole characters", found, "read with U+FFFD in its place")
    return cleaned


def boolean(raw: Any, path: Path, findings: Findings) -> bool | None:
    """True or false."""
    if type(raw) is bool:
        return raw
    findings.error("PROTO", path, "true or false", shown(raw), _LEFT_OUT)
    return None


def identifier(raw: Any, digits: int, path: Path, findings: Findings, repair: str) -> str | None:
    """Hex digits of this number in either case, not all zero, in lower case (DEC-2, VAL-1)."""
    if (ids.is_trace_id if digits == 32 else ids.is_span_id)(raw):
        return str(raw).lower()
    rule = "VAL-1" if raw is None or (type(raw) is str and raw.strip("0") == "") else "DEC-2"
    found = "nothing" if raw is None else shown(raw)
    findings.error(rule, path, f"{digits} hex digits, not all zero", found, repair)
    return None


def trace_state(raw: Any, path: Path, findings: Findings) -> str:
    """A W3C trace state, or nothing (VAL-4)."""
    if is_trace_state(raw):
        return str(raw)
    findings.error("VAL-4", path, "a W3C trace state such as 'vendor=value'", shown(raw), _LEFT_OUT)
    return ""


def uint32(raw: Any, path: Path, findings: Findings) -> int:
    """A whole number from 0 to 2**32 - 1; quoted too, as ProtoJSON has it."""
    number = _whole(raw, path, findings)
    if number is None or 0 <= number < 2**32:
        return number or 0
    findings.error("PROTO", path, "a whole number from 0 to 2**32 - 1", shown(raw), _LEFT_OUT)
    return 0


def nanoseconds(raw: Any, path: Path, findings: Findings) -> int:
    """Nanoseconds since 1970 in a fixed64; what lies outside is taken as the nearest (VAL-2)."""
    number = _whole(raw, path, findings)
    if number is None or 0 <= number < 2**64:
        return number or 0
    nearest = 0 if number < 0 else 2**64 - 1
    expected = "nanoseconds since 1970, 0 to 2**64 - 1"
    findings.error("VAL-2", path, expected, shown(raw), f"read as {nearest}")
    return nearest


def enum_number(raw: Any, path: Path, findings: Findings, names: Mapping[str, int]) -> int:
    """The number of an enum's member, also an unknown one (DEC-3); a lenient reader knows its name too."""
    if type(raw) is int and -(2**31) <= raw < 2**31:
        if raw not in names.values():
            known = f"a number from 0 to {len(names) - 1}"
            findings.warn("DEC-3", path, known, shown(raw), "kept as it is")
        return raw
    number = _enum_number_in(raw, names)
    repair = _LEFT_OUT if number is None else f"read as {number}"
    findings.error("DEC-3", path, "the number of an enum's member", shown(raw), repair)
    return number or 0


def _enum_number_in(raw: Any, names: Mapping[str, int]) -> int | None:
    """The number that a member's name, quoted digits or a form such as ``2.0`` stand for."""
    written = raw.text if isinstance(raw, Number) else raw
    if type(written) is not str:
        return None
    number = names[written] if written in names else _integral(written)
    return number if number is not None and -(2**31) <= number < 2**31 else None


def int64(raw: Any, path: Path, findings: Findings) -> int | str | None:
    """An int64; what lies outside becomes its decimal text, as everywhere in this package (ENC-11)."""
    number = _whole(raw, path, findings)
    if number is None or -(2**63) <= number < 2**63:
        return number
    findings.error("ENC-11", path, "a whole number within int64", shown(raw), "read as a text of its digits")
    written = raw.text if isinstance(raw, Number) else str(raw)
    # Of more than 40 digits only the text has them all; a form such as 1e30 is no text of digits.
    return written if _DECIMAL.fullmatch(written) else str(number)


def double(raw: Any, path: Path, findings: Findings) -> float | str | None:
    """A double; a number beyond its range becomes text, as OpenTelemetry's mapping wants it (DEC-9)."""
    expected = 'a number, "NaN", "Infinity" or "-Infinity"'
    if isinstance(raw, Token):
        findings.error("DEC-9", path, expected, shown(raw), "read as that")
        return float(raw.text)
    written = raw.text if isinstance(raw, Number) else str(raw) if type(raw) is int else raw
    is_number = type(written) is str and _DOUBLE.fullmatch(written) is not None
    if not is_number and not (type(written) is str and written.lower() in _LENIENT_WORDS):
        findings.error("DEC-9", path, expected, shown(raw), _LEFT_OUT)
        return None
    value = float(written)
    if is_number and math.isinf(value):
        findings.error("DEC-9", path, "a number within a double's range", shown(raw), "read as text")
        return str(written)
    if not is_number and written not in _DOUBLE_WORDS:
        findings.error("DEC-9", path, expected, shown(raw), f"read as {value}")
    return value


def octets(raw: Any, path: Path, findings: Findings) -> bytes | None:
    """Bytes in one of ProtoJSON's four forms of base64: standard or URL-safe, padded or not (DEC-8)."""
    value = _base64(raw) if type(raw) is str else None
    if value is None:
        findings.error("DEC-8", path, "base64", shown(raw), _LEFT_OUT)
    elif "-" in raw or "_" in raw or len(raw) % 4:
        found = "another form, which the Collector refuses"
        findings.warn("ENC-6", path, "padded standard base64", found)
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
    """A whole number, bare or as decimal text; one of more than 40 digits is only known to be too large."""
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
        findings.error("DEC-5", path, "a whole number", shown(raw), f"read as {number}")
        return number
    findings.error("PROTO", path, "a whole number, bare or as decimal text", shown(raw), _LEFT_OUT)
    return None


def _integral(written: str) -> int | None:
    """The whole number of at most 40 digits that a form such as ``1.0`` or ``1e2`` stands for (DEC-5)."""
    if len(written) > _MAX_DIGITS or not _SHORT_DOUBLE.fullmatch(written):
        return None
    value = Decimal(written)
    return int(value) if value.adjusted() < _MAX_DIGITS and value == value.to_integral_value() else None
