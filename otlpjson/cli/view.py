# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``view``: a local page of traces, from files or as programs send them."""

from __future__ import annotations

import os
import tempfile
import time
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import click

from ..core.errors import ConfigError
from ..core.model import TracesData
from ..core.words import plural
from ..delivery.user_folder import viewer_file
from ..delivery.viewer.rendezvous import Rendezvous, published, rendezvous_at
from ..openrouter import read_record, resource_spans
from ..view import Bounds, Store, Viewer
from . import options
from .input_file import InputFile
from .shown_files import traces_in
from .sigterm import ended_by_sigterm
from .sources import opened
from .verbosity import note
from .view_demo import demo_records

__all__ = ["view"]

_S_PER_DAY: Final = 86_400
_KINDS: Final = "bodies, answers of Tempo or Jaeger, or logged requests"


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4319, show_default=True, help="0 picks a free one."
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="DB",
    help="Keep the traces in this database; without it they end with the viewer.",
)
@click.option(
    "--max-size",
    callback=options.bytes_of,
    default="4GB",
    show_default=True,
    metavar="SIZE",
    help="Delete the oldest traces when the database is larger.",
)
@click.option(
    "--max-age",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="DAYS",
    help="Delete older traces.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option("--demo", is_flag=True, help="Show examples.")
@options.input_files
def view(
    names: Sequence[str],
    port: int,
    keep: Path | None,
    opens: bool,
    demo: bool,
    max_size: float,
    max_age: float,
) -> int:
    """Show traces on a local page, as they come.

    Programs with a destination of the kind "local", or with instrument(view=True), send to it. FILE
    has bodies, answers of Tempo or Jaeger, or logged requests, also compressed. The address has a
    token: who knows it can read everything. Ctrl-C ends it.
    """
    bounds = Bounds(max_bytes=int(max_size), max_age_s=max_age * _S_PER_DAY)
    with ended_by_sigterm(), _store(keep, bounds) as store, _viewer(store, port) as viewer, _findable(viewer):
        click.echo(viewer.page_url)
        if opens:
            webbrowser.open(viewer.page_url)
        try:
            if demo:
                _show_demo(viewer)
            _show_files(viewer, names)
            note("Ctrl-C ends the viewer")
            _until_interrupted()
        except KeyboardInterrupt:
            click.echo("", err=True)
    return 0


def _until_interrupted() -> None:
    # In short waits, because on some platforms Ctrl-C does not interrupt a long one.
    while True:
        time.sleep(0.2)


@contextmanager
def _store(keep: Path | None, bounds: Bounds) -> Iterator[Store]:
    with ExitStack() as folders:
        if keep is None:
            folder = folders.enter_context(tempfile.TemporaryDirectory(prefix="otlpjson-view-"))
            keep = Path(folder) / "traces.db"
        with Store(keep, bounds=bounds) as store:
            yield store


def _viewer(store: Store, port: int) -> Viewer:
    try:
        return Viewer(store, port=port)
    except OSError as error:
        reason = f"expected a free port, got {port} ({error.strerror or error})"
        raise ConfigError({"--port": f"{reason}; --port 0 picks one"}) from None


@contextmanager
def _findable(viewer: Viewer) -> Iterator[None]:
    """Lets programs of this user find the viewer, unless there is another one."""
    path = viewer_file(os.environ)
    other = path and rendezvous_at(path)
    if path is None or other is not None:
        at = f"the viewer at {other.url}" if other else "no viewer: there is no home folder"
        note(f"programs send to {at}")
        yield
        return
    with ExitStack() as running:
        try:
            running.enter_context(published(path, Rendezvous(viewer.base_url, viewer.token)))
            note("programs send here with instrument(view=True), or to a destination of the kind local")
        except OSError as error:
            note(f"programs cannot find the viewer: {path}: {error.strerror or error}")
        yield


def _show_demo(viewer: Viewer) -> None:
    for record in demo_records():
        viewer.add(TracesData(resource_spans=resource_spans(read_record(record))))


def _show_files(viewer: Viewer, names: Sequence[str]) -> None:
    """Shows what is in the files, and says what of them cannot be shown."""
    if not names:
        return
    with opened(names, often=True) as sources:
        for source in sources:
            counted = InputFile(source.name)
            for traces in traces_in(source, counted):
                viewer.add(traces)
            counted.failed(_KINDS)
            if counted.bad and not counted.good:
                counted.say(f"no {_KINDS} found")
            note(f"{source.name}: {plural(counted.good, 'document')}")
