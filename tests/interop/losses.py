# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What the two servers are known to change, as functions from what was sent to what must come back.

The Collector's file: nothing. It writes ``51.0`` as ``51``, which is the same double.

Jaeger, as its query API answers:

- attributes of resources, spans, events and links sorted by key, events by name;
- both schema URLs lost;
- an attribute of its own for its warnings, which is left out before anything is compared;
- a resource without ``service.name`` gets one;
- a span that does not end after its start ends one nanosecond after it;
- of spans that are the same in everything, one is left;
- of spans that share an id and are not the same, one of kind server gets another id and becomes
  the others' child. No body that is compared has such spans.

A trace has no order there, so both sides are sorted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

__all__ = ["as_jaeger_gave", "as_jaeger_gives"]

WARNINGS: Final = "@jaeger@warnings"
_NO_SERVICE: Final = ("service.name", ("stringValue", "missing-service-name"))


def as_jaeger_gives(sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Spans that were sent, with Jaeger's known changes."""
    return _in_order({repr(span): span for span in map(_changed, sent)}.values())


def as_jaeger_gave(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Spans that Jaeger gave back, without what it says about them."""
    return _in_order(
        {**span, "attributes": tuple(pair for pair in span["attributes"] if pair[0] != WARNINGS)}
        for span in found
    )


def _in_order(spans: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(spans, key=lambda span: (span["span id"], span["start"], repr(span)))


def _changed(span: dict[str, Any]) -> dict[str, Any]:
    resource = span["resource"]
    if "service.name" not in dict(resource["attributes"]):
        resource = {**resource, "attributes": (*resource["attributes"], _NO_SERVICE)}
    events = sorted(map(_sorted, span["events"]), key=lambda event: str(event["name"]).encode())
    return {
        **_sorted(span),
        "resource": _sorted(resource),
        "resource schema": "",
        "scope schema": "",
        "events": tuple(events),
        "links": tuple(map(_sorted, span["links"])),
        "end": span["end"] if span["end"] > span["start"] else (span["start"] + 1) % 2**64,
    }


def _sorted(owner: dict[str, Any]) -> dict[str, Any]:
    return {**owner, "attributes": tuple(sorted(owner["attributes"], key=lambda pair: pair[0].encode()))}
