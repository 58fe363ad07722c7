# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Blocks whose requests are recorded by hand, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Final

__all__ = ["is_by_hand", "uncaptured"]

_BY_HAND: Final[ContextVar[bool]] = ContextVar("otlpjson_by_hand", default=False)


@contextmanager
def uncaptured() -> Iterator[None]:
    """A block whose requests no tap records, because the caller does."""
    token = _BY_HAND.set(True)
    try:
        yield
    finally:
        with suppress(ValueError):  # a generator may end in another context
            _BY_HAND.reset(token)


def is_by_hand() -> bool:
    """Whether this is inside of such a block."""
    return _BY_HAND.get()
