# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""JSON indented for review: one token per line, each token byte for byte as it was."""

from __future__ import annotations

import re
from typing import Final

from ..core.json_text import STRING

__all__ = ["indented"]

# The last two alternatives are for text that is not JSON: nothing of it may be lost.
_TOKEN: Final = re.compile(STRING.encode("ascii") + rb'|[{}\[\],:]|[^ \t\r\n{}\[\],:"]+|"', re.DOTALL)
_OPENING: Final = frozenset({b"{", b"["})
_CLOSING: Final = frozenset({b"}", b"]"})
_JOINS: Final = frozenset({b",", b":"})


def indented(body: bytes) -> bytes:
    """
    The same tokens in the same order, with other white space between them.

    Numbers keep their form and strings their escapes. Empty objects and lists stay on one line.
    Several documents follow each other. Bytes that are not JSON lose nothing but white space.
    """
    # Not json.loads and json.dumps: they would hide differences that a golden file is there to show.
    lines: list[bytes] = []
    depth = 0
    before = b""
    for token in _TOKEN.findall(body):
        if token in _CLOSING:
            depth = max(depth - 1, 0)
        if not lines or _begins_a_line(token, before):
            lines.append(b" " * depth)
        lines[-1] += b" " + token if before == b":" else token
        if token in _OPENING:
            depth += 1
        before = token
    return b"".join(line + b"\n" for line in lines)


def _begins_a_line(token: bytes, before: bytes) -> bool:
    if token in _CLOSING:
        return before not in _OPENING
    return token not in _JOINS and before != b":"
