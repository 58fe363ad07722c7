# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What has to begin anew in a child process that was forked: queues, locks, threads and connections.

A child must not send its parent's spans again, wait for a lock that a thread of its parent holds,
or read its parent's answers. A fork in C code that runs no hooks of Python cannot be helped.
"""

from __future__ import annotations

import os
from typing import Final, Protocol
from weakref import WeakSet

__all__ = ["Forked", "watch"]


class Forked(Protocol):
    """Something that begins anew in a child process."""

    def after_fork(self) -> None:
        """Called in the child, in its only thread."""


_WATCHED: Final[WeakSet[Forked]] = WeakSet()


def watch(thing: Forked) -> None:
    """Has ``after_fork`` called in every child process, for as long as the object lives."""
    _WATCHED.add(thing)


def _begin_anew() -> None:
    for thing in list(_WATCHED):
        thing.after_fork()


def _without_fork(**hooks: object) -> None:
    """Windows has no fork, and so no hooks for it."""


getattr(os, "register_at_fork", _without_fork)(after_in_child=_begin_anew)
