# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The commands ``spool …``: what waits on the disk, why, and what is to be done with it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path
from typing import Any, Final

import attrs
import click
from rich.console import Console
from rich.progress import Progress

from ..broadcast import Broadcast, config
from ..broadcast.config_file import read_document
from ..broadcast.config_saving import locked, save_document
from ..broadcast.document import with_spool
from ..core.bodies import join
from ..core.decoder import decode_lenient
from ..core.entry import Entry
from ..core.errors import ConfigError
from ..core.traces import traces_of
from ..core.words import plural
from ..delivery.spool import Kept, Spool, Stock, Unavailable
from . import options
from .chosen import config_path
from .completion import saved_names
from .drawing.waterfall import draw
from .plain_table import print_table
from .verbosity import note

__all__ = ["spool"]

_LOOK_S: Final = 0.5
_STATES: Final = ("pending", "in flight", "parked", "quarantined")

_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="The folder of the spool; by default the one that is configured.",
)
_json = click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")


@click.group()
def spool() -> None:
    """Show and change what waits in the spool.

    A spool is a folder in which entries wait on the disk until a server has them, so that the end of
    a process loses none of them. "spool on" turns it on for all destinations.
    """


@spool.command()
@click.argument("folder", type=click.Path(path_type=Path))
def on(folder: Path) -> int:
    """Keep what is recorded in FOLDER until it is delivered."""
    Spool(folder).close()
    _save(folder.absolute())
    note(f"entries wait in {folder.absolute()} from now on")
    return 0


@spool.command()
def off() -> int:
    """Keep what is recorded in memory; what is in the spool stays there."""
    _save(None)
    note("entries wait in memory from now on")
    return 0


@spool.command()
@_folder
@_json
def status(folder: Path | None, as_json: bool) -> int:
    """Count by destination what waits and what was sent."""
    with _opened(folder) as opened:
        stocks = opened.stocks()
    if as_json:
        for stock in stocks:
            click.echo(json.dumps(_facts(stock)))
        return 0
    note(f"{opened.path}: {_size(opened.path)}")
    print_table(
        (
            "name",
            "pending",
            "in flight",
            "quarantined",
            "delivered",
            "rejected",
            "dropped",
            "bytes",
            "oldest",
            "",
        ),
        (_row(stock) for stock in stocks),
    )
    return 0


@spool.command(name="list")
@_folder
@_json
@click.option("--to", "names", multiple=True, metavar="NAME", help="Only for this destination, repeatable.")
@click.option("--state", type=click.Choice(_STATES), help="Only those in this state.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
def list_(
    folder: Path | None, as_json: bool, names: Sequence[str], state: str | None, limit: int | None
) -> int:
    """List the entries, their states and reasons; no content."""
    with _opened(folder) as opened:
        chosen = (
            one
            for one in opened.kept()
            if (not names or one.destination in names) and state in (None, one.state)
        )
        found = islice(chosen, limit)
        if as_json:
            for one in found:
                click.echo(json.dumps({**attrs.asdict(one), "added": _moment(one.added_ms)}))
        else:
            headings = ("entry", "destination", "state", "spans", "bytes", "added", "reason")
            print_table(headings, map(_line, found))
    return 0


@spool.command()
@click.argument("entry", type=int)
@_folder
@click.option("--content", is_flag=True, help="Also show attributes: prompts, completions, names of users.")
@_json
def show(entry: int, folder: Path | None, content: bool, as_json: bool) -> int:
    """Draw the spans of an entry; with --json, print its body."""
    if as_json and not content:
        raise click.UsageError("a body has all content; add --content")
    with _opened(folder) as opened:
        data = opened.entry_data(entry)
    if data is None:
        raise ConfigError({str(entry): "no such entry; see `otlpjson spool list`"})
    body = join([Entry(data=data, span_count=1)])
    if as_json:
        click.echo(body)
    else:
        draw(Console(), traces_of([decode_lenient(body).traces]), with_attributes=content, full=content)
    return 0


@spool.command()
@click.argument("names", nargs=-1, shell_complete=saved_names)
@_folder
@click.option("--parked", metavar="NAME", help="Also what waits for this destination, which is parked.")
@options.max_wait
def retry(names: Sequence[str], folder: Path | None, parked: str | None, max_wait: float) -> int:
    """Send what was refused once more, and what is pending, now.

    NAMES are destinations, by default all of them. What is parked because a destination was renamed,
    removed or given another URL is sent to the one that is named, with --parked.
    """
    if parked is not None and len(names) > 1:
        raise click.UsageError("--parked goes to one destination; name one.")
    found = config.configured(os.environ)
    path = _path(folder, found)
    with Broadcast(found.destinations, spool=path) as broadcast:
        if parked is not None:
            moved = broadcast.adopt(parked, *names)
            note(f"{plural(moved, 'span')} of {parked} moved")
        again = broadcast.resend(*names)
        if again:
            note(f"{plural(again, 'span')} sent once more")
        before = {name: count.delivered for name, count in broadcast.counts().items()}
        _wait(broadcast, names, max_wait)
        counts = broadcast.counts()
    left = 0
    for name in names or counts:
        count = counts[name]
        parts = [f"{count.delivered - before[name]} delivered"]
        parts += [f"{count.quarantined} quarantined"] if count.quarantined else []
        parts += [f"{count.pending} pending"] if count.pending else []
        reason = f": {count.last.brief}" if count.last and (count.pending or count.quarantined) else ""
        click.echo(f"{name}: {', '.join(parts)}{reason}", err=True)
        left += count.pending + count.quarantined
    return 1 if left else 0


@spool.command()
@click.argument("name", shell_complete=saved_names)
@_folder
@click.option("--pending", is_flag=True, help="Also what was never sent.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def drop(name: str, folder: Path | None, pending: bool, yes: bool) -> int:
    """Delete what a server refused, or what is parked, for good.

    NAME is a destination. It is counted as dropped by hand.
    """
    with _opened(folder) as opened:
        stocks = [stock for stock in opened.stocks() if stock.name == name]
        if not stocks:
            raise ConfigError({name: "not in the spool; see `otlpjson spool status`"})
        doomed = [(stock, pending or stock.parked is not None) for stock in stocks]
        spans = sum(stock.counts.quarantined + stock.counts.pending * all_of for stock, all_of in doomed)
        if spans and not yes:
            click.confirm(f"Delete {plural(spans, 'span')} for good?", abort=True, err=True)
        dropped = sum(opened.drop(stock, pending=all_of) for stock, all_of in doomed)
    note(f"{plural(dropped, 'span')} dropped")
    return 0


@contextmanager
def _opened(folder: Path | None) -> Iterator[Spool]:
    path = _path(folder, config.find(os.environ) if folder is None else None)
    if not (path / "spool.db").exists():
        raise ConfigError({str(path): "no spool there"})
    opened = Spool(path)
    try:
        yield opened
    except Unavailable as error:
        raise ConfigError({str(path): str(error)}) from None
    finally:
        opened.close()


def _path(folder: Path | None, found: config.Configuration | None) -> Path:
    path = folder or (found and found.spool)
    if not path:
        raise ConfigError({"spool": "not configured; run `otlpjson spool on FOLDER`, or give --folder"})
    return path


def _save(folder: Path | None) -> None:
    path = config_path()
    with locked(path):
        save_document(path, with_spool(read_document(path), folder))


def _wait(broadcast: Broadcast, names: Sequence[str], max_wait: float) -> None:
    """Waits until nothing is pending; at a terminal with a progress bar."""
    console = Console(stderr=True)
    until_s = time.monotonic() + max_wait

    def pending() -> int:
        return sum(count.pending for name, count in broadcast.counts().items() if not names or name in names)

    total = pending()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Sending", total=total)
        while pending() and time.monotonic() < until_s:
            broadcast.flush(min(_LOOK_S, max_wait))
            progress.update(task, completed=total - pending())


def _facts(stock: Stock) -> dict[str, Any]:
    counts = stock.counts
    return {
        "name": stock.name,
        "parked": stock.parked,
        "recorded": stock.recorded,
        "pending": counts.pending,
        "in_flight": stock.in_flight,
        "quarantined": counts.quarantined,
        "delivered": counts.delivered,
        "unconfirmed": counts.unconfirmed,
        "rejected": counts.rejected,
        "dropped": counts.dropped,
        "bytes": stock.bytes,
        "oldest": None if stock.oldest_ms is None else _moment(stock.oldest_ms),
    }


def _row(stock: Stock) -> tuple[str, ...]:
    counts = stock.counts
    dropped = " ".join(f"{reason} {spans}" for reason, spans in counts.dropped.items()) or "0"
    numbers = (counts.pending, stock.in_flight, counts.quarantined, counts.delivered, counts.rejected)
    oldest = "" if stock.oldest_ms is None else _moment(stock.oldest_ms)
    parked = f"parked: destination {stock.parked}" if stock.parked else ""
    return (stock.name, *map(str, numbers), dropped, str(stock.bytes), oldest, parked)


def _line(one: Kept) -> tuple[str, ...]:
    numbers = (str(one.spans), str(one.bytes))
    return (str(one.number), one.destination, one.state, *numbers, _moment(one.added_ms), one.reason)


def _moment(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _size(path: Path) -> str:
    size = sum(file.stat().st_size for file in path.glob("spool.db*"))
    return f"{size / 1024 / 1024:.1f} MiB on the disk"
