# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Files that are compressed with gzip or Zstandard, read as if they were not."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, Any, BinaryIO, Final, cast

from ..optional import optional

__all__ = ["head_of", "is_compressed", "unpacked"]

_GZIP: Final = b"\x1f\x8b"
_ZSTANDARD: Final = b"\x28\xb5\x2f\xfd"


def unpacked(file: BinaryIO) -> Iterable[bytes]:
    """
    The lines of a file; of one that is not compressed, the file itself.

    Raises:
        ConfigError: It is compressed with Zstandard, and the package ``zstandard`` is not installed.
        OSError: Raised by the lines: what is compressed is damaged, or ends early.
    """
    head = head_of(file, len(_ZSTANDARD))
    if head.startswith(_GZIP):
        return _lines(gzip.GzipFile(fileobj=file))
    if head == _ZSTANDARD:
        return _lines(_zstandard(file))
    return file


def is_compressed(file: BinaryIO) -> bool:
    """Whether ``unpacked`` would change anything; the file is read from its beginning afterwards."""
    head = head_of(file, len(_ZSTANDARD))
    return head.startswith(_GZIP) or head == _ZSTANDARD


def head_of(file: BinaryIO, size: int) -> bytes:
    """The first bytes, which are still read afterwards; nothing if that cannot be."""
    peek = getattr(file, "peek", None)
    if peek is not None:
        return cast(bytes, peek(size)[:size])
    if not file.seekable():
        return b""
    place = file.tell()
    head = file.read(size)
    file.seek(place)
    return head


def _zstandard(file: BinaryIO) -> IO[bytes]:
    decompressor = optional("zstandard", "zstd").ZstdDecompressor()
    reader: Any = decompressor.stream_reader(file, read_across_frames=True)
    return io.BufferedReader(reader)


def _lines(file: Iterable[bytes]) -> Iterator[bytes]:
    lines = iter(file)
    while True:
        try:
            line = next(lines, None)
        except (EOFError, zlib.error) as error:
            raise OSError(f"the compressed input is damaged: {error}") from None
        if line is None:
            return
        yield line
