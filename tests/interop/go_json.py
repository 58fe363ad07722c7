# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Reads OTLP/JSON as programs written in Go write it, into plain tuples that can be compared.

Independent of the package and of the oracle: it knows the defaults of the proto's fields and
nothing of a canonical form. A member that it does not know is an error, so that nothing which
a server adds goes unseen.
"""

from __future__ import annotations

import base64
import json
from typing import Any, Final

import attrs

__all__ = ["Text", "spans"]

_GROUP: Final = frozenset({"resource", "scopeSpans", "schemaUrl"})
_SCOPE_SPANS: Final = frozenset({"scope", "spans", "schemaUrl"})
_OWNER: Final = frozenset({"attributes", "droppedAttributesCount"})
_SCOPE: Final = _OWNER | {"name", "version"}
_EVENT: Final = _OWNER | {"timeUnixNano", "name"}
_LINK: Final = _OWNER | {"traceId", "spanId", "traceState", "flags"}
_STATUS: Final = frozenset({"code", "message"})
_SPAN: Final = _OWNER | {
    *("traceId", "spanId", "traceState", "parentSpanId", "flags", "name", "kind"),
    *("startTimeUnixNano", "endTimeUnixNano", "status"),
    *("events", "droppedEventsCount", "links", "droppedLinksCount"),
}


@attrs.frozen
class Text:
    """A number as it was written: only its place in the message says whether it is an integer."""

    digits: str


def spans(body: str | bytes) -> list[dict[str, Any]]:
    """Every span of a body, in order, each with the resource and the scope that it stands in."""
    document = json.loads(body, parse_int=Text, parse_float=Text)
    _known(document, frozenset({"resourceSpans"}))
    return [
        {
            "resource": _owner(group.get("resource", {}), _OWNER),
            "resource schema": group.get("schemaUrl", ""),
            "scope": _scope(scope_spans.get("scope", {})),
            "scope schema": scope_spans.get("schemaUrl", ""),
            **_span(span),
        }
        for group in document.get("resourceSpans", [])
        if _known(group, _GROUP)
        for scope_spans in group.get("scopeSpans", [])
        if _known(scope_spans, _SCOPE_SPANS)
        for span in scope_spans.get("spans", [])
    ]


def _known(members: dict[str, Any], names: frozenset[str]) -> bool:
    unknown = set(members) - names
    if unknown:
        raise AssertionError(f"members that OTLP does not have: {sorted(unknown)}")
    return True


def _span(members: dict[str, Any]) -> dict[str, Any]:
    return {
        "trace id": members.get("traceId", "").lower(),
        "span id": members.get("spanId", "").lower(),
        "parent": members.get("parentSpanId", "").lower(),
        "trace state": members.get("traceState", ""),
        "flags": _integer(members.get("flags")),
        "name": members.get("name", ""),
        "kind": _integer(members.get("kind")),
        "start": _integer(members.get("startTimeUnixNano")),
        "end": _integer(members.get("endTimeUnixNano")),
        "status": _status(members.get("status", {})),
        **_owner(members, _SPAN),
        "events": tuple(_event(event) for event in members.get("events", [])),
        "dropped events": _integer(members.get("droppedEventsCount")),
        "links": tuple(_link(link) for link in members.get("links", [])),
        "dropped links": _integer(members.get("droppedLinksCount")),
    }


def _owner(members: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """What every message with attributes has."""
    _known(members, names)
    return {
        "attributes": _pairs(members.get("attributes", [])),
        "dropped": _integer(members.get("droppedAttributesCount")),
    }


def _scope(members: dict[str, Any]) -> dict[str, Any]:
    names = {"name": members.get("name", ""), "version": members.get("version", "")}
    return {**names, **_owner(members, _SCOPE)}


def _status(members: dict[str, Any]) -> tuple[int, str]:
    _known(members, _STATUS)
    return _integer(members.get("code")), members.get("message", "")


def _event(members: dict[str, Any]) -> dict[str, Any]:
    at = {"time": _integer(members.get("timeUnixNano")), "name": members.get("name", "")}
    return {**at, **_owner(members, _EVENT)}


def _link(members: dict[str, Any]) -> dict[str, Any]:
    return {
        "trace id": members.get("traceId", "").lower(),
        "span id": members.get("spanId", "").lower(),
        "trace state": members.get("traceState", ""),
        "flags": _integer(members.get("flags")),
        **_owner(members, _LINK),
    }


def _pairs(items: list[dict[str, Any]]) -> tuple[tuple[str, Any], ...]:
    return tuple((item.get("key", ""), _value(item.get("value", {}))) for item in items)


def _value(members: dict[str, Any]) -> tuple[str, Any]:
    """The kind of a value and the value; doubles as their ``repr``, for which NaN is equal to itself."""
    if not members:
        return "empty", None
    ((name, given),) = members.items()
    if name in ("stringValue", "boolValue"):
        return name, given
    if name == "intValue":
        return name, _integer(given)
    if name == "doubleValue":
        return name, repr(float(given.digits if isinstance(given, Text) else given))
    if name == "bytesValue":
        return name, base64.b64decode(given, validate=True)
    values = given.get("values", [])
    if name == "kvlistValue":
        return name, _pairs(values)
    if name == "arrayValue":
        return name, tuple(_value(item) for item in values)
    raise AssertionError(f"a value that OTLP does not have: {name}")


def _integer(given: Text | str | None) -> int:
    return int(given.digits if isinstance(given, Text) else given or "0")
