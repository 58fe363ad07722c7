# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A place in several input files."""

from __future__ import annotations

from typing import Final

import attrs

__all__ = ["START", "Position"]


@attrs.frozen(order=True)
class Position:
    """
    Where to go on.

    Attributes:
        file: The index of the file.

        line: The number of a line, from 1.

        entry: How many entries of that line are done.
    """

    file: int = 0
    line: int = 1
    entry: int = 0


START: Final = Position()
"""The beginning."""
