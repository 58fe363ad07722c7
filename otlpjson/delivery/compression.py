# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How the body of a request is compressed."""

from __future__ import annotations

import gzip
from typing import Callable, Final

import attrs

__all__ = ["GZIP", "Compression"]

# The fastest level: it saves most of the bytes, and the program pays for the rest in CPU time.
_GZIP_LEVEL: Final = 1


def _gzip(body: bytes) -> bytes:
    # Without a time stamp, so that sending a body again sends the same bytes.
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


@attrs.frozen(kw_only=True)
class Compression:
    """
    A way to compress bodies.

    Attributes:
        encoding: Its name in ``Content-Encoding``. Every OTLP receiver accepts ``gzip``.

        compress: From the body to the bytes that are sent, such as ``isal.igzip.compress``.
    """

    encoding: str = "gzip"
    compress: Callable[[bytes], bytes] = attrs.field(default=_gzip, repr=False)


GZIP: Final = Compression()
