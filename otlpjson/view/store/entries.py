# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Stored spans back to values, and to bodies."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ...core.bodies import join
from ...core.decoder import decode
from ...core.encoder import encode
from ...core.entry import Entry
from ...core.model import Resource, ResourceSpans, Span, TracesData
from .packing import unpacked

__all__ = ["body_of", "span_of"]


def body_of(entries: Sequence[tuple[bool, bytes]]) -> bytes | None:
    """A body of spans; one that is joined goes into the group of the one before."""
    groups: list[tuple[ResourceSpans, list[Span]]] = []
    for joined, entry in entries:
        (group,) = _group(entry)
        (span,) = group.scope_spans[0].spans
        # What came before it may have been deleted, or be there from another body.
        if joined and groups and _emptied(groups[-1][0]) == _emptied(group):
            groups[-1][1].append(span)
        else:
            groups.append((group, [span]))
    whole = tuple(_emptied(group, tuple(spans)) for group, spans in groups)
    return encode(TracesData(resource_spans=whole)) if whole else None


def _emptied(group: ResourceSpans, spans: tuple[Span, ...] = ()) -> ResourceSpans:
    """A group of one scope with these spans in the place of its own."""
    return attrs.evolve(group, scope_spans=(attrs.evolve(group.scope_spans[0], spans=spans),))


def _group(entry: bytes) -> tuple[ResourceSpans, ...]:
    body = join([Entry(data=unpacked(entry), span_count=1)])
    # Its escapes may be longer than what was received, so the usual limit does not apply.
    return decode(body, max_bytes=len(body)).resource_spans


def span_of(entry: bytes) -> tuple[Span, Resource]:
    """A stored span with its resource."""
    (group,) = _group(entry)
    return group.scope_spans[0].spans[0], group.resource
