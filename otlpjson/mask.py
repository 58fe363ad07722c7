# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The values of some attributes in a body's text, replaced in place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from .json_text import STRING

__all__ = ["masked"]

_ATTRIBUTE: Final = re.compile(
    rf'("key"\s*:\s*({STRING})\s*,\s*"value"\s*:\s*\{{\s*"\w+"\s*:\s*)({STRING}|[-+.0-9A-Za-z]+)'
)


def masked(text: str, attributes: Mapping[str, str | int]) -> str:
    """
    The text with these values for the attributes with these keys, wherever they stand.

    A text stays a text and a bare number a bare one, as their writer had them; lists and maps
    are left alone.
    """
    if not attributes:
        return text

    def of_attribute(match: re.Match[str]) -> str:
        key = json.loads(match[2], strict=False)
        if key not in attributes:
            return match[0]
        value = attributes[key]
        return match[1] + (json.dumps(str(value)) if match[3].startswith('"') else json.dumps(value))

    return _ATTRIBUTE.sub(of_attribute, text)
