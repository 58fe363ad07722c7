# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The formats of logs that can be converted, and which of them a row is of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable, Final

import attrs

from . import langfuse, litellm_spend, openrouter_activity, records

__all__ = ["FORMATS", "Format", "format_named", "format_of"]


@attrs.frozen(kw_only=True)
class Format:
    """
    A format of logs.

    Attributes:
        name: Such as ``litellm``.

        title: What it is, in a few words.

        columns: The names by which a row of it is recognised.

        record_of: From a row to a record, or ``None`` if the row is no request; raises InvalidDocument.
    """

    name: str
    title: str
    columns: frozenset[str]
    record_of: Callable[[Mapping[str, Any]], dict[str, Any] | None]


FORMATS: Final = (
    Format(
        name="records",
        title="records of this package: JSON objects with request and response",
        columns=records.COLUMNS,
        record_of=records.record_of,
    ),
    Format(
        name="openrouter-activity",
        title="the export of OpenRouter's activity page, CSV; without content",
        columns=openrouter_activity.COLUMNS,
        record_of=openrouter_activity.record_of,
    ),
    Format(
        name="litellm",
        title="litellm's spend logs, JSON or CSV of LiteLLM_SpendLogs",
        columns=litellm_spend.COLUMNS,
        record_of=litellm_spend.record_of,
    ),
    Format(
        name="langfuse",
        title="observations exported from Langfuse, JSON or CSV",
        columns=langfuse.COLUMNS,
        record_of=langfuse.record_of,
    ),
)
"""All formats, in the order in which they are tried."""


def format_of(row: Mapping[str, Any]) -> Format | None:
    """The format that a row is of; ``None`` if of none."""
    return next((one for one in FORMATS if one.columns <= row.keys()), None)


def format_named(name: str) -> Format | None:
    """The format of this name."""
    return next((one for one in FORMATS if one.name == name), None)
