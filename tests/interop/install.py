# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Builds the Collector and Jaeger once, into the user's cache: ``python -m tests.interop.install``.

Both come from the Go module proxy at pinned versions. A build goes into a folder of its own
and is moved into place when it is whole, so one that is interrupted leaves nothing behind
that the next run would take for a program.

``--why-not`` builds nothing: it prints why the programs cannot be had here, or nothing.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Callable, Final

from .programs import (
    COLLECTOR,
    GO_NEEDED,
    JAEGER,
    PROGRAMS,
    Program,
    cache_folder,
    go_version,
)

__all__ = ["Refused", "installed", "main", "why_not"]

HERE: Final = Path(__file__).resolve().parent
BUILDER: Final = f"go.opentelemetry.io/collector/cmd/builder@v{COLLECTOR.version}"
JAEGER_TOOL: Final = "github.com/jaegertracing/jaeger/cmd/jaeger"
REACH_S: Final = 60
_SYSTEMS: Final = {"Darwin": "darwin", "Windows": "windows"}
_PROCESSORS: Final = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class Refused(Exception):
    """Why a program cannot be built here, in one sentence."""


def installed(program: Program) -> Path:
    """Where a program is, or would be, on this machine."""
    system = _SYSTEMS.get(platform.system(), platform.system().lower())
    processor = _PROCESSORS.get(platform.machine().lower(), platform.machine().lower())
    return program.path(cache_folder(os.environ, Path.home()), f"{system}-{processor}")


def why_not(missing: Sequence[Program], environ: Mapping[str, str]) -> str:
    """Why these programs cannot be built here, in one sentence; empty where they can."""
    if not missing:
        return ""
    try:
        go = _go(environ)
        _run([go, "list", "-m", BUILDER], environ, timeout_s=REACH_S)
    except Refused as error:
        return str(error)
    return ""


def main(argv: Sequence[str]) -> int:
    """Builds what is missing; 0 where both programs are there at the end."""
    missing = [program for program in PROGRAMS if not installed(program).is_file()]
    if "--why-not" in argv:
        print(why_not(missing, os.environ), end="")
        return 0
    try:
        for program in missing:
            _build(program, _go(os.environ))
    except Refused as error:
        print(f"servers: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("servers: interrupted; the next run begins that build again", file=sys.stderr)
        return 1
    for program in PROGRAMS:
        print(f"{program.name} {program.version}: {installed(program)}")
    return 0


def _go(environ: Mapping[str, str]) -> str:
    """The Go command, if it is new enough."""
    needed = ".".join(map(str, GO_NEEDED))
    go = shutil.which("go", path=environ.get("PATH", ""))
    if go is None:
        raise Refused(f"Go {needed} or newer builds the Collector and Jaeger, and there is no go on the PATH")
    said = _run([go, "version"], environ, timeout_s=REACH_S)
    version = go_version(said)
    if version is None or version < GO_NEEDED:
        raise Refused(f"Go {needed} or newer builds the Collector and Jaeger, and {go} is {said.strip()!r}")
    return go


def _build(program: Program, go: str) -> None:
    target = installed(program)
    target.parent.mkdir(parents=True, exist_ok=True)
    print(f"building {program.name} {program.version}; this takes a few minutes, once", flush=True)
    # Beside the target, so that the move at the end is one step within one file system.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".building-") as folder:
        built = _RECIPES[program.name](go, Path(folder))
        os.replace(built, target)


def _build_collector(go: str, folder: Path) -> Path:
    """The builder is installed first; what it writes and compiles stays in the folder."""
    environ = {**os.environ, "GOBIN": str(folder)}
    _run([go, "install", BUILDER], environ)
    (builder,) = folder.glob("builder*")
    config = (HERE / "collector.yaml").read_text(encoding="utf-8").replace("OUTPUT", str(folder / "out"))
    (folder / "collector.yaml").write_text(config, encoding="utf-8")
    _run([str(builder), "--config", str(folder / "collector.yaml")], environ)
    (built,) = (path for path in (folder / "out").glob("otlpjson-collector*") if path.is_file())
    return built


def _build_jaeger(go: str, folder: Path) -> Path:
    """Out of the module beside this file, against its own sums."""
    built = folder / "jaeger"
    command = [go, "build", "-mod=readonly", "-trimpath", "-ldflags=-s -w", "-o", str(built), JAEGER_TOOL]
    _run(command, os.environ, cwd=HERE / "jaeger")
    return built


_RECIPES: Final[dict[str, Callable[[str, Path], Path]]] = {
    COLLECTOR.name: _build_collector,
    JAEGER.name: _build_jaeger,
}


def _run(
    command: Sequence[str],
    environ: Mapping[str, str],
    *,
    cwd: Path | None = None,
    timeout_s: int | None = None,
) -> str:
    """What a command prints; where it fails, the end of what it said is the reason."""
    try:
        done = subprocess.run(
            command,
            # Go looks for a module around the folder it is started in; none is meant here.
            cwd=cwd or tempfile.gettempdir(),
            env=dict(environ),
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except OSError as error:
        raise Refused(f"{command[0]} cannot be started: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise Refused(f"{' '.join(command)} gave no answer within {timeout_s} s") from None
    if done.returncode != 0:
        last = " / ".join(line.strip() for line in done.stderr.splitlines()[-3:])
        raise Refused(f"{' '.join(command)} failed: {last}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
