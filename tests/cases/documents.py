# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""OTLP/JSON documents written out as text, so that anything can be wrong in them."""

from __future__ import annotations

from typing import Final

from .bodies import SPAN_ID, TRACE_ID

__all__ = ["LINK", "SPAN", "document", "link", "span", "with_value"]

SPAN: Final = "body.resourceSpans[0].scopeSpans[0].spans[0]"
LINK: Final = f"{SPAN}.links[0]"
_SPAN: Final = {
    "traceId": f'"{TRACE_ID}"',
    "spanId": f'"{SPAN_ID}"',
    "name": '"pay"',
    "kind": "1",
    "startTimeUnixNano": '"1771005600000000000"',
    "endTimeUnixNano": '"1771005601203000000"',
}
_LINK: Final = {"traceId": f'"{TRACE_ID}"', "spanId": f'"{SPAN_ID}"'}


def document(*spans: str) -> bytes:
    """A body with one scope that has these spans."""
    return f'{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{",".join(spans)}]}}]}}]}}'.encode()


def span(**members: str | None) -> str:
    """The span of ``bodies.span``, with the JSON text of other members; ``None`` leaves one out."""
    return _object({**_SPAN, **members})


def link(**members: str | None) -> str:
    """A link with the least that it needs, and the JSON text of other members."""
    return _object({**_LINK, **members})


def with_value(any_value: str) -> bytes:
    """A body with one span that has one attribute, ``a``."""
    return document(span(attributes=f'[{{"key":"a","value":{any_value}}}]'))


def _object(members: dict[str, str | None]) -> str:
    return "{" + ",".join(f'"{name}":{json}' for name, json in members.items() if json is not None) + "}"
