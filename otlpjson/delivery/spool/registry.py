# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The destinations of a spool: which are sent to, and what of others is parked, and why."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import attrs

from . import items
from .schema import destination_id

__all__ = ["Registered", "register"]


@attrs.frozen(kw_only=True)
class Registered:
    """
    A destination that is sent to.

    Attributes:
        name: Its name.

        url: Where; of it only a hash is kept.

        private: Whether prompts and completions are left out.
    """

    name: str
    url: str = attrs.field(repr=False)
    private: bool

    @property
    def number(self) -> int:
        """Its id in the spool."""
        return destination_id(self.name, self.url, private=self.private)


def register(sql: sqlite3.Connection, destinations: Sequence[Registered]) -> list[tuple[str, int, str]]:
    """
    Notes the destinations that are sent to, and parks what waits for others.

    Returns:
        Of each that is parked its name, how many spans wait for it, and why it is not sent to.
    """
    for target in destinations:
        sql.execute(
            "INSERT OR REPLACE INTO destination VALUES (?, ?, ?, NULL)",
            (target.number, target.name, target.private),
        )
        if not target.private:
            # What was recorded without content may be sent where content is welcome.
            without = attrs.evolve(target, private=True)
            if sql.execute("SELECT 1 FROM destination WHERE id = ?", (without.number,)).fetchone():
                items.requeue(sql, without.number, target.number)
    parked = []
    known = {target.number for target in destinations}
    rows = sql.execute("SELECT id, name, private FROM destination").fetchall()
    for number, name, private in rows:
        if number not in known:
            reason = _reason(name, bool(private), destinations)
            sql.execute("UPDATE destination SET parked = ? WHERE id = ?", (reason, number))
            spans = items.held_spans(sql, number)
            if spans:
                parked.append((name, spans, reason))
    return parked


def _reason(name: str, private: bool, destinations: Iterable[Registered]) -> str:
    for target in destinations:
        if target.name == name:
            return "is in privacy mode now" if target.private and not private else "has another URL now"
    return "is renamed, removed or disabled"
