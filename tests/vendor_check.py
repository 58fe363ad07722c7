# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Proves that a copy works: ``python -m tests.vendor_check``.

The package is copied unchanged to another place under another name. The tests beside the copy
differ from ours in their import lines alone. Then the core and the mapping are tested once
more, with everything blocked that they must not need.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGE: Final = "otlpjson"
COPY: Final = "acme._vendor.telemetry"

# These are about the project and its commands, whose names do not change with the package's.
NOT_OF_A_COPY: Final = (
    "cli",
    "bench",
    "typing",
    "sample_project",
    "sample.py",
    "test_distribution.py",
    "test_readme.py",
    "test_examples.py",
    "test_main.py",
    "test_pythons.py",
)
NEEDS_DELIVERY: Final = (
    *(
        "delivery",
        "test_broadcast.py",
        "test_config.py",
        "test_store.py",
        "test_exports.py",
        "test_fixtures.py",
        "test_receiver.py",
        "test_layers.py",
    ),
)
BLOCKER: Final = '''
import sys

class Blocked:
    """Refuses what a vendored core must do without."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {
            *("requests", "urllib3", "click", "rich", "platformdirs", "certifi", "idna", "otlpjson"),
        }:
            raise ModuleNotFoundError(f"{name} is blocked", name=name)

sys.meta_path.insert(0, Blocked())
'''


def main() -> int:
    """Copies, renames, and runs the suite twice; 0 where both runs pass."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _copy(place)
        everything = _run(place, "copy under another name", ())
        (place / "conftest.py").write_text(BLOCKER, encoding="utf-8")
        core = _run(place, "core and mapping without requests", NEEDS_DELIVERY)
    return everything or core


def _copy(place: Path) -> None:
    package = place.joinpath(*COPY.split("."))
    shutil.copytree(ROOT / PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    for parent in (package.parent, package.parent.parent):
        (parent / "__init__.py").touch()
    shutil.copytree(
        ROOT / "tests", place / "tests", ignore=shutil.ignore_patterns("__pycache__", *NOT_OF_A_COPY)
    )
    shutil.copytree(ROOT / "fixtures", place / "fixtures")
    shutil.copy(ROOT / "setup.cfg", place)
    for path in (place / "tests").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        path.write_text(_renamed(source), encoding="utf-8")


def _renamed(source: str) -> str:
    """The source with its imports of the package, and nothing else, changed."""
    source = re.sub(rf"\bfrom {PACKAGE}\b(?=[ .])", f"from {COPY}", source)
    return re.sub(rf"^import {PACKAGE}$", f"import {COPY} as {PACKAGE}", source, flags=re.MULTILINE)


def _run(place: Path, title: str, left_out: tuple[str, ...]) -> int:
    print(f"vendor-check: {title}", flush=True)
    ignored = [f"--ignore=tests/{name}" for name in left_out]
    # From the copy's own folder: -m puts it first on the path, before any installed package.
    environment = {
        **os.environ,
        "PYTHONSAFEPATH": "",
        "PYTHONPATH": str(place),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    guard = f"import {COPY}, sys; assert {COPY}.__file__.startswith(sys.argv[1]), {COPY}.__file__"
    subprocess.run([sys.executable, "-c", guard, str(place)], cwd=place, env=environment, check=True)
    # The installed package's plugin would compare with the installed package's classes.
    plugin = ["-p", f"no:{PACKAGE}", "-p", f"{COPY}.pytest_plugin"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin, *ignored]
    return subprocess.run(command, cwd=place, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
