# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The program as a person starts it: a process of its own, with an environment that says nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import attrs

from . import settings

__all__ = ["Person", "Ran"]

_KEPT: Final = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH")


@attrs.frozen(kw_only=True)
class Ran:
    """What a command left: its exit code and both streams."""

    code: int
    out: str
    err: str


@attrs.frozen(kw_only=True)
class Person:
    """
    Somebody with a folder of their own and, perhaps, credentials in the environment.

    Attributes:
        folder: Home, and where destinations are saved.

        variables: What they exported.
    """

    folder: Path
    variables: dict[str, str] = attrs.field(factory=dict)

    @property
    def saved(self) -> Path:
        """Where ``configure`` saves."""
        return self.folder / "destinations.json"

    def with_credentials(self, base_url: str, api_key: str = settings.API_KEY) -> Person:
        """The same with the three variables."""
        named = {"BASE_URL": base_url, "INSTANCE_ID": settings.INSTANCE_ID, "API_KEY": api_key}
        return attrs.evolve(self, variables={f"OTLPJSON_{name}": value for name, value in named.items()})

    def runs(self, *arguments: str | Path, stdin: bytes = b"") -> Ran:
        """One command."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        own = {"HOME": str(self.folder), "OTLPJSON_CONFIG": str(self.saved), "COLUMNS": "200"}
        done = subprocess.run(
            [sys.executable, "-m", "otlpjson", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            env={**kept, **own, **self.variables},
            timeout=120,
            check=False,
        )
        return Ran(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())
