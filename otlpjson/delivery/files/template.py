# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The template of a file's path, such as ``llm/{date}/{trace_id}.json``."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["DEFAULT_TEMPLATE", "EXPECTED_TEMPLATE", "FIELD", "is_template"]

DEFAULT_TEMPLATE: Final = "{date}/{trace_id}.json"
EXPECTED_TEMPLATE: Final = (
    "a relative path with {date}, {hour}, {trace_id} and {api_key_name} that ends with .jsonl, or contains "
    "{trace_id} and ends with .json"
)
"""What a template is, in words."""

_FIELDS: Final = ("date", "hour", "trace_id", "api_key_name")
# Compiled when they are used, by ``re``, which remembers them: few programs write files.
FIELD: Final = r"\{([^{}]*)\}"
"""The pattern of a field of a template, with its name."""
_PART: Final = r"[^/\\\x00-\x1f:*?\"<>|]+"
_MAX_TEMPLATE: Final = 200


def is_template(text: object) -> bool:
    """Whether a text is a template that stays inside its folder."""
    if not isinstance(text, str) or not 0 < len(text) <= _MAX_TEMPLATE:
        return False
    fields = re.findall(FIELD, text)
    literal = re.sub(FIELD, "x", text)
    parts = literal.split("/")
    if "{" in literal or "}" in literal:
        return False
    # No part may lead out of the folder.
    if not all(re.fullmatch(_PART, part) and part.strip(". ") for part in parts):
        return False
    if not set(fields) <= set(_FIELDS):
        return False
    return text.endswith(".jsonl") or (text.endswith(".json") and "trace_id" in fields)
