# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A span as a row of the database, and its contents."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any, Final

import attrs

from ...core.attributes import Attributes, AttributeValue
from ...core.encoder import encode_entry
from ...core.integers import INT64
from ...core.model import InstrumentationScope, Resource, ResourceSpans, ScopeSpans, Span, TracesData
from ...openrouter.spans.conversation import Conversation, conversation_of
from ...openrouter.spans.facts import facts, first_token_ms, metadata_of
from ...openrouter.spans.summary import generation_of, service_name
from ..preview import preview_of
from .packing import packed

__all__ = ["Placed", "SpanRow", "placed_spans", "searchable", "span_row"]

# Below this, a preview is made faster than it is looked up.
_MIN_STORED_PREVIEW: Final = 256 * 1024
_MAX_SUMMABLE: Final = 1e15
# These scripts have no spaces between words: each character is a word, and a search looks for them in a row.
_UNSPACED: Final = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])"
)


@attrs.frozen(kw_only=True)
class Placed:
    """
    A span with the resource and the scope that it belongs to.

    Attributes:
        span, resource, scope: As in the body.

        schema_urls: Those of the resource and of the scope.

        joined: Whether the span before it in the body has the same resource and scope.
    """

    span: Span
    resource: Resource
    scope: InstrumentationScope
    schema_urls: tuple[str, str]
    joined: bool

    def group(self) -> ResourceSpans:
        """The span in a group of its own."""
        scope_spans = ScopeSpans(scope=self.scope, spans=(self.span,), schema_url=self.schema_urls[1])
        return ResourceSpans(
            resource=self.resource, scope_spans=(scope_spans,), schema_url=self.schema_urls[0]
        )


@attrs.frozen(kw_only=True)
class SpanRow:
    """
    What is stored of a span.

    Attributes:
        values: By column of ``spans``.

        metadata: The custom metadata of its request.

        entry: The span as OTLP/JSON, compressed.

        preview: What a page shows of it first, compressed; ``None`` if it is quickly made.

        words: What a search looks through.
    """

    values: dict[str, Any]
    metadata: dict[str, str]
    entry: bytes
    preview: bytes | None
    words: str


def placed_spans(traces: TracesData) -> Iterator[Placed]:
    """The spans of a body, one by one."""
    for group in traces.resource_spans:
        for scope_spans in group.scope_spans:
            urls = (group.schema_url, scope_spans.schema_url)
            for number, span in enumerate(scope_spans.spans):
                yield Placed(
                    span=span,
                    resource=group.resource,
                    scope=scope_spans.scope,
                    schema_urls=urls,
                    joined=number > 0,
                )


def span_row(placed: Placed) -> SpanRow:
    """The row of a span."""
    span = placed.span
    entry = encode_entry(placed.group()).data
    conversation = conversation_of(span)
    found = facts(span)
    texts = {name: found.pop(name) for name in ("prompt", "completion")}
    values = {
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "parent_span_id": span.parent_span_id,
        "name": span.name,
        "service": _text(service_name(placed.resource)),
        # OTLP's times are unsigned, SQLite's integers are not.
        "start_ns": min(span.start_ns, INT64.high),
        "end_ns": min(span.end_ns, INT64.high),
        "status": int(span.status.code),
        "message": span.status.message,
        "has_content": bool(conversation.messages),
        "generation": generation_of(span),
        "joined": placed.joined,
        "first_token_at_ms": _summable(first_token_ms(span)),
        "digest": hashlib.blake2b(entry, digest_size=8).digest(),
        **{name: _summable(value) for name, value in found.items()},
    }
    preview = None
    if len(entry) >= _MIN_STORED_PREVIEW:
        preview = packed(preview_of(span, placed.resource, conversation))
    return SpanRow(
        values=values,
        metadata=metadata_of(span),
        entry=packed(entry),
        preview=preview,
        words=searchable(" \n".join(_words(span, conversation, set(texts.values())))),
    )


def searchable(text: str) -> str:
    """A text as the search sees it: characters of scripts without spaces apart, no lone surrogates."""
    spaced = _UNSPACED.sub(r" \1 ", text.replace("\0", " "))
    return spaced.encode("utf-8", "replace").decode("utf-8")


def _words(span: Span, conversation: Conversation, contents: set[Any]) -> Iterator[str]:
    """All texts of a span once; prompt and completion as their messages, without the escapes of JSON."""
    yield span.name
    yield span.status.message
    for message in conversation.messages:
        for part in message.parts:
            yield part.name
            yield part.text
    for value in dict.fromkeys(_texts(span.attributes)):
        if value not in contents:
            yield value
    for event in span.events:
        yield event.name
        yield from _texts(event.attributes)


def _texts(value: AttributeValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Attributes):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)


def _text(value: AttributeValue) -> str | None:
    return value if isinstance(value, str) else None


def _summable(value: Any) -> Any:
    """One value beyond all others would make a sum useless, or infinite."""
    return None if isinstance(value, float) and not abs(value) < _MAX_SUMMABLE else value
