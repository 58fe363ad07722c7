# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""When a generation began and ended, by the first source that tells it."""

from __future__ import annotations

from ..errors import InvalidDocument
from .chat_form import ChatForm
from .document import Document
from .observed import Observed
from .times import LATEST_NS, after, nanoseconds

__all__ = ["span_times"]

_NS_PER_S = 10**9


def span_times(top: Document, form: ChatForm, observed: Observed) -> tuple[int, int]:
    """
    Start and end in nanoseconds since 1970, the end never before the start.

    What the caller says counts first, then the generation record, then the response. A time
    that a span cannot hold is moved into its range and noted.

    Raises:
        InvalidDocument: One of the two is told by nothing, or the caller's is no time.
    """
    start_ns = _start_ns(top, form, observed)
    if start_ns is None:
        raise _missing("started_at")
    end_ns = _end_ns(top, form, observed, start_ns)
    if end_ns is None:
        raise _missing("ended_at")
    if end_ns < start_ns:
        top.skip("ended_at", "a time that is not before started_at", top.value("ended_at"))
    return start_ns, max(start_ns, end_ns)


def _missing(name: str) -> InvalidDocument:
    expected = "a time: started_at and ended_at, a generation record, or a response with created"
    return InvalidDocument(f"record.{name}", expected, "nothing")


def _start_ns(top: Document, form: ChatForm, observed: Observed) -> int | None:
    given = _given_ns(top, "started_at")
    if given is None:
        given = observed.created_ns
    if given is None and form.created_s is not None:
        given = _held(top, "started_at", form.created_s * _NS_PER_S)
    return given


def _end_ns(top: Document, form: ChatForm, observed: Observed, start_ns: int) -> int | None:
    given = _given_ns(top, "ended_at")
    if given is not None:
        return given
    milliseconds = observed.timing.provider_body_end_ms or observed.timing.generation_ms
    if milliseconds is None:
        milliseconds = observed.latency_ms
    if milliseconds is not None:
        return _held(top, "ended_at", after(start_ns, milliseconds))
    seconds = form.completed_s or form.created_s
    return None if seconds is None else max(start_ns, _held(top, "ended_at", seconds * _NS_PER_S))


def _given_ns(top: Document, name: str) -> int | None:
    """What the caller says, which is refused where it is no time."""
    value = top.value(name)
    return None if value is None else nanoseconds(value, f"{top.path}.{name}")


def _held(top: Document, name: str, moment_ns: int) -> int:
    """A moment that a span can hold: this one, else the nearest, with a note."""
    held = max(0, min(moment_ns, LATEST_NS))
    if held != moment_ns:
        top.skip(name, "a time from 1970 to 2554, to which it was moved", moment_ns)
    return held
