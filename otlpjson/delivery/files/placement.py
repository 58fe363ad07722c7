# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The file that an entry belongs in, by the first span in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Final

import attrs

from ...core.bodies import join
from ...core.decoder import decode_lenient
from ...core.entry import Entry
from .template import FIELD

__all__ = ["path_of"]

_STRANGE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_MAX_NAME: Final = 100
_UNKNOWN: Final = "unknown"
# Whoever maps requests names the attribute; any that ends like this is meant.
_KEY_NAME: Final = ".api_key_name"


@attrs.frozen(kw_only=True)
class _Facts:
    """What a path can be made of."""

    start_ns: int
    trace_id: str
    api_key_name: str

    def fields(self) -> Mapping[str, str]:
        moment = datetime.fromtimestamp(self.start_ns // 1_000_000_000, timezone.utc)
        return {
            "date": moment.strftime("%Y-%m-%d"),
            "hour": moment.strftime("%H"),
            "trace_id": self.trace_id,
            "api_key_name": _file_name(self.api_key_name),
        }


def path_of(template: str, entry: Entry) -> str:
    """The path for an entry, with slashes; made of the first span in it."""
    facts = _facts(entry)
    fields = facts.fields()
    return re.sub(FIELD, lambda found: fields[found[1]], template)


def _facts(entry: Entry) -> _Facts:
    for group in decode_lenient(join([entry])).traces.resource_spans:
        for scope in group.scope_spans:
            for span in scope.spans:
                named = [value for key, value in span.attributes.items() if key.endswith(_KEY_NAME)]
                return _Facts(
                    start_ns=span.start_ns,
                    trace_id=span.trace_id,
                    api_key_name=str(named[0]) if named else _UNKNOWN,
                )
    return _Facts(start_ns=0, trace_id=_UNKNOWN, api_key_name=_UNKNOWN)


def _file_name(text: str) -> str:
    """A name that is one on every system, and no way out of the folder."""
    return _STRANGE.sub("_", text)[:_MAX_NAME].strip(".") or _UNKNOWN
