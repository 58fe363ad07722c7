# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Start and end of a request, each from the first source that has it.

The sources are the caller's time, that of the generation record, and that of the response.
"""

from __future__ import annotations

from typing import Final

from ..core.errors import InvalidDocument
from .apis.chat_form import ChatForm
from .document import Document
from .observed import Observed
from .times import LATEST_NS, after, nanoseconds

__all__ = ["span_times"]

_NS_PER_S: Final = 10**9


def span_times(top: Document, form: ChatForm, observed: Observed) -> tuple[int, int]:
    """
    Start and end in nanoseconds since 1970; the end is never before the start.

    Each is the first of these that is known: the caller's time, that of the generation record,
    that of the response. A time outside the range of a span is moved into it and noted.

    Raises:
        InvalidDocument: One of them is not known, or the caller's is not a time.
    """
    start_ns = _start_ns(top, form, observed)
    if start_ns is None:
        raise _missing("started_at")
    end_ns = _end_ns(top, form, observed, start_ns)
    if end_ns is None:
        raise _missing("ended_at")
    if end_ns < start_ns:
        top.note("ended_at", "before started_at, which is used instead")
    return start_ns, max(start_ns, end_ns)


def _missing(name: str) -> InvalidDocument:
    problem = "missing, and neither a generation record nor the response has the time"
    return InvalidDocument.because(f"record.{name}", problem)


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
    # In captures, the request ends with the provider's response; the other two are close to that.
    milliseconds = observed.timing.provider_body_end_ms or observed.timing.generation_ms
    if milliseconds is None:
        milliseconds = observed.latency_ms
    if milliseconds is not None:
        return _held(top, "ended_at", after(start_ns, milliseconds))
    seconds = form.completed_s or form.created_s
    return None if seconds is None else max(start_ns, _held(top, "ended_at", seconds * _NS_PER_S))


def _given_ns(top: Document, name: str) -> int | None:
    """The time given by the caller; one that cannot be read is refused."""
    value = top.value(name)
    return None if value is None else nanoseconds(value, f"{top.path}.{name}")


def _held(top: Document, name: str, moment_ns: int) -> int:
    """The time, or the nearest one that a span can hold, which is noted."""
    held = max(0, min(moment_ns, LATEST_NS))
    if held != moment_ns:
        top.skip(name, "a time from 1970 to 2554 (the nearest is used)", moment_ns)
    return held
