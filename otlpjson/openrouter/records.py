# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Records read from the lines of a file: JSON Lines, or JSON objects over several lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from ..core.errors import InvalidDocument
from ..core.json_text import TOO_DEEP, not_utf_8
from ..core.lines import documents
from .document import found
from .generation import Generation
from .read import read_parsed

__all__ = ["Line", "read_document", "read_lines"]


@attrs.frozen(kw_only=True)
class Line:
    """
    The result of reading one record of a file: a generation or an error.

    Attributes:
        number: The record's line, counted from 1; its first, if it has several.

        generation: The record as a generation; ``None`` if it cannot be read.

        error: Why it cannot be read; ``None`` if it can.
    """

    number: int
    generation: Generation | None = None
    error: InvalidDocument | None = None


def read_lines(lines: Iterable[bytes]) -> Iterator[Line]:
    """
    Reads records, one JSON object per line or over several lines.

    A record that cannot be read gives a ``Line`` with an error, and reading goes on.

    Args:
        lines: The lines of a file in UTF-8. ``core.lines`` decides which lines belong together.

    Returns:
        One result per record, in order.
    """
    for number, text in documents(lines):
        yield read_document(number, text)


def read_document(number: int, text: bytes) -> Line:
    """
    Reads one record of a file.

    Args:
        number: Its line.

        text: One JSON object.
    """
    try:
        return Line(number=number, generation=read_parsed(_parse(text)))
    except InvalidDocument as error:
        return Line(number=number, error=error)


def _parse(text: bytes) -> Any:
    # Decoded first: from bytes, json.loads would guess UTF-16 or UTF-32.
    try:
        value = json.loads(text.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidDocument.because("record", not_utf_8(error)) from None
    except json.JSONDecodeError as error:
        what = f"text that is not JSON: {error.msg}, line {error.lineno} column {error.colno}"
        raise InvalidDocument("record", "one JSON object", what) from None
    except RecursionError:
        raise InvalidDocument.because("record", TOO_DEEP) from None
    except ValueError:
        # Python refuses to read integers of more than 4,300 digits.
        raise InvalidDocument.because("record", "number too long") from None
    if type(value) is not dict:
        raise InvalidDocument("record", "one JSON object", found(value))
    return value
