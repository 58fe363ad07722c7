# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Arguments and options that several commands have."""

from __future__ import annotations

import math
import re
from pathlib import Path
from types import MappingProxyType
from typing import Any, Callable, Final, TypeVar

import attrs
import click

from ..backfill import Mapper
from ..backfill.inputs import FORMATS
from ..broadcast import BroadcastDestination
from ..openrouter import Form, Hierarchy, Integers, Truncation
from ..openrouter.form import DOCUMENTED
from .completion import saved_names

__all__ = [
    "FORM_OPTIONS",
    "FormOptions",
    "allow_plain_http",
    "bytes_of",
    "checkpoint",
    "dry_run",
    "format_name",
    "hierarchy",
    "input_file",
    "input_files",
    "integers",
    "max_attribute_bytes",
    "max_wait",
    "privacy_mode",
    "quarantine",
    "rate",
    "record_format",
    "requests",
    "to",
    "width",
    "workers",
]

_UNITS: Final = MappingProxyType({"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9})
_RATE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?((?:[kMG]?B)?)(?:/s)?", re.IGNORECASE)
_Command = TypeVar("_Command", bound=Callable[..., Any])

input_files: Final = click.argument("names", metavar="[FILE]...", nargs=-1)
input_file: Final = click.argument("file", type=click.File("rb"), default="-")
privacy_mode: Final = click.option(
    "--privacy-mode", is_flag=True, help="Leave out prompts, completions and error messages."
)


def _format(default: str) -> Callable[[_Command], _Command]:
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(["auto", *(one.name for one in FORMATS)]),
        default=default,
        show_default=True,
        help="The format of the rows; auto: it is recognised by the columns of each file.",
    )


format_name: Final = _format("auto")
record_format: Final = _format("records")
hierarchy: Final = click.option(
    "--hierarchy",
    type=click.Choice(["documented", "observed"]),
    help="documented (default): the spans of OpenRouter's Grafana guide; observed: those that it "
    "really sends.",
)
max_attribute_bytes: Final = click.option(
    "--max-attribute-bytes",
    type=click.IntRange(min=64),
    metavar="N",
    help="Cut longer values between two characters; Tempo keeps 2048 bytes.",
)
integers: Final = click.option(
    "--integers",
    type=click.Choice(["text", "number"]),
    help="text (default): integer attributes as strings, as OTLP specifies; number: as numbers, as "
    "OpenRouter sends them.",
)


@attrs.frozen(kw_only=True)
class FormOptions:
    """
    The options for the form in which records are sent.

    Attributes:
        privacy_mode, hierarchy, integers, max_attribute_bytes:
            The values of the options with these names; ``None`` if an option was not given.
    """

    privacy_mode: bool = False
    hierarchy: Hierarchy | None = None
    integers: Integers | None = None
    max_attribute_bytes: int | None = None

    def form(self, configured: Form = DOCUMENTED) -> Form:
        """The form that a destination is configured with, changed by the options that were given."""
        return attrs.evolve(
            configured,
            privacy_mode=self.privacy_mode or configured.privacy_mode,
            hierarchy=self.hierarchy or configured.hierarchy,
            integers=self.integers or configured.integers,
            truncation=Truncation(max_bytes=self.max_attribute_bytes),
        )

    def mapper(self, target: BroadcastDestination) -> Mapper:
        """The way to what a destination is sent; one that is named counts as enabled."""
        policy = attrs.evolve(target.policy(), enabled=True)
        return Mapper(form=self.form(target.form), policy=policy)


FORM_OPTIONS: Final = tuple(field.name for field in attrs.fields(FormOptions))
"""The names of these options."""


def _a_number(_: click.Context, __: click.Parameter, value: float) -> float:
    # click accepts nan in every range, because no comparison with it is true.
    if math.isnan(value):
        raise click.BadParameter("nan is not in the range x>=0.")
    return value


allow_plain_http: Final = click.option(
    "--allow-plain-http", is_flag=True, help="Send the API key to another host over plain http."
)
max_wait: Final = click.option(
    "--max-wait",
    type=click.FloatRange(min=0),
    callback=_a_number,
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Give up if the server has not accepted a body after this time.",
)
to: Final = click.option(
    "--to",
    multiple=True,
    metavar="NAME",
    shell_complete=saved_names,
    help="A destination, repeatable; by default all enabled ones.",
)
quarantine: Final = click.option(
    "--quarantine",
    type=click.File("ab"),
    metavar="FILE",
    help="Append undelivered spans to this file, as bodies that `otlpjson post` can send again.",
)


def _at_a_time(name: str, most: int, text: str) -> Callable[[_Command], _Command]:
    """An option for how much is done at a time; by default one."""
    return click.option(
        name, type=click.IntRange(min=1, max=most), default=1, show_default=True, metavar="N", help=text
    )


def _bytes_per_s(_: click.Context, __: click.Parameter, value: str | None) -> float | None:
    return None if value is None else _amount(value, "bytes per second, such as 500kB/s or 5MB/s")


def bytes_of(_: click.Context, __: click.Parameter, value: str) -> float:
    """The callback of an option for a size."""
    return _amount(value, "a size such as 500MB or 4GB")


def _amount(text: str, expected: str) -> float:
    found = _RATE.fullmatch(text.strip())
    amount = float(found[1]) * _UNITS[found[2].lower()] if found else 0.0
    if amount <= 0:
        raise click.BadParameter(f"expected {expected}.")
    return amount


checkpoint: Final = click.option(
    "--checkpoint",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write down what is settled; the same command goes on from there, whatever ended it.",
)
rate: Final = click.option(
    "--rate",
    callback=_bytes_per_s,
    metavar="RATE",
    help="Send at most so much, before compression, such as 500kB/s; with --dry-run, plan for it.",
)
dry_run: Final = click.option(
    "--dry-run", is_flag=True, help="Send nothing; print what would be sent, and how large it is."
)
width: Final = click.option(
    "--width",
    type=click.IntRange(min=20, max=10_000),
    metavar="N",
    help="Draw this many columns wide; by default COLUMNS, or as wide as the terminal.",
)
requests: Final = _at_a_time("--requests", 64, "Keep up to N requests in flight.")
workers: Final = _at_a_time("--workers", 256, "Map records in N processes; the order stays the same.")
