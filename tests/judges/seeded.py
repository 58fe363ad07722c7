# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Well-formed traces of every shape, new ones for each seed, that every judge has to read alike."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from otlpjson import (
    Attributes,
    Event,
    InstrumentationScope,
    Link,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
    Status,
    StatusCode,
    TracesData,
)

__all__ = ["traces"]

_TEXTS: Final = ("", "pay", "é 漢 😀", 'a "quoted" \\ text\n', "\x00\x1f\x7f\u2028", "</script>", "x" * 300)
_NUMBERS: Final = (0, 1, -1, 42, 2**53 + 1, 2**63 - 1, -(2**63))
_DOUBLES: Final = (0.0, -0.0, 0.1, 51.0, 1e-06, 1e22, 5e-324, 1.7976931348623157e308)
_ODD_DOUBLES: Final = (float("nan"), float("inf"), float("-inf"))
_STATES: Final = ("", "", "k=v", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")
_FLAGS: Final = (0x100, 0x300)
_START_NS: Final = 1_771_005_600_000_000_000
_DEPTH: Final = 6


def traces(seed: int) -> TracesData:
    """Some groups with some scopes with some spans; equal for equal seeds."""
    random = Random(seed)
    return TracesData(resource_spans=[_group(random, index) for index in range(random.randrange(1, 4))])


def _group(random: Random, index: int) -> ResourceSpans:
    # Each its own, since the SDK's encoder makes one group of equal ones.
    attributes = {"service.name": f"shop {index}", **_attributes(random, scalar=True)}
    return ResourceSpans(
        resource=Resource(attributes=attributes),
        scope_spans=[_scope_spans(random, place) for place in range(random.randrange(1, 3))],
        schema_url=random.choice(("", f"https://example.com/{index}")),
    )


def _scope_spans(random: Random, index: int) -> ScopeSpans:
    scope = InstrumentationScope(
        name=f"cart {index}",
        version=random.choice(("", "1.0")),
        attributes=_attributes(random, scalar=True) if random.random() < 0.5 else {},
    )
    spans = [_span(random) for _ in range(random.randrange(1, 6))]
    return ScopeSpans(scope=scope, spans=spans, schema_url=random.choice(("", "https://example.com/scope")))


def _span(random: Random) -> Span:
    start_ns = _START_NS + random.randrange(10**12)
    code = random.choice(list(StatusCode))
    parent = random.choice((None, _id(random, 16)))
    return Span(
        trace_id=_id(random, 32),
        span_id=_id(random, 16),
        trace_state=random.choice(_STATES),
        parent_span_id=parent,
        flags=random.choice(_FLAGS) if parent else _FLAGS[0],
        name=random.choice(_TEXTS[1:]),
        kind=random.randrange(1, 6),
        start_ns=start_ns,
        end_ns=random.choice((0, start_ns, start_ns + random.randrange(10**10))),
        status=Status(code=code, message=random.choice(_TEXTS) if code == StatusCode.ERROR else ""),
        attributes=_attributes(random),
        events=[_event(random, start_ns) for _ in range(random.randrange(3))],
        links=[_link(random) for _ in range(random.randrange(3))],
    )


def _event(random: Random, start_ns: int) -> Event:
    return Event(
        name=random.choice(_TEXTS[1:]),
        time_ns=start_ns + random.randrange(10**9),
        attributes=_attributes(random),
    )


def _link(random: Random) -> Link:
    return Link(
        trace_id=_id(random, 32),
        span_id=_id(random, 16),
        attributes=_attributes(random),
        flags=random.choice(_FLAGS),
    )


def _attributes(random: Random, *, scalar: bool = False) -> Attributes:
    count = random.randrange(6)
    depth = 0 if scalar else _DEPTH
    return Attributes(
        {f"{random.choice(_TEXTS[1:6])} {index}": _value(random, depth) for index in range(count)}
    )


def _value(random: Random, depth: int) -> Any:
    kind = random.randrange(7 if depth == 0 else 10)
    if kind >= 7:
        items = [_value(random, depth - 1) for _ in range(random.randrange(4))]
        return items if kind < 9 else {f"k{index}": item for index, item in enumerate(items)}
    return (
        random.choice(_TEXTS),
        random.random() < 0.5,
        random.choice(_NUMBERS),
        random.choice(_DOUBLES),
        random.choice(_ODD_DOUBLES),
        random.randbytes(random.randrange(5)),
        None,
    )[kind]


def _id(random: Random, digits: int) -> str:
    return f"{random.randrange(1, 16**digits):0{digits}x}"
