# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The rows of an attribute table as columns: all values in one call, and the text around each, made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, Callable, Final

import attrs

from ...core.encode_attributes import Member, Notation, member_of, notation
from .rows import Row, Selection, Table

__all__ = ["ENDING", "MAX_KEY", "Columns", "columns_of", "members_of"]

MAX_KEY: Final = 256
"""How long a key may be that is remembered; those below a prefix are the caller's."""

ENDING: Final = member_of("", str, notation())[2]
"""What follows the value of any attribute, whatever its type and the notation."""

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
        values_of: Gives the values of all rows from their subject, in wire order.

        rows:
            In the same order: a row's key, the text before its value if that is a text, and by the
            type of the value the text around it, without ``ENDING``; ``None`` for a prefix.
    """

    values_of: Callable[[Any], Sequence[Any]]
    rows: tuple[tuple[str, str, Mapping[type, Member] | None], ...]


@lru_cache(maxsize=_COLUMNS_REMEMBERED)
def columns_of(table: Table, failed: bool, privacy_mode: bool, written: Notation) -> Columns:
    """The columns of a table, for a request that failed or not, in privacy mode or not."""
    selection = Selection(privacy_mode=privacy_mode, failed=failed)
    used = [row for row in table if selection.uses(row)]
    rows = tuple((row.key, *_around(row, written)) for row in used)
    return Columns(_values_of([row.read for row in used]), rows)


@lru_cache(maxsize=_MEMBERS_REMEMBERED)
def members_of(key: str, written: Notation) -> dict[type, Member]:
    """By the type of a value, the text around it under a key, without ``ENDING``. Not to be changed."""
    members = {kind: member_of(key, kind, written) for kind in _KINDS}
    return {
        kind: (opening, write, ending[: -len(ENDING)]) for kind, (opening, write, ending) in members.items()
    }


def _around(row: Row, written: Notation) -> tuple[str, Mapping[type, Member] | None]:
    if row.is_prefix:
        return "", None
    members = members_of(row.key, written)
    return members[str][0], members


def _values_of(reads: Sequence[str | _Read]) -> Callable[[Any], Sequence[Any]]:
    """Reads all values that have a name in one call in C, and puts those that are computed between them."""
    names = [read for read in reads if isinstance(read, str)]
    functions = [read for read in reads if not isinstance(read, str)]
    if len(names) < _SEVERAL:
        each = [attrgetter(read) if isinstance(read, str) else read for read in reads]
        return lambda subject: [read(subject) for read in each]
    named = attrgetter(*names)
    places = iter(range(len(names))), iter(range(len(names), len(reads)))
    in_order = itemgetter(*(next(places[not isinstance(read, str)]) for read in reads))
    return lambda subject: in_order([*named(subject), *[read(subject) for read in functions]])
