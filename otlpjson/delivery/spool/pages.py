# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The rows on the pages of a damaged database, read without the tree above them.

Source: "Database File Format", sqlite.org/fileformat2.html, sections 1.6, 2.1 and 4.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from struct import unpack_from
from typing import Any, Final

from .schema import PAGE_BYTES

__all__ = ["Pages", "free_pages", "key_rows", "table_rows"]

_TABLE_LEAF: Final = 0x0D
_KEY_LEAF: Final = 0x0A
_KEY_INNER: Final = 0x02
_FIRST_HEADER: Final = 100
"""The first page begins with the header of the file."""
_INTEGER_BYTES: Final = (0, 1, 2, 3, 4, 6, 8)
_TEXT: Final = 13

Pages = Mapping[int, bytes]
"""Each page by its number; the first is 1."""


def table_rows(pages: Pages, number: int) -> Iterator[tuple[int, list[Any]]]:
    """The rows of a page of a table with row ids, each with its id; without those that cannot be read."""
    for cell in _cells(pages[number], number, (_TABLE_LEAF,)):
        try:
            size, at = _varint(pages[number], cell)
            row_id, at = _varint(pages[number], at)
            # What of a row stays on its page; section 1.6.
            yield row_id, _record(_payload(pages, pages[number], at, size, PAGE_BYTES - 35))
        except (IndexError, KeyError, ValueError):
            continue


def key_rows(pages: Pages, number: int) -> Iterator[list[Any]]:
    """The rows of a page of a table without row ids; without those that cannot be read."""
    page = pages[number]
    for cell in _cells(page, number, (_KEY_LEAF, _KEY_INNER)):
        try:
            size, at = _varint(page, cell + (4 if page[0] == _KEY_INNER else 0))
            yield _record(_payload(pages, page, at, size, (PAGE_BYTES - 12) * 64 // 255 - 23))
        except (IndexError, KeyError, ValueError):
            continue


def free_pages(pages: Pages) -> frozenset[int]:
    """The pages that are not in use, as far as the list of them can be followed."""
    free: set[int] = set()
    try:
        trunk = int.from_bytes(pages[1][32:36], "big")
        while trunk and trunk not in free:
            free.add(trunk)
            page = pages[trunk]
            trunk, count = unpack_from(">II", page)
            free.update(unpack_from(f">{min(count, PAGE_BYTES // 4 - 2)}I", page, 8))
    except KeyError:
        pass
    return frozenset(free)


def _cells(page: bytes, number: int, kinds: tuple[int, ...]) -> Iterator[int]:
    """Where the cells of a page begin; none if it is of another kind."""
    start = _FIRST_HEADER if number == 1 else 0
    kind = page[start]
    if kind in kinds:
        first = start + (12 if kind == _KEY_INNER else 8)
        count = min(int.from_bytes(page[start + 3 : start + 5], "big"), (PAGE_BYTES - first) // 2)
        yield from unpack_from(f">{count}H", page, first)


def _payload(pages: Pages, page: bytes, at: int, size: int, most: int) -> bytes:
    """The bytes of a row, with those that lie on further pages."""
    if size <= most:
        return page[at : at + size]
    least = (PAGE_BYTES - 12) * 32 // 255 - 23
    here = least + (size - least) % (PAGE_BYTES - 4)
    here = here if here <= most else least
    parts, left = [page[at : at + here]], size - here
    following = int.from_bytes(page[at + here : at + here + 4], "big")
    if left > len(pages) * PAGE_BYTES:
        raise ValueError("longer than the file")
    while left > 0:
        more = pages[following]
        parts.append(more[4 : 4 + min(left, PAGE_BYTES - 4)])
        left -= len(parts[-1])
        following = int.from_bytes(more[:4], "big")
    return b"".join(parts)


def _record(payload: bytes) -> list[Any]:
    """The values of a row."""
    head_size, at = _varint(payload, 0)
    values: list[Any] = []
    body = head_size
    while at < head_size:
        kind, at = _varint(payload, at)
        value, body = _value(payload, kind, body)
        values.append(value)
    return values


def _value(payload: bytes, kind: int, at: int) -> tuple[Any, int]:
    """A value of this serial type, and where the next begins."""
    if kind < len(_INTEGER_BYTES):
        end = at + _INTEGER_BYTES[kind]
        return (None if kind == 0 else int.from_bytes(payload[at:end], "big", signed=True)), end
    if kind in (8, 9):
        return kind - 8, at
    if kind < _TEXT - 1:
        raise ValueError("a type that no row has")
    end = at + (kind - _TEXT + 1) // 2 if kind % 2 == 0 else at + (kind - _TEXT) // 2
    if end > len(payload):
        raise ValueError("cut")
    data = payload[at:end]
    return (data if kind % 2 == 0 else data.decode("utf-8")), end


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and what follows it."""
    value = 0
    for count in range(8):
        byte = data[at + count]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    return value << 8 | data[at + 8], at + 9
