# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Proves that vendored copies work under another name: ``python -m tests.vendor_check``.

The command ``vendor`` makes them as a user does. ``tests/vendor_smoke.py`` runs in each, in a
process of its own: in the whole package, in a zip file of it without ``requests`` and the packages
of the commands, and in the core where there is nothing but attrs.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SMOKE: Final = ROOT / "tests" / "vendor_smoke.py"
COPY: Final = "acme._vendor.telemetry"


def main() -> int:
    """0 where every copy works and is unchanged afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        whole, core = folder / "whole", folder / "core"
        results = [
            vendor(whole),
            smoke(whole, "whole"),
            vendor(whole, "--check"),
            smoke(zipped(whole, folder / "copy.zip"), "mapping"),
            vendor(core, "--core"),
            smoke(core, "core", only=attrs_alone(folder / "attrs")),
        ]
    return 1 if any(results) else 0


def vendor(place: Path, *options: str) -> int:
    """The exit code of the command; a new copy gets the packages around it that a host has."""
    target = place.joinpath(*COPY.split("."))
    code = subprocess.run(
        [sys.executable, "-m", "otlpjson", "vendor", str(target), *options], cwd=ROOT, check=False
    ).returncode
    for parent in (target.parent, target.parent.parent):
        parent.mkdir(parents=True, exist_ok=True)
        (parent / "__init__.py").touch()
    return code


def smoke(place: Path, part: str, only: Path | None = None) -> int:
    """The exit code of the smoke test; with ``only``, this folder stands in for all installed packages."""
    print(f"vendor-check: {part} from {place.name}", flush=True)
    # -I: nothing from the environment or the current folder; -S: no site-packages.
    options, libraries = (("-I",), ()) if only is None else (("-I", "-S"), (str(only),))
    arguments = (COPY, str(place), str(ROOT / "fixtures"), part, *libraries)
    command = [sys.executable, *options, "-W", "error", str(SMOKE), *arguments]
    return subprocess.run(command, cwd=place.parent, check=False).returncode


def zipped(place: Path, archive: Path) -> Path:
    """The copy with the packages around it, in a zip file."""
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(path for path in place.rglob("*") if path.is_file()):
            file.write(path, path.relative_to(place))
    return archive


def attrs_alone(folder: Path) -> Path:
    """A folder of libraries in which there is nothing else."""
    for name in ("attr", "attrs"):
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            sys.exit("vendor-check: attrs is not installed")
        shutil.copytree(Path(spec.origin).parent, folder / name)
    return folder


if __name__ == "__main__":
    sys.exit(main())
