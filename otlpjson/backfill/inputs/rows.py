# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The rows of a file: of CSV, of JSON Lines, or of one JSON array."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final, Union

from ...core.errors import InvalidDocument
from ...core.json_text import BYTE_ORDER_MARK
from ...core.lines import BLANK, documents

__all__ = [
    "LINES_LOOKED_AT",
    "Row",
    "is_json",
    "is_list_of_rows",
    "rows_of",
    "rows_of_csv",
    "rows_of_documents",
]

Row = tuple[int, Union[Mapping[str, Any], InvalidDocument]]
"""The line on which a row begins, and the row; or why it cannot be read."""

LINES_LOOKED_AT: Final = 10
"""How many lines are looked at to tell JSON from CSV."""

_JSON: Final = (b"{", b"[")
# Prompts are longer than the 131,072 characters that are usual in a field of CSV.
_MAX_FIELD: Final = 2**31 - 1
# Where exports put the list that they are about.
_LISTS: Final = ("data", "observations")


def rows_of(lines: Iterable[bytes]) -> Iterator[Row]:
    """The rows of a file; one that cannot be read is given with its error, and the next follows."""
    rest = iter(lines)
    first = list(islice(rest, LINES_LOOKED_AT))
    whole = chain(first, rest)
    if is_json(first):
        yield from rows_of_documents(documents(whole))
    else:
        yield from rows_of_csv(whole)


def is_json(first: Iterable[bytes]) -> bool:
    """Whether a file that begins with these lines is JSON, and not CSV; the first line may be damaged."""
    texts = [text for line in first if (text := line.strip(BLANK))]
    return bool(texts) and (
        texts[0][:1] in _JSON or any(isinstance(_value(text), dict) for text in texts[1:])
    )


def is_list_of_rows(text: bytes) -> bool:
    """Whether JSON text is a list of rows, or an object around one, and not a row."""
    value = _value(text)
    return isinstance(value, list) or (isinstance(value, Mapping) and _listed(value) != [value])


def _value(text: bytes) -> Any:
    """The value of JSON text; ``None`` if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def rows_of_documents(texts: Iterable[tuple[int, bytes]]) -> Iterator[Row]:
    """The rows in JSON texts, each with the number of its text."""
    for number, text in texts:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            yield number, InvalidDocument("row", "a JSON object", "text that is no JSON")
            continue
        for row in _listed(value):
            if isinstance(row, Mapping):
                yield number, row
            else:
                yield number, InvalidDocument("row", "a JSON object", type(row).__name__)


def _listed(value: Any) -> list[Any]:
    """The rows in a value: its items, if it is a list or an object around one."""
    if isinstance(value, Mapping):
        inside = [value[name] for name in _LISTS if isinstance(value.get(name), list)]
        return inside[0] if inside and "request" not in value else [value]
    return value if isinstance(value, list) else [value]


def rows_of_csv(lines: Iterable[bytes]) -> Iterator[Row]:
    """The rows of CSV, each with the line where it begins; the first that is not blank names the columns."""
    csv.field_size_limit(_MAX_FIELD)
    # A quoted field may hold line ends, so the reader counts lines by itself.
    text = (line.decode("utf-8", "replace") for line in lines)
    reader = csv.reader(text)
    # Blank lines before the header are empty rows.
    header = [name.lstrip(BYTE_ORDER_MARK) for name in next(filter(None, reader), [])]
    while True:
        number = reader.line_num + 1
        try:
            fields = next(reader, None)
        except csv.Error:
            yield number, InvalidDocument("row", "CSV", "text that is none")
            continue
        if fields is None:
            return
        if len(fields) == len(header):
            yield number, dict(zip(header, fields))
        elif fields:
            yield number, InvalidDocument("row", f"{len(header)} fields", f"{len(fields)}")
