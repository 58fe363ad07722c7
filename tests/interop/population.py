# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Generations of all shapes as they were sent: cases, encoded entries and the spans in them, by trace."""

from __future__ import annotations

import time
from typing import Any, Final

import attrs

from otlpjson import Entry, encode_entry
from otlpjson.core.bodies import join
from otlpjson.openrouter import read_record, resource_spans

from .generations import Case, cases
from .go_json import spans

__all__ = ["COUNT", "SEED", "Population"]

SEED: Final = 20260213
COUNT: Final = 240


@attrs.frozen(kw_only=True)
class Population:
    """
    Cases with what became of them.

    Attributes:
        cases: Those of which there is a span.

        entries: Every group of theirs.

        sent: The spans in them, by trace.
    """

    cases: tuple[Case, ...]
    entries: tuple[Entry, ...]
    sent: dict[str, list[dict[str, Any]]]

    @classmethod
    def made(cls) -> Population:
        """The same of everything but the time, which is now: Jaeger searches by it."""
        made = [case for case in cases(SEED, COUNT, time.time_ns()) if case.sent]
        entries = tuple(entry for case in made for entry in _entries(case))
        sent: dict[str, list[dict[str, Any]]] = {}
        for span in spans(join(entries)):
            sent.setdefault(span["trace id"], []).append(span)
        return cls(cases=tuple(made), entries=entries, sent=sent)


def _entries(case: Case) -> list[Entry]:
    groups = resource_spans(read_record(case.record), hierarchy=case.hierarchy)
    return [encode_entry(group, integers_as_numbers=case.integers_as_numbers) for group in groups]
