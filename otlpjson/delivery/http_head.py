# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The first line and the headers of an HTTP request as bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from .exchange import Request

__all__ = ["head_of"]

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
# No control characters, of which a line break would begin another header, and no space at either end.
_VALUE: Final = re.compile(r"(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?")


def head_of(request: Request, target: str, host: str, extra: Iterable[tuple[str, str]] = ()) -> bytes:
    """
    Everything of a request before its body.

    Args:
        target: What is asked for: a path with its query or, for a proxy, a whole URL.

        host: The value of ``Host``.

        extra: Headers besides those of the request.

    Raises:
        ValueError: A header cannot be sent.
    """
    lines = [f"{request.method} {target} HTTP/1.1", f"Host: {host}"]
    for name, value in (*request.headers, ("Content-Length", str(len(request.body))), *extra):
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise ValueError("a header that cannot be sent")
        lines.append(f"{name}: {value}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
