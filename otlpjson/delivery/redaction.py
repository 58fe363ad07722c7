# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Secrets taken out of foreign text, in every form in which a server may quote them."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote

from .secret import Secret

__all__ = ["redacted"]

_REDACTED: Final = "[secure]"
_RECOGNISABLE: Final = 8
"""This many consecutive characters of a secret are never shown."""
_REPEATED: Final = re.compile(rf"(?:{re.escape(_REDACTED)})+")


def redacted(text: str, secrets: Iterable[str | Secret]) -> str:
    """The text with ``[secure]`` for every secret and every recognisable part of one."""
    plain = [secret.reveal() if isinstance(secret, Secret) else secret for secret in secrets]
    forms = list(dict.fromkeys(form for secret in plain for form in _forms(secret)))
    for secret in filter(None, forms):
        text = text.replace(secret, _REDACTED)
    # A server may cut or escape a secret; its parts are removed as well.
    width = _RECOGNISABLE
    pieces = {secret[at : at + width] for secret in forms for at in range(len(secret) - width + 1)}
    shown: list[str] = []
    hidden_until = 0
    for at, character in enumerate(text):
        if text[at : at + width] in pieces:
            shown += [_REDACTED] if at >= hidden_until else []
            hidden_until = at + width
        elif at >= hidden_until:
            shown.append(character)
    return _REPEATED.sub(_REDACTED, "".join(shown))


def _forms(secret: str) -> Iterator[str]:
    """A secret as it is, backwards, and as JSON, a URL, base64 and hex write it."""
    octets = secret.encode("utf-8", "replace")
    yield from (secret, json.dumps(secret)[1:-1], quote(secret, safe=""))
    encoded = [secret[::-1], octets.hex(), octets.hex().upper()]
    for shift in range(3):
        # Inside a longer text it may begin at any third; what its neighbours have a part in is left out.
        whole = base64.b64encode(bytes(shift) + octets).decode("ascii")[4 * bool(shift) :].rstrip("=")[:-1]
        encoded += [whole, whole.replace("+", "-").replace("/", "_")]
    # Those of a secret of a few characters are in every other word.
    yield from (form for form in encoded if len(form) >= _RECOGNISABLE)
