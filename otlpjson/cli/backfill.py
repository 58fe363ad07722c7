# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``backfill``: files of logs to files of spans, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Final

import attrs
import click

from ..backfill import Job, Mapper, Output, Report, Shard, shards_of
from ..backfill.engines import Done, cluster_of, run_locally, run_on_cluster
from ..backfill.job import REPORTS
from ..backfill.outputs import OUTPUTS, PACKINGS
from ..backfill.shards import MIN_SHARD_BYTES
from ..core.words import plural, printable
from ..openrouter import Policy
from . import options
from .chosen import chosen
from .folding import Folding
from .paths import paths_of
from .progress import Advance, size_text, with_progress
from .sigterm import ended_by_sigterm
from .summary import print_reasons
from .verbosity import note

__all__ = ["backfill"]

_MAX_MESSAGE: Final = 1000
_MB: Final = 1_000_000


@click.command()
@click.argument("names", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to; what is there already is not done again.",
)
@options.format_name
@click.option(
    "--output",
    "output_name",
    type=click.Choice(OUTPUTS),
    default=OUTPUTS[0],
    show_default=True,
    help="otlp-json: bodies, one per line, as the Collector writes them; parquet: one row per span.",
)
@click.option(
    "--compression",
    type=click.Choice(tuple(PACKINGS)),
    default="none",
    show_default=True,
    help="Of the lines of otlp-json.",
)
@click.option(
    "--like",
    metavar="NAME",
    help="Write what this saved destination would be sent: its form, masks, rules and sampling.",
)
@options.privacy_mode
@options.hierarchy
@options.integers
@options.max_attribute_bytes
@options.workers
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="What runs the parts: processes of this machine, or a Dask cluster.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="A running Dask cluster, such as tcp://10.0.0.1:8786; by default one is started here.",
)
@click.option(
    "--shard-mb",
    type=click.FloatRange(min=MIN_SHARD_BYTES / _MB, max=100_000),
    default=16.0,
    show_default=True,
    metavar="N",
    help="The size of the parts of JSON Lines, in megabytes.",
)
def backfill(
    names: tuple[str, ...],
    folder: Path,
    format_name: str,
    shard_mb: float,
    output_name: Any,
    compression: Any,
    like: str | None,
    engine: str,
    scheduler: str | None,
    workers: int,
    **form_options: Any,
) -> int:
    """Turn many logged requests into files of spans, which "post" delivers and DuckDB reads.

    FILE is JSON Lines, CSV, a JSON array or Parquet, or a pattern such as "logs/*.jsonl.gz";
    "formats" lists what is known. Each part of a file becomes one file. A run that was
    interrupted goes on where it was when it is started again.
    """
    if scheduler is not None and engine != "dask":
        raise click.UsageError("--scheduler needs --engine dask")
    paths = paths_of(names)
    job = Job(
        mapper=_mapper(like, options.FormOptions(**form_options)),
        output=Output(name=output_name, packing=compression),
        folder=str(folder.resolve()),
    )
    job.prepare()
    name = None if format_name == "auto" else format_name
    shards = list(shards_of(paths, name, int(shard_mb * _MB)))
    run = _Run(job=job)
    total = sum(shard.end - shard.start for shard in shards)
    try:
        with (
            ended_by_sigterm(),
            _engine(engine, scheduler, workers) as results,
            with_progress("Converting", total) as advance,
        ):
            run.all(results(job, shards), advance)
    except (KeyboardInterrupt, SystemExit):
        run.print(folder)
        click.echo("interrupted; the same command goes on from here", err=True)
        raise
    run.print(folder)
    run.print_others(folder)
    return run.code()


def _mapper(like: str | None, form_options: options.FormOptions) -> Mapper:
    if like is None:
        return Mapper(form=form_options.form(), policy=Policy())
    [target] = chosen([like])
    return form_options.mapper(target)


@contextmanager
def _engine(
    name: str, scheduler: str | None, workers: int
) -> Iterator[Callable[[Job, list[Shard]], Iterator[Done]]]:
    if name == "local":
        yield lambda job, shards: run_locally(job, shards, workers)
    else:
        with cluster_of(scheduler, workers) as client:
            yield lambda job, shards: run_on_cluster(job, shards, client)


@attrs.frozen(kw_only=True)
class _Run:
    """One run of the command."""

    job: Job
    total: Report = attrs.field(factory=Report)
    files: set[str] = attrs.field(factory=set)
    parts: set[str] = attrs.field(factory=set)
    folding: Folding = attrs.field(factory=Folding)

    def all(self, results: Iterator[Done], advance: Advance) -> None:
        for shard, report in results:
            # Of equal messages the first three; the reports have more of them.
            for message in filter(self.folding.shows, report.messages):
                click.echo(printable(message, _MAX_MESSAGE), err=True)
            self.total.add(report)
            self.parts.add(report.part)
            if report.file:
                self.files.add(report.file)
            advance(shard.end - shard.start)
        # Once, because there may be a hundred thousand files.
        self.job.sweep(self.parts)

    def code(self) -> int:
        return 1 if self.total.refused or not self.total.rows else 0

    def print(self, folder: Path) -> None:
        total = self.total
        written = f"{plural(len(self.files), 'file')} of {size_text(total.output_bytes)}"
        note(f"{plural(total.records, 'record')}, {plural(total.spans, 'span')} in {written} in {folder}")
        if total.refused:
            click.echo(f"{plural(total.refused, 'row')} refused, see {folder / REPORTS}", err=True)
        if total.without_request:
            note(f"{plural(total.without_request, 'row')} without a request")
        if total.without_spans:
            note(f"{plural(total.without_spans, 'record')} without spans: refused before routing")
        if total.notes:
            note(f"{plural(total.notes, 'value')} left out")
        if total.masked:
            note(f"{plural(total.masked, 'text')} masked")
        print_reasons(total.left_out)
        if not total.rows:
            click.echo("no rows found", err=True)

    def print_others(self, folder: Path) -> None:
        """Says how many files there are of other inputs or settings, because "post" would send them too."""
        suffix = self.job.output.suffix
        here = {path.name for path in folder.iterdir() if path.name.endswith(suffix) and path.name[0] != "."}
        if others := here - self.files:
            note(f"{folder} has {plural(len(others), 'other file')}, of other input or settings")
