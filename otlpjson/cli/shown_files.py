# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Files of spans or of logged requests, handed over as spans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from ..backfill import Mapper, Workers
from ..backfill.inputs.compressed import unpacked
from ..backfill.inputs.opened import is_parquet
from ..backfill.shards import documents_of_file
from ..core.bodies import join
from ..core.decoder import decode
from ..core.errors import InvalidDocument
from ..core.lines import documents
from ..core.model import TracesData
from ..inspect.answers import decode_answer
from ..openrouter import Form, Policy
from .input_file import InputFile
from .sources import Source

__all__ = ["traces_in"]

_MAPPER: Final = Mapper(form=Form(), policy=Policy())


def traces_in(source: Source, counted: InputFile) -> Iterator[TracesData]:
    """
    The spans of each document of a file: a body, an answer of Tempo or Jaeger, or a logged request.

    Args:
        source: A file that can be read twice, also compressed or Parquet.

        counted: What counts the documents, and reports those that cannot be used.
    """
    file = source.file
    if not is_parquet(file) and _begins_with_spans(file):
        file.seek(0)
        yield from counted.traces(unpacked(file))
        return
    file.seek(0)
    # No known format: the first rows tell.
    with Workers(1) as workers:
        for entries in counted.rows(documents_of_file(file, None), _MAPPER, workers):
            yield decode(join(entries))


def _begins_with_spans(file: BinaryIO) -> bool:
    first = next(documents(unpacked(file)), (0, b""))
    try:
        groups = decode_answer(first[1]).traces.resource_spans
    except InvalidDocument:
        return False
    return any(group.span_count for group in groups)
