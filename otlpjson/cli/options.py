# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Arguments and options that several commands share."""

from __future__ import annotations

import math
from typing import Final

import attrs
import click

from ..openrouter import Form, Hierarchy, Integers, Truncation
from ..openrouter.form import DOCUMENTED

__all__ = [
    "FormOptions",
    "allow_plain_http",
    "hierarchy",
    "input_file",
    "integers",
    "max_attribute_bytes",
    "max_wait",
    "privacy_mode",
    "quarantine",
    "to",
]

input_file: Final = click.argument("file", type=click.File("rb"), default="-")
privacy_mode: Final = click.option(
    "--privacy-mode", is_flag=True, help="Leave out prompts, completions and the words of errors."
)
hierarchy: Final = click.option(
    "--hierarchy",
    type=click.Choice(["documented", "observed"]),
    help="The spans of OpenRouter's Grafana guide, the default, or those that it really sends.",
)
max_attribute_bytes: Final = click.option(
    "--max-attribute-bytes",
    type=click.IntRange(min=64),
    metavar="N",
    help="Cut longer values at the border of a character; Tempo keeps 2048.",
)
integers: Final = click.option(
    "--integers",
    type=click.Choice(["text", "number"]),
    help="Integer attributes as text, as OTLP wants them, the default, or as numbers, as OpenRouter "
    "sends them.",
)


@attrs.frozen(kw_only=True)
class FormOptions:
    """
    The options that say in which form records are sent.

    Attributes:
        privacy_mode, hierarchy, integers, max_attribute_bytes:
            As the options of these names; ``None`` where an option was not given.
    """

    privacy_mode: bool = False
    hierarchy: Hierarchy | None = None
    integers: Integers | None = None
    max_attribute_bytes: int | None = None

    def form(self, configured: Form = DOCUMENTED) -> Form:
        """The form of a destination, with what the options say instead."""
        return Form(
            privacy_mode=self.privacy_mode or configured.privacy_mode,
            hierarchy=self.hierarchy or configured.hierarchy,
            integers=self.integers or configured.integers,
            truncation=Truncation(max_bytes=self.max_attribute_bytes),
        )


def _a_number(_: click.Context, __: click.Parameter, value: float) -> float:
    """``nan`` is a float, and lies in every range."""
    if math.isnan(value):
        raise click.BadParameter("nan is not in the range x>=0.")
    return value


allow_plain_http: Final = click.option(
    "--allow-plain-http", is_flag=True, help="Send the API key over http to another host."
)
max_wait: Final = click.option(
    "--max-wait",
    type=click.FloatRange(min=0),
    callback=_a_number,
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Give up when the server has not taken a body after so long.",
)
to: Final = click.option(
    "--to", "names", multiple=True, metavar="NAME", help="A destination; by default all that are enabled."
)
quarantine: Final = click.option(
    "--quarantine",
    type=click.File("ab"),
    metavar="FILE",
    help="Add what was not delivered to this file, as bodies that `post` can send again.",
)
