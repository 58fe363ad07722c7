# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Runs all but slow tests on every other CPython from 3.9 to 3.13 that is installed: ``python -m tests.pythons``.

Version managers keep interpreters off the PATH and leave shims on it that may start nothing.
So interpreters are looked for in the managers' folders as well, and each is asked for its
version. A version that something on this machine claims to have, and that does not start,
fails the run. The Python that runs this is left to ``make test``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

VERSIONS: Final = ("3.9", "3.10", "3.11", "3.12", "3.13")
THIS: Final = f"{sys.version_info.major}.{sys.version_info.minor}"
ROOT: Final = Path(__file__).resolve().parent.parent
# Below the home folder, or as named by the manager's own variable.
FOLDERS: Final = (
    ("PYENV_ROOT", ".pyenv", "versions/{version}*/bin/python"),
    ("ASDF_DATA_DIR", ".asdf", "installs/python/{version}*/bin/python"),
    ("MISE_DATA_DIR", ".local/share/mise", "installs/python/{version}*/bin/python"),
    ("UV_PYTHON_INSTALL_DIR", ".local/share/uv/python", "cpython-{version}*/bin/python{version}"),
    ("RUNNER_TOOL_CACHE", "hostedtoolcache", "Python/{version}*/*/bin/python"),
)
SELECTED: Final = ("-m", "not slow", "--hypothesis-profile=few")
ASK: Final = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"


def candidates(version: str, environ: Mapping[str, str]) -> Iterator[Path]:
    """Every file that claims to be a Python of this version."""
    for folder in environ.get("PATH", "").split(os.pathsep):
        path = Path(folder or ".") / f"python{version}"
        if path.is_file():
            yield path
    home = Path(environ.get("HOME", "/nonexistent"))
    for variable, default, pattern in FOLDERS:
        base = Path(environ[variable]) if environ.get(variable) else home / default
        found = base.glob(pattern.format(version=version))
        # "3.1*" would find 3.10 and later as well.
        exact = (path for path in found if re.search(rf"(?<![0-9.]){re.escape(version)}(?![0-9])", str(path)))
        yield from sorted(exact, key=_patch, reverse=True)
    yield from sorted(Path("/opt/python").glob(f"cp{version.replace('.', '')}-cp*/bin/python"))


def _patch(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]


def working(paths: Iterable[Path], version: str) -> Path | None:
    """The first that starts and is a CPython of this version; a shim that starts nothing is not."""
    for path in paths:
        try:
            answer = subprocess.run(
                [str(path), "-c", ASK], capture_output=True, text=True, timeout=30, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if answer.returncode == 0 and answer.stdout.split() == ["cpython", version]:
            return path
    return None


def main() -> int:
    """Runs them one after the other; 0 where none that is known failed."""
    results: dict[str, str] = {}
    for version in VERSIONS:
        if version == THIS:
            results[version] = "this one"
            continue
        known = list(candidates(version, os.environ))
        python = working(known, version)
        if python is None:
            results[version] = f"MISSED: {known[0]} does not start" if known else "not installed"
        else:
            print(f"\n== CPython {version}: {python}", flush=True)
            results[version] = "passed" if _passes(python, version) else "FAILED"
    print("\n" + "\n".join(f"CPython {version}: {result}" for version, result in results.items()))
    return 0 if set(results.values()) <= {"passed", "not installed", "this one"} else 1


def _passes(python: Path, version: str) -> bool:
    place = ROOT / f".venv-{version}"
    own = place / "bin" / "python"
    if place.exists():
        shutil.rmtree(place)
    steps = (
        [str(python), "-m", "venv", str(place)],
        [
            str(own),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--editable",
            f"{ROOT}[test]",
        ],
        [str(own), "-m", "pytest", "-q", "-p", "no:cacheprovider", *SELECTED],
    )
    return all(subprocess.run(step, cwd=ROOT, check=False).returncode == 0 for step in steps)


if __name__ == "__main__":
    sys.exit(main())
