# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The rows of an attribute table as columns: all values in one call, and the text around each, made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, Callable, Final

import attrs

from ...core.encode_attributes import Member, Notation, member_of, notation
from .rows import Row, Selection, Table

__all__ = ["MAX_KEY", "TEXT_ENDING", "Columns", "columns_of", "members_of"]

MAX_KEY: Final = 256
"""How long a key may be that is remembered; those below a prefix are the caller's."""

TEXT_ENDING: Final = member_of("", str, notation())[2]
"""What follows the text of any attribute, in any notation."""

# One for each table, notation, privacy and failure that are in use.
_COLUMNS_REMEMBERED: Final = 64
_MEMBERS_REMEMBERED: Final = 1024
_KINDS: Final = (str, int, float, bool, type(None))
# ``attrgetter`` gives a tuple for two names or more.
_SEVERAL: Final = 2

_Read = Callable[[Any], Any]


@attrs.frozen(eq=False)
class Columns:
    """
    The rows of a table that are used.

    Attributes:
        values_of: Gives the values of all rows from their subject.

        rows:
            In wire order: the place of a row's value, its key, the text before it if it is a text,
            and by the type of the value the text around it; ``None`` for a prefix.
    """

    values_of: Callable[[Any], Sequence[Any]]
    rows: tuple[tuple[int, str, str, Mapping[type, Member] | None], ...]


@lru_cache(maxsize=_COLUMNS_REMEMBERED)
def columns_of(table: Table, failed: bool, privacy_mode: bool, written: Notation) -> Columns:
    """The columns of a table, for a request that failed or not, in privacy mode or not."""
    selection = Selection(privacy_mode=privacy_mode, failed=failed)
    used = [row for row in table if selection.uses(row)]
    named = [row.read for row in used if isinstance(row.read, str)]
    computed = [row.read for row in used if not isinstance(row.read, str)]
    places = iter(range(len(named))), iter(range(len(named), len(used)))
    rows = [(next(places[not isinstance(row.read, str)]), row.key, *_around(row, written)) for row in used]
    return Columns(_values_of(named, computed), tuple(rows))


@lru_cache(maxsize=_MEMBERS_REMEMBERED)
def members_of(key: str, written: Notation) -> dict[type, Member]:
    """By the type of a value, the text around it under a key. Not to be changed."""
    return {kind: member_of(key, kind, written) for kind in _KINDS}


def _around(row: Row, written: Notation) -> tuple[str, Mapping[type, Member] | None]:
    if row.is_prefix:
        return "", None
    members = members_of(row.key, written)
    return members[str][0], members


def _values_of(names: Sequence[str], reads: Sequence[_Read]) -> Callable[[Any], Sequence[Any]]:
    """Gives the values that have a name, which takes one call in C, and then those that are computed."""
    if len(names) < _SEVERAL:
        reads = [*map(attrgetter, names), *reads]
        return lambda subject: [read(subject) for read in reads]
    named = attrgetter(*names)
    return lambda subject: [*named(subject), *[read(subject) for read in reads]]
