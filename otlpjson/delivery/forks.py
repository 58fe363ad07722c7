# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What has to begin anew in a child process that was forked: queues, locks, threads, connections, files.

A child must not send its parent's spans again, wait for a lock that a thread of its parent holds,
or read its parent's answers. A fork in C code that runs no hooks of Python cannot be helped.
"""

from __future__ import annotations

import os
from threading import RLock
from typing import Any, Final, Protocol
from weakref import WeakSet

import attrs

__all__ = ["Forked", "Held", "hold", "watch"]


class Forked(Protocol):
    """Something that begins anew in a child process."""

    def after_fork(self) -> None:
        """Called in the child, in its only thread."""


class Held(Forked, Protocol):
    """Something that must not be in use while the process forks."""

    def before_fork(self) -> None:
        """Called in the parent: waits until it is not in use, and keeps it so."""

    def after_fork_in_parent(self) -> None:
        """Called in the parent: it may be used again."""


@attrs.define(eq=False)
class _Fork:
    """
    The fork that is going on.

    Attributes:
        lock: Two threads that fork at the same time would wait for what the other one holds.

        held: What was in use before, and may be used afterwards.
    """

    lock: Any = attrs.field(factory=RLock)
    held: list[Held] = attrs.field(factory=list)

    def before(self) -> None:
        self.lock.acquire()
        self.held = list(_HELD)
        for thing in self.held:
            thing.before_fork()

    def after_in_parent(self) -> None:
        for thing in self.held:
            thing.after_fork_in_parent()
        self.held = []
        self.lock.release()

    def after_in_child(self) -> None:
        self.held = []
        self.lock = RLock()
        _begin_anew()


_WATCHED: Final[WeakSet[Forked]] = WeakSet()
_HELD: Final[WeakSet[Held]] = WeakSet()
_FORK: Final = _Fork()


def watch(thing: Forked) -> None:
    """Has ``after_fork`` called in every child process, for as long as the object lives."""
    _WATCHED.add(thing)


def hold(thing: Held) -> None:
    """As ``watch``, with the two hooks in the parent besides."""
    _HELD.add(thing)
    watch(thing)


def _begin_anew() -> None:
    for thing in list(_WATCHED):
        thing.after_fork()


def _without_fork(**hooks: object) -> None:
    """Windows has no fork, and so no hooks for it."""


getattr(os, "register_at_fork", _without_fork)(
    before=_FORK.before, after_in_parent=_FORK.after_in_parent, after_in_child=_FORK.after_in_child
)
