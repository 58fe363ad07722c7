# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A kind of output file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import BinaryIO, Callable, Final, Literal

import attrs

from ...core.entry import Entry
from ...core.errors import ConfigError
from . import body_lines, span_table
from .packing import PACKINGS, Packing

__all__ = ["OUTPUTS", "Output", "OutputName"]

OutputName = Literal["otlp-json", "parquet"]


@attrs.frozen
class _Kind:
    suffix: str
    write: Callable[[Iterable[Entry], BinaryIO], None]


_KINDS: Final[Mapping[str, _Kind]] = MappingProxyType(
    {
        "otlp-json": _Kind(".jsonl", body_lines.write),
        "parquet": _Kind(".parquet", span_table.write),
    }
)

OUTPUTS: Final = tuple(_KINDS)
"""The names of all kinds."""


@attrs.frozen(kw_only=True)
class Output:
    """
    How the spans of a part are written.

    Attributes:
        name:
            ``otlp-json``: bodies of up to 500 kB, one per line, as the Collector's file exporter writes
            them. ``parquet``: one row per span.

        packing:
            How lines are compressed, ``none``, ``gzip`` or ``zstd``. Parquet compresses its columns itself.

    Raises:
        ConfigError: A package that it needs is not installed, or Parquet is to be compressed.
    """

    name: OutputName = "otlp-json"
    packing: Packing = "none"

    def __attrs_post_init__(self) -> None:
        if self.name == "parquet" and self.packing != "none":
            raise ConfigError({"--compression": "expected none; Parquet compresses its columns itself"})
        PACKINGS[self.packing].require()
        if self.name == "parquet":
            span_table.require()

    @property
    def suffix(self) -> str:
        """What the names of its files end in."""
        return _KINDS[self.name].suffix + PACKINGS[self.packing].suffix

    def write(self, entries: Iterable[Entry], file: BinaryIO) -> None:
        """Writes all entries, in order; the same entries give the same bytes."""
        with PACKINGS[self.packing].opened(file) as packed:
            _KINDS[self.name].write(entries, packed)
