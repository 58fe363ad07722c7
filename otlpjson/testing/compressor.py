# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The content codings of HTTP, applied piece by piece, so that each piece can be read when it arrives."""

from __future__ import annotations

import zlib
from importlib import import_module
from types import MappingProxyType
from typing import Any, Callable, Final, Protocol

__all__ = ["Compressor", "compressor"]

_WBITS: Final = MappingProxyType({"gzip": 31, "deflate": 15})


class Compressor(Protocol):
    """What compresses one body."""

    def piece(self, data: bytes) -> bytes:
        """The next bytes, which can be decoded without what follows."""

    def end(self) -> bytes:
        """The last bytes."""


def compressor(coding: str) -> Compressor:
    """
    What compresses a body.

    Args:
        coding: ``gzip``, ``deflate`` or ``br``.

    Raises:
        ImportError: The package ``brotli`` is not installed.
    """
    return _Brotli(import_module("brotli").Compressor()) if coding == "br" else _Zlib(_WBITS[coding])


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._compressor = zlib.compressobj(wbits=wbits)

    def piece(self, data: bytes) -> bytes:
        return self._compressor.compress(data) + self._compressor.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self._compressor.flush()


class _Brotli:
    def __init__(self, compressor: Any) -> None:
        self._process: Callable[[bytes], bytes] = compressor.process
        self._flush: Callable[[], bytes] = compressor.flush
        self.end: Callable[[], bytes] = compressor.finish

    def piece(self, data: bytes) -> bytes:
        return self._process(data) + self._flush()
