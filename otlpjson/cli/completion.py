# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Completion of destination names in a shell."""

from __future__ import annotations

import re
from typing import Final

import click

from ..broadcast.config_file import read_document
from ..core.errors import ConfigError
from .chosen import config_path

__all__ = ["saved_names"]

# Other names need quotes, which differ between shells; and a line break would begin another suggestion.
_PLAIN_NAME: Final = re.compile(r"[\w.-]+")


def saved_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The names of saved destinations that begin with what was typed; none if the file cannot be read."""
    try:
        document = read_document(config_path()) or {}
    except ConfigError:
        # A message would appear in the middle of the line that is being typed.
        return []
    names = document.get("destinations", {})
    return [name for name in names if name.startswith(incomplete) and _PLAIN_NAME.fullmatch(name)]
