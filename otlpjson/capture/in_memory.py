# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The body of a request, where it can be copied without reading what the client is to send."""

from __future__ import annotations

import io
from typing import Any

__all__ = ["in_memory"]


def in_memory(body: Any) -> Any:
    """Text or bytes; ``None`` for a file, an iterator or anything else that can be read once."""
    if isinstance(body, (bytes, str)):
        return body
    if isinstance(body, (bytearray, memoryview)):
        return bytes(body)
    return body.getvalue() if isinstance(body, (io.BytesIO, io.StringIO)) else None
