# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The rows of a file: of CSV, of JSON Lines, or of one JSON array."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final, Union

from ...core.errors import InvalidDocument
from ...core.json_text import BYTE_ORDER_MARK
from ...core.lines import BLANK, begun, documents

__all__ = ["Row", "is_list_of_rows", "rows_of", "rows_of_documents"]

Row = tuple[int, Union[Mapping[str, Any], InvalidDocument]]
"""The line on which a row begins, and the row; or why it cannot be read."""

_JSON: Final = (b"{", b"[")
# Prompts are longer than the 131,072 characters that are usual in a field of CSV.
_MAX_FIELD: Final = 2**31 - 1
# Where exports put the list that they are about.
_LISTS: Final = ("data", "observations")


def rows_of(lines: Iterable[bytes]) -> Iterator[Row]:
    """The rows of a file; one that cannot be read is given with its error, and the next follows."""
    first, rest = begun(lines)
    whole = chain(first, rest)
    if first and first[-1].strip(BLANK)[:1] in _JSON:
        yield from rows_of_documents(documents(whole))
    else:
        yield from _of_csv(whole)


def is_list_of_rows(text: bytes) -> bool:
    """Whether JSON text is an object around a list of rows, and not a row."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, Mapping) and _listed(value) != [value]


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


def _of_csv(lines: Iterable[bytes]) -> Iterator[Row]:
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
