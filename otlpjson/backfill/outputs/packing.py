# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How files of lines are compressed, so that the same lines give the same bytes."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from types import MappingProxyType
from typing import Any, BinaryIO, Callable, Final, Literal, cast

import attrs

from ..optional import optional

__all__ = ["PACKINGS", "Packing"]

Packing = Literal["none", "gzip", "zstd"]

# A third of the time of the usual level 9, for files that are larger by some per cent.
_GZIP_LEVEL: Final = 6


@contextmanager
def _plain(file: BinaryIO) -> Iterator[BinaryIO]:
    yield file


@contextmanager
def _gzip(file: BinaryIO) -> Iterator[BinaryIO]:
    # Without a name and a time, which would differ from run to run.
    with gzip.GzipFile("", "wb", _GZIP_LEVEL, file, 0) as packed:
        yield cast(BinaryIO, packed)


@contextmanager
def _zstd(file: BinaryIO) -> Iterator[BinaryIO]:
    with _zstandard().ZstdCompressor().stream_writer(file, closefd=False) as packed:
        yield packed


def _zstandard() -> Any:
    return optional("zstandard", "zstd")


@attrs.frozen
class _Packed:
    suffix: str
    opened: Callable[[BinaryIO], AbstractContextManager[BinaryIO]]
    require: Callable[[], object]


PACKINGS: Final[Mapping[str, _Packed]] = MappingProxyType(
    {
        "none": _Packed("", _plain, lambda: None),
        "gzip": _Packed(".gz", _gzip, lambda: None),
        "zstd": _Packed(".zst", _zstd, _zstandard),
    }
)
"""By name: the end of a file's name, a context manager around it, and a check that raises ConfigError."""
