# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Records out of the lines of a file: JSON Lines, or one JSON object over several lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs

from ..errors import InvalidDocument, describe
from .generation import Generation
from .read import read_record

__all__ = ["Line", "read_lines"]

_BLANK: Final = b" \t\r\n\xef\xbb\xbf"
"""White space, and the byte order mark that some editors put first."""
_UNFINISHED: Final = (b"{", b"[", b",")


@attrs.frozen(kw_only=True)
class Line:
    """
    What one line of a file came to.

    Attributes:
        number: Counted from 1; of an object over several lines, its first.

        generation: The record it holds, or ``None``.

        error: Why it holds none, or ``None``.
    """

    number: int
    generation: Generation | None = None
    error: InvalidDocument | None = None


def read_lines(lines: Iterable[bytes]) -> Iterator[Line]:
    """
    One result per record, in order; a bad line does not end the reading.

    Blank lines are passed over. Where the first line ends in the middle of an object, as an
    editor or ``jq`` writes it, all lines together are one.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip(_BLANK))
    first = next(numbered, None)
    if first is None:
        return
    number, line = first
    if line.rstrip(_BLANK).endswith(_UNFINISHED):
        line += b"".join(further for _, further in numbered)
    yield _read(number, line)
    yield from (_read(*further) for further in numbered)


def _read(number: int, text: bytes) -> Line:
    try:
        return Line(number=number, generation=read_record(_parse(text)))
    except InvalidDocument as error:
        return Line(number=number, error=error)


def _parse(text: bytes) -> Any:
    try:
        value = json.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        found = f"byte {text[error.start]:#04x} at offset {error.start}"
        raise InvalidDocument("record", "UTF-8 text", found) from None
    except json.JSONDecodeError as error:
        found = f"text that is not JSON: {error.msg}, line {error.lineno} column {error.colno}"
        raise InvalidDocument("record", "one JSON object", found) from None
    except RecursionError:
        raise InvalidDocument("record", "JSON that a reader can follow", "too many nested values") from None
    except ValueError:
        raise InvalidDocument(
            "record", "numbers of a reasonable length", "one of thousands of digits"
        ) from None
    if type(value) is not dict:
        raise InvalidDocument("record", "one JSON object", describe(value))
    return value
