# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A mask: a function over the texts of one request or step."""

from __future__ import annotations

import json
from typing import Any, Callable, Final

import attrs

from ..compact import compact
from ..generation import Generation, MetadataValue
from ..spans.step import Step

__all__ = ["MASKED", "masked", "masked_step"]

MASKED: Final = "[masked]"
"""What stands for a text whose mask failed."""


class _Mask:
    """One use of a function; counts the texts that it changed."""

    def __init__(self, change: Callable[[str], str]) -> None:
        self._change = change
        self.changed = 0

    def text(self, text: str) -> str:
        """The text as it may be sent."""
        try:
            new: object = self._change(text)
        except Exception:  # whatever the program's function does, the text must not leave
            new = None
        result = new if isinstance(new, str) else MASKED
        self.changed += result != text
        return result

    def word(self, text: str | None) -> str | None:
        """The same for what may be missing."""
        return None if text is None else self.text(text)

    def value(self, value: MetadataValue) -> MetadataValue:
        """A value of metadata; texts that are JSON stay JSON."""
        if not isinstance(value, str):
            return value
        return self.json(value) if value[:1] in {"[", "{"} else self.text(value)

    def json(self, text: str) -> str:
        """JSON text with each text in it masked, the names of members excepted."""
        before = self.changed
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return self.text(text)
        new = self._inside(value)
        return text if self.changed == before else compact(new)

    def _inside(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._inside(item) for item in value]
        if isinstance(value, dict):
            return {name: self._inside(item) for name, item in value.items()}
        return value


def masked(generation: Generation, change: Callable[[str], str]) -> Generation:
    """
    A request whose texts were given to a function, and replaced by what it returned.

    These are prompt and completion, each text in them by itself; the error message; custom metadata;
    the names of spans; user and session. Ids and names of models and providers are not among them.

    Args:
        generation: The request. How many texts were changed is added to its ``masked``.

        change:
            From a text to the one that may be sent. If it raises or returns anything else, ``[masked]``
            takes the place of the text.
    """
    mask = _Mask(change)
    trace, failure = generation.trace, generation.failure
    new = attrs.evolve(
        generation,
        user_id=mask.word(generation.user_id),
        session_id=mask.word(generation.session_id),
        prompt=None if generation.prompt is None else mask.json(generation.prompt),
        completion=None if generation.completion is None else mask.json(generation.completion),
        record_metadata=tuple((name, mask.value(value)) for name, value in generation.record_metadata),
        failure=failure and attrs.evolve(failure, message=mask.text(failure.message)),
        trace=attrs.evolve(
            trace,
            trace_name=mask.word(trace.trace_name),
            span_name=mask.word(trace.span_name),
            generation_name=mask.word(trace.generation_name),
            metadata=tuple((name, mask.value(value)) for name, value in trace.metadata),
        ),
    )
    return attrs.evolve(new, masked=generation.masked + mask.changed)


def masked_step(step: Step, change: Callable[[str], str]) -> tuple[Step, int]:
    """A step whose names, session and message were given to a function; and how many it changed."""
    mask = _Mask(change)
    new = attrs.evolve(
        step,
        name=mask.text(step.name),
        trace_name=mask.text(step.trace_name),
        session_id=mask.word(step.session_id),
        status=attrs.evolve(step.status, message=mask.text(step.status.message)),
    )
    return new, mask.changed
