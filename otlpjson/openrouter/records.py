# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Records out of the lines of a file: JSON Lines, or one JSON object over several lines."""

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
from .read import read_record

__all__ = ["Line", "read_lines"]


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

    Which lines make a record, ``core.lines`` says.
    """
    for number, text in documents(lines):
        try:
            yield Line(number=number, generation=read_record(_parse(text)))
        except InvalidDocument as error:
            yield Line(number=number, error=error)


def _parse(text: bytes) -> Any:
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
