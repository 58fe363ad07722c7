# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``export`` and ``import``: saved destinations as JSON, from one machine to another, without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, BinaryIO

import click

from ..broadcast.config_file import read_document
from ..broadcast.config_saving import locked, save_document
from ..broadcast.document import changed, parsed
from ..core.errors import ConfigError
from .chosen import config_path
from .completion import saved_names
from .verbosity import note

__all__ = ["export", "import_file"]


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=saved_names)
def export(names: Sequence[str]) -> int:
    """Print saved destinations as JSON, without secrets.

    In place of each key, instance ID and header there is a reference to a variable, such as
    {"env": "DEFAULT_API_KEY"}. "import" reads it; the variables have to be set where it is used.
    """
    document = read_document(config_path()) or {"version": 1, "destinations": {}}
    known = document["destinations"]
    missing = [name for name in names if name not in known]
    if missing:
        raise ConfigError(dict.fromkeys(missing, f"expected one of {', '.join(known)}"))
    entries = {name: _without_secrets(name, known[name]) for name in names or known}
    click.echo(json.dumps({"version": document["version"], "destinations": entries}, indent=2))
    return 0


@click.command("import")
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--replace", is_flag=True, help="Replace saved destinations of the same names.")
def import_file(file: BinaryIO, replace: bool) -> int:
    """Save the destinations of a file that "export" wrote.

    All are saved or, if one of them cannot be used or has the name of a saved one, none.
    """
    try:
        document = json.loads(file.read())
    except (ValueError, RecursionError):
        raise ConfigError({file.name: "not JSON"}) from None
    new = parsed(document)
    path = config_path()
    with locked(path):
        saved = read_document(path)
        taken = [name for name in new if name in (saved or {}).get("destinations", {})]
        if taken and not replace:
            raise ConfigError(dict.fromkeys(taken, "there is a destination of this name; use --replace"))
        for name in new:
            saved = changed(saved, name, document["destinations"][name])
        save_document(path, saved or {"version": 1, "destinations": {}})
    note(f"saved {', '.join(new) or 'nothing'} in {path}")
    return 0


def _without_secrets(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    def reference(key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        return {"env": re.sub("[^A-Z0-9]+", "_", f"{name}_{key}".upper()).strip("_")}

    new = dict(entry)
    for key in ("api_key", "instance_id"):
        if key in new:
            new[key] = reference(key, new[key])
    # A receiver may expect a token in the query.
    for key in ("url", "endpoint"):
        if isinstance(new.get(key), str) and "?" in new[key]:
            new[key] = reference(key, new[key])
    if isinstance(new.get("headers"), dict):
        new["headers"] = {key: reference(key, value) for key, value in new["headers"].items()}
    return new
