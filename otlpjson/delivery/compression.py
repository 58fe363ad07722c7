# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How the body of a request is compressed."""

from __future__ import annotations

import zlib
from typing import Callable, Final

import attrs

__all__ = ["GZIP", "UNCOMPRESSED", "Compression"]

# The fastest level: it saves most of the bytes, and the program pays for the rest in CPU time.
_GZIP_LEVEL: Final = 1
_GZIP_WINDOW: Final = 31


def _gzip(body: bytes) -> bytes:
    # zlib writes no time stamp, so that sending a body again sends the same bytes.
    packing = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    return packing.compress(body) + packing.flush()


@attrs.frozen(kw_only=True)
class Compression:
    """
    A way to compress bodies.

    Attributes:
        encoding:
            Its name in ``Content-Encoding``. Every OTLP receiver accepts ``gzip``; of ``identity``,
            which changes nothing, the header says nothing.

        compress: From the body to the bytes that are sent, such as ``isal.igzip.compress``.
    """

    encoding: str = "gzip"
    compress: Callable[[bytes], bytes] = attrs.field(default=_gzip, repr=False)


GZIP: Final = Compression()
UNCOMPRESSED: Final = Compression(encoding="identity", compress=bytes)
