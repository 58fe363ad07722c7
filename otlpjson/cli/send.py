# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The commands ``send`` and ``post``: deliver records, or ready bodies, to one or more destinations."""

from __future__ import annotations

from typing import Any, Callable, TypeVar

import click

from ..backfill import Workers
from ..backfill.inputs.compressed import unpacked
from ..delivery import Limits
from . import options
from .chosen import chosen
from .delivery_job import DeliveryJob, Reader
from .record_reader import RecordReader

__all__ = ["post", "send"]

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _delivering(command: _Command) -> _Command:
    """What both have in common."""
    for option in (
        options.allow_plain_http,
        options.dry_run,
        options.checkpoint,
        options.quarantine,
        options.rate,
        options.requests,
        options.max_wait,
        options.to,
        options.input_files,
    ):
        command = option(command)
    return command


@click.command()
@_delivering
@options.record_format
@options.privacy_mode
@options.hierarchy
@options.integers
@options.max_attribute_bytes
@options.workers
def send(format_name: str, workers: int, **given: Any) -> int:
    """Turn records into spans and deliver them.

    FILE has one JSON object per LLM request, with its request and its response, also compressed
    with gzip or Zstandard; other logs need --format. A pattern such as "logs/*.jsonl" gives
    several files; "-", or no FILE, is standard input.
    """
    form_options = options.FormOptions(**{name: given.pop(name) for name in options.FORM_OPTIONS})
    job = _job(**given)
    with Workers(workers) as processes:
        reader, mapper = RecordReader(format_name, processes), form_options.mapper
        return job.run(
            Reader(
                kind="records",
                settings=lambda target: f"{format_name} {mapper(target)!r}",
                read=lambda counted, file, target, first: reader.read(counted, file, mapper(target), first),
            )
        )


@click.command()
@_delivering
def post(**given: Any) -> int:
    """Deliver ready OTLP/JSON bodies unchanged.

    FILE has one body per line, also compressed with gzip or Zstandard, or is a single indented
    body. A pattern such as "out/*.jsonl.gz" gives several files; "-", or no FILE, is standard input.
    """
    return _job(**given).run(
        Reader(
            kind="bodies",
            settings=lambda target: "",
            read=lambda counted, file, target, first: counted.bodies(unpacked(file), first),
        )
    )


def _job(*, to: tuple[str, ...], max_wait: float, allow_plain_http: bool, **given: Any) -> DeliveryJob:
    return DeliveryJob(
        targets=chosen(to, allow_plain_http=allow_plain_http), limits=Limits(max_wait_s=max_wait), **given
    )
