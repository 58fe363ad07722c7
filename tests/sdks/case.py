# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One thing that a program does with an SDK, what the server does meanwhile, and what must be recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Callable, Final

import attrs

from otlpjson.testing import Answer

__all__ = ["Case", "Use", "case"]

Use = Callable[[Any], Any]
"""Takes a client when it has been made, and returns it."""

_ANSWERS: Final[Mapping[str, Sequence[Answer]]] = MappingProxyType(
    {
        "usual": (),
        "slow": (Answer(pause_s=0.05),),
        "error": (Answer.error(402, "Insufficient credits"),),
        "retry": (Answer.error(429, "Slow down"),),
        "unavailable": (Answer.error(503, "Come back later"),),
        "reset": (Answer(ending="reset", before_head=True),),
    }
)


@attrs.frozen
class Case:
    """
    What a program does.

    Attributes:
        run: Does it at a base URL; returns what the program saw.

        answers: What the first requests get.

        requests: How many arrive at the server, each of which is one record.

        ends: How the last of them ended: ``well``, ``failed``, or ``left`` by the program.
    """

    run: Callable[[str, Use], Any]
    answers: Sequence[Answer]
    requests: int
    ends: str


def case(
    run: Callable[[str, Use], Any], *, answers: str = "usual", requests: int = 1, ends: str = "well"
) -> Case:
    """A case, with the server's answers by name."""
    return Case(run, _ANSWERS[answers], requests, ends)
