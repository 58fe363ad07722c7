# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Spools for tests: opened, looked into with sqlite alone, and made to fail."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from otlpjson.core.entry import Entry
from otlpjson.delivery import Outcome, OutcomeKind, QueueLimits
from otlpjson.delivery.ledger import Fate, Settled
from otlpjson.delivery.spool import Spool, Unavailable
from otlpjson.delivery.spool.holding import SpoolHolding
from otlpjson.delivery.spool.registry import Registered

__all__ = ["ACCEPTED", "AT_ONCE", "HERE", "REFUSED", "added", "breaks", "entry", "opened", "rows", "settled"]

HERE = Registered(name="here", url="https://here.test/v1/traces", private=False)
AT_ONCE = QueueLimits(quiet_s=0.0)
ACCEPTED = Outcome(kind=OutcomeKind.ACCEPTED, status=200)
REFUSED = Outcome(kind=OutcomeKind.REJECTED, status=400, message="no such thing")


def opened(folder: Path, *targets: Registered) -> tuple[Spool, list[SpoolHolding]]:
    """A spool, and the holdings of these destinations in it; by default of one."""
    spool = Spool(folder)
    wanted = targets or (HERE,)
    holdings = spool.register(wanted, AT_ONCE)
    return spool, [holdings[target.name] for target in wanted]


def entry(text: str, spans: int = 1) -> Entry:
    """An entry that holds a text."""
    return Entry(data=f'{{"schemaUrl":"{text}"}}'.encode(), span_count=spans)


def added(spool: Spool, holding: SpoolHolding, *entries: Entry) -> None:
    """Commits entries."""
    assert holding.add(entries, 0.0) is None
    spool.commit.write()


def settled(outcome: Outcome, *entries: Entry) -> Settled:
    """What a delivery says of entries with this outcome."""
    fate = Fate.DELIVERED if outcome.delivered else Fate.QUARANTINED
    return Settled(entries=entries, fate=fate, outcome=outcome)


def rows(folder: Path, statement: str) -> list[Any]:
    """What sqlite alone reads from the file."""
    with closing(sqlite3.connect(folder / "spool.db")) as sql:
        return sql.execute(statement).fetchall()


def breaks(spool: Spool, reason: str | None = "it was chosen") -> None:
    """Makes the disk fail, or with ``None`` work again; either is noticed at once."""
    disk: Any = spool._disk
    disk._retry_at_s = 0.0
    database = disk._database
    if reason is None:
        vars(database).pop("run", None)
    else:

        def run(*arguments: Any, **options: Any) -> Any:
            raise Unavailable(reason)

        database.run = run
