# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``vendor``: copies this package into another project, or checks a copy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ..core import __version__
from ..core.errors import ConfigError, InvalidDocument
from ..core.words import printable
from ..vendoring.folder import is_empty, read_folder, read_sources, replace_folder
from ..vendoring.manifest import (
    MANIFEST,
    Manifest,
    age,
    changes,
    copied,
    is_package_name,
    read_manifest,
    refusal,
)
from .verbosity import note

if TYPE_CHECKING:
    from importlib.abc import Traversable

__all__ = ["vendor"]

# This package, which may itself be a copy under another name, or be in a zip file.
_PACKAGE: Final = __name__.rsplit(".", 2)[0]
_MAX_NAME: Final = 400


@click.command()
@click.argument("dest", type=click.Path(path_type=Path))
@click.option("--core", is_flag=True, help="Copy only the encoder and decoder, which depend on attrs alone.")
@click.option("--check", is_flag=True, help="Copy nothing; list what was changed in an existing copy.")
def vendor(dest: Path, core: bool, check: bool) -> int:
    """Copy this package into your project.

    DEST is a folder such as myapp/_vendor/otlpjson; its last part becomes the name of the package.
    An earlier copy is replaced, unless its files were changed.
    """
    if core and check:
        raise click.UsageError("--core and --check cannot be combined: a copy knows which part it is.")
    return _compare(dest) if check else _copy(dest, core=core)


def _compare(dest: Path) -> int:
    with _failures_reported(dest):
        manifest, changed = _compared(dest)
    for change in changed:
        click.echo(printable(change, _MAX_NAME))
    state = "changed" if changed else "unchanged"
    note(f"{_described(dest, manifest)}, {state}; {age(manifest)} the running {__version__}")
    return 1 if changed else 0


def _copy(dest: Path, *, core: bool) -> int:
    package = files(_PACKAGE)
    with _failures_reported(dest):
        _refuse_to_overwrite(dest, package)
        new = copied(dict(read_sources(package)), core=core)
        replace_folder(dest, new)
    note(_described(dest, read_manifest(new[MANIFEST])))
    return 0


def _described(dest: Path, manifest: Manifest) -> str:
    place = printable(str(dest), _MAX_NAME)
    return f"{place}: {manifest.part} otlpjson {manifest.version}, {len(manifest.sha256)} files"


def _refuse_to_overwrite(dest: Path, package: Traversable) -> None:
    """
    Protects everything but an unchanged copy.

    Raises:
        ConfigError: A copy to this folder would overwrite something else, or could not be imported.
    """
    if not is_package_name(dest.name):
        raise _refused(dest, f"a folder whose name Python can import, got {dest.name!r}")
    if dest.is_symlink():
        raise _refused(dest, "a folder, got a symbolic link")
    # Not Path.resolve: before Python 3.13 it raises a RuntimeError for links that form a loop.
    place = Path(os.path.realpath(dest))
    if isinstance(package, Path) and Path(os.path.realpath(package)) in (place, *place.parents):
        raise _refused(dest, "a folder outside the package itself, got one inside")
    if not dest.exists() or (dest.is_dir() and is_empty(dest)):
        return
    manifest, changed = _compared(dest)
    reason = refusal(manifest, changed)
    if reason is not None:
        raise ConfigError({str(dest): reason})


def _compared(dest: Path) -> tuple[Manifest, tuple[str, ...]]:
    """
    The manifest of a copy, and how the copy differs from it.

    Raises:
        ConfigError: The folder is not a copy, or its manifest is damaged.
    """
    if not dest.is_dir():
        raise _refused(dest, f"a folder, got {'a file' if dest.exists() else 'nothing'}")
    if not (dest / MANIFEST).is_file():
        raise _refused(dest, f"a copy made by `otlpjson vendor`, got a folder without {MANIFEST}")
    try:
        manifest = read_manifest((dest / MANIFEST).read_bytes())
    except InvalidDocument as error:
        raise ConfigError({f"{dest}/{error.path}": str(error.problem.reason)}) from None
    known = dict(manifest.sha256)
    return manifest, changes(manifest, read_folder(dest, known))


def _refused(dest: Path, expected: str) -> ConfigError:
    return ConfigError({str(dest): f"expected {expected}"})


@contextmanager
def _failures_reported(dest: Path) -> Iterator[None]:
    """Turns errors of the file system into errors about the folder."""
    try:
        yield
    except OSError as error:
        # A full disk is reported without a file name.
        facts = (error.strerror or error, error.filename)
        raise ConfigError({str(dest): ": ".join(str(fact) for fact in facts if fact)}) from None
