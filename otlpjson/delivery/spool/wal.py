# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The frames of a write-ahead log, each with whether it is as it was written.

sqlite forgets all that follows a damaged frame, which is right for a log whose end is torn and
wrong for one that was damaged later. Source: "WAL-mode File Format", sqlite.org/walformat.html.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from struct import unpack_from
from typing import Final

import attrs

from .schema import PAGE_BYTES

__all__ = ["Frame", "frames", "is_damaged"]

_HEAD_BYTES: Final = 32
_FRAME_HEAD_BYTES: Final = 24
_STEP: Final = _FRAME_HEAD_BYTES + PAGE_BYTES
_MAGIC: Final = 0x377F0682
_MASK: Final = 0xFFFFFFFF


@attrs.frozen
class Frame:
    """
    One page as a transaction left it.

    Attributes:
        number: Which page.

        page: Its bytes.

        commits: Whether it ends a transaction.

        is_whole: Whether its checksum is right.
    """

    number: int
    page: bytes
    commits: bool
    is_whole: bool


def frames(log: bytes) -> Iterator[Frame]:
    """The frames of a log since it was last begun anew; damaged ones too."""
    if len(log) < _HEAD_BYTES:
        return
    magic, _, _, _, salt_1, salt_2, *_ = unpack_from(">8I", log)
    order = ">" if magic & 1 else "<"
    salt = (salt_1, salt_2)
    if not _head_is_whole(log):
        # sqlite sums in the order of the machine, and adds one to the salt when it begins a log anew.
        order = ">" if sys.byteorder == "big" else "<"
        salt = max((salt for salt, frame in _salted(log, order) if frame.is_whole), default=salt)
    for own, frame in _salted(log, order):
        yield frame if own == salt else attrs.evolve(frame, is_whole=False)


def _salted(log: bytes, order: str) -> Iterator[tuple[tuple[int, int], Frame]]:
    """Each frame with its salt, which is the same for all that belong together, and not part of the sum."""
    seed: tuple[int, int] = unpack_from(">II", log, _HEAD_BYTES - 8)
    for at in range(_HEAD_BYTES, len(log) - _STEP + 1, _STEP):
        number, size, salt_1, salt_2, sum_1, sum_2 = unpack_from(">6I", log, at)
        page = log[at + _FRAME_HEAD_BYTES : at + _STEP]
        is_whole = _sums(page, _sums(log[at : at + 8], seed, order), order) == (sum_1, sum_2)
        yield (salt_1, salt_2), Frame(number, page, size > 0, is_whole)
        # The next one was summed from this one's sum, whether or not this one is whole.
        seed = (sum_1, sum_2)


def is_damaged(log: bytes) -> bool:
    """Whether a part of it is not as it was written although transactions after that part are."""
    broken = not _head_is_whole(log)
    for frame in frames(log):
        broken = broken or not frame.is_whole
        if broken and frame.is_whole and frame.commits:
            return True
    return False


def _head_is_whole(log: bytes) -> bool:
    if len(log) < _HEAD_BYTES:
        return False
    magic, *_, sum_1, sum_2 = unpack_from(">8I", log)
    order = ">" if magic & 1 else "<"
    return magic & ~1 == _MAGIC and _sums(log[:24], (0, 0), order) == (sum_1, sum_2)


def _sums(data: bytes, seed: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = seed
    words = iter(unpack_from(f"{order}{len(data) // 4}I", data))
    for one, two in zip(words, words):
        first = (first + one + second) & _MASK
        second = (second + two + first) & _MASK
    return first, second
