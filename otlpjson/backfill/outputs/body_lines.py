# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""OTLP/JSON, one body per line: what the Collector's file exporter writes, and what ``post`` reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from ...core.bodies import fill
from ...core.entry import Entry

__all__ = ["write"]


def write(entries: Iterable[Entry], file: BinaryIO) -> None:
    """Writes bodies that are as large as one request is."""
    for body in fill(entries):
        file.write(body.data + b"\n")
