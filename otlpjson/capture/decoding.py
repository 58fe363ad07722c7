# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The content codings of HTTP, undone piece by piece on a copy of what a client receives."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Callable, Final

__all__ = ["Decode", "decoding"]

Decode = Callable[[bytes], bytes]
"""Takes the next encoded bytes and returns the decoded bytes that they complete."""

_ANY_ZLIB: Final = zlib.MAX_WBITS | 32
# A zlib header's first byte names the method in its lower half: 8, deflate.
_ZLIB_METHOD: Final = 8
# What a frame begins with.
_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"


def decoding(codings: str) -> Decode | None:
    """
    What undoes these codings.

    Args:
        codings: The value of ``Content-Encoding``; empty if there is none.

    Returns:
        ``None`` for a coding that is unknown, or whose library is not installed.
    """
    names = [name.strip().lower() for name in codings.split(",")]
    makers = [_MAKERS.get(name) for name in names if name not in ("", "identity")]
    steps = [None if make is None else make() for make in reversed(makers)]
    known = [step for step in steps if step is not None]
    if len(known) < len(steps):
        return None

    def decode(data: bytes) -> bytes:
        for step in known:
            data = step(data)
        return data

    return decode


def _gzip() -> Decode:
    return _of_frames(lambda: zlib.decompressobj(_ANY_ZLIB), _GZIP_MAGIC)


def _of_frames(new: Callable[[], Any], magic: bytes) -> Decode:
    """For a coding that may be several frames, each of which needs a decompressor of its own."""
    frame = new()

    def decode(data: bytes) -> bytes:
        nonlocal frame
        decoded = b""
        while data:
            if frame.eof:
                # Padding may follow the last one.
                if not magic.startswith(data[: len(magic)]):
                    break
                frame = new()
            decoded += frame.decompress(data)
            data = frame.unused_data
        return decoded

    return decode


def _deflate() -> Decode:
    """With the header that the standard asks for, or without it, as some servers send it."""
    inflate: Decode | None = None

    def decode(data: bytes) -> bytes:
        nonlocal inflate
        if inflate is None and data:
            has_header = data[0] & 0x0F == _ZLIB_METHOD
            inflate = zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS).decompress
        return b"" if inflate is None else inflate(data)

    return decode


def _brotli() -> Decode | None:
    # The names of the library that httpx, aiohttp and urllib3 use, whichever of the two is installed.
    for name in ("brotli", "brotlicffi"):
        library = _library(name)
        if library is not None:
            decompressor = library.Decompressor()
            decode: Decode = getattr(decompressor, "process", None) or decompressor.decompress
            return decode
    return None


def _zstd() -> Decode | None:
    for name in ("compression.zstd", "backports.zstd"):
        library = _library(name)
        if library is not None:
            return _of_frames(library.ZstdDecompressor, _ZSTD_MAGIC)
    library = _library("zstandard")
    if library is None:
        return None
    return _of_frames(library.ZstdDecompressor().decompressobj, _ZSTD_MAGIC)


def _library(name: str) -> Any:
    """A module that may not be installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


_MAKERS: Final[Mapping[str, Callable[[], Decode | None]]] = MappingProxyType(
    {
        "gzip": _gzip,
        "x-gzip": _gzip,
        "deflate": _deflate,
        "br": _brotli,
        "zstd": _zstd,
    }
)
