# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Circles of parents: who comes back to themselves on the way up."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

__all__ = ["circles"]

_K = TypeVar("_K", bound=Hashable)


def circles(parents: Mapping[_K, _K | None]) -> Iterator[list[_K]]:
    """
    Each circle once, its members in the order of the way up, from the one that is reached first.

    Args:
        parents: Each one's parent. What has none, or one that is not there, is in no circle.
    """
    settled: set[_K] = set()
    for start in parents:
        way: dict[_K, None] = {}
        at: _K | None = start
        while at is not None and at in parents and at not in settled and at not in way:
            way[at] = None
            at = parents[at]
        if at is not None and at in way:
            steps = [*way]
            yield steps[steps.index(at) :]
        settled.update(way)
