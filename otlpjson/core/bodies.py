# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Encoded entries, joined to request bodies.

An entry is the JSON of one element of a body's list of groups. Delivery joins, splits and
sets aside entries without looking inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from .entry import Entry, size_only

__all__ = [
    "EMPTY",
    "HEAD",
    "MAX_BODY_BYTES",
    "MAX_MESSAGE_BYTES",
    "TAIL",
    "Body",
    "fill",
    "join",
]

MAX_MESSAGE_BYTES: Final = 15 * 1024 * 1024
"""The largest message that Grafana's gateway accepts; grafana/tempo issue 3831."""

MAX_BODY_BYTES: Final = 500_000
"""Grafana Cloud's default burst, counted in protobuf, which is never larger than our JSON (SND-3)."""

HEAD: Final = b'{"resourceSpans":['

TAIL: Final = b"]}"

EMPTY: Final = b"{}"
"""What surrounds a body's entries, and a body without entries (ENC-1)."""


@attrs.frozen(kw_only=True)
class Body:
    """
    What one request carries.

    Attributes:
        entries: In order; at least one.

        data: The bytes of the request, before compression.
    """

    entries: tuple[Entry, ...]
    data: bytes = attrs.field(init=False, repr=size_only)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "data", join(self.entries))

    @property
    def span_count(self) -> int:
        """How many spans the body holds."""
        return sum(entry.span_count for entry in self.entries)

    def halves(self) -> tuple[Body, Body]:
        """The body split in the middle of its entries; it must have two or more."""
        middle = len(self.entries) // 2
        return Body(entries=self.entries[:middle]), Body(entries=self.entries[middle:])


def join(entries: Iterable[Entry]) -> bytes:
    """The body that holds these entries; ``{}`` without any (ENC-1)."""
    pieces = [HEAD]
    for entry in entries:
        pieces += (entry.data, b",")
    if len(pieces) == 1:
        return EMPTY
    pieces[-1] = TAIL
    return b"".join(pieces)


def fill(entries: Iterable[Entry], max_bytes: int = MAX_BODY_BYTES) -> Iterator[Body]:
    """
    Entries in order as bodies of at most ``max_bytes`` each.

    An entry that is larger by itself makes a body alone. Entries are taken as they are
    needed, so an endless source is fine.
    """
    waiting: list[Entry] = []
    size = len(HEAD) + len(TAIL) - 1
    for entry in entries:
        if waiting and size + len(entry.data) + 1 > max_bytes:
            yield Body(entries=tuple(waiting))
            waiting, size = [], len(HEAD) + len(TAIL) - 1
        waiting.append(entry)
        size += len(entry.data) + 1
    if waiting:
        yield Body(entries=tuple(waiting))
