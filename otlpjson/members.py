# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The members of a JSON object that a message of OTLP knows, and the items of a list of them."""

from __future__ import annotations

import re
from typing import Any, Final

from .finding import Findings, Path
from .json_text import Repeated, shown

__all__ = ["items_of", "members_of"]

_NEW_WORD: Final = re.compile("_([a-z])")
_LONGEST: Final = 40
"""No member of OTLP has as long a name; what is longer costs no time."""


def members_of(raw: Any, known: frozenset[str], path: Path, findings: Findings) -> dict[str, Any] | None:
    """
    The known members of an object, those that are null aside; ``None`` where there is no object.

    Unknown ones are ignored with a warning (DEC-7). One in snake_case is unknown too, but a lenient
    reading takes it for what it means (DEC-6). Of a member given twice the last one counts.
    """
    if type(raw) is dict:
        # Most objects are like this.
        return raw if raw.keys() <= known and None not in raw.values() else _known(raw, known, path, findings)
    if isinstance(raw, Repeated):
        for name in raw.names:
            findings.error(
                "JSON", (path, name), "each member once", "the member twice", "the last one counts"
            )
        return _known(raw.members, known, path, findings)
    findings.error("DEC-10" if raw is None else "PROTO", path, "an object", shown(raw), "left out")
    return None


def items_of(raw: Any, path: Path, findings: Findings) -> list[Any]:
    """The items of a list; none where there is no list."""
    if type(raw) is list:
        return raw
    findings.error("PROTO", path, "a list", shown(raw), "left out")
    return []


def _known(raw: dict[str, Any], known: frozenset[str], path: Path, findings: Findings) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in raw.items():
        if value is None:
            findings.warn("ENC-8", (path, name), "no null", "null", "the same as absent")
            continue
        if name in known:
            members[name] = value
            continue
        meant = _in_camel_case(name) if "_" in name and len(name) <= _LONGEST else name
        if meant not in known or meant in raw:
            findings.warn("DEC-7", (path, name), "a member of OTLP", "an unknown one", "ignored")
        elif findings.strict:
            findings.warn("DEC-6", (path, name), f"the name {meant}", "snake_case", "ignored")
        else:
            findings.warn("DEC-6", (path, name), f"the name {meant}", "snake_case", f"read as {meant}")
            members[meant] = value
    return members


def _in_camel_case(name: str) -> str:
    return _NEW_WORD.sub(lambda match: match[1].upper(), name)
