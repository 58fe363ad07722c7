# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Proves that a copy works: ``python -m tests.vendor_check``.

The command ``vendor`` copies the package to another place under another name. The tests beside
the copy differ from ours in their import lines alone. The suite runs against the copy; then core
and mapping run from a zip file, with everything blocked that they must not need. A copy of the
core encodes and decodes the golden bodies where there is nothing but attrs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGE: Final = "otlpjson"
COPY: Final = "acme._vendor.telemetry"

# These are about the project and its commands, whose names do not change with the package's.
NOT_OF_A_COPY: Final = (
    "cli",
    "bench",
    "judges",
    "interop",
    "typing",
    "sample_project",
    "sample.py",
    "test_distribution.py",
    "test_readme.py",
    "test_rules.py",
    "test_examples.py",
    "test_interop*.py",
    "test_main.py",
    "test_pythons.py",
    "traceql",
    "queries.py",
    "query_words.py",
    "test_queries.py",
    "test_dashboard.py",
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
# Run by a Python that sees the standard library and the folders given, and nothing else.
ISOLATED: Final = """
import sys
from importlib import import_module
from pathlib import Path

fixtures, name, *paths = sys.argv[1:]
sys.dont_write_bytecode = True
sys.path += paths
core = import_module(name)
from tests.cases import bodies

written = {f"wire/{case.__name__}.json": core.encode(case()) for case in bodies.ON_THE_WIRE}
again = [path for path, body in written.items() if core.encode(core.decode(body)) != body]
written["wire/everything.numbers.json"] = core.encode(bodies.everything(), integers_as_numbers=True)
wrong = again + [path for path, body in written.items() if body != Path(fixtures, path).read_bytes()]
files = [getattr(module, "__file__", None) or "" for module in sys.modules.values()]
foreign = [file for file in files if "site-packages" in file or "dist-packages" in file]
print(f"{len(written)} golden bodies encoded, and decoded; wrong: {wrong}; foreign: {foreign}")
sys.exit(1 if wrong or foreign or len(written) < 2 else 0)
"""


def main() -> int:
    """Copies and runs three times; 0 where all passed."""
    with tempfile.TemporaryDirectory() as folder:
        place, zipped, core = (Path(folder, name) for name in ("copy", "zip", "core"))
        for beside in (place, zipped, core):
            _tests(beside)
        _copy(place)
        everything = _run(place, place, "copy under another name", ())
        changed = _vendor(place, "--check")
        _copy(core, "--core")
        alone = _run_isolated(core, Path(folder, "attrs"))
        (zipped / "conftest.py").write_text(BLOCKER, encoding="utf-8")
        archive = _zip(place, zipped / "lib.zip")
        blocked = _run(zipped, archive, "core and mapping from a zip file without requests", NEEDS_DELIVERY)
    return everything or changed or alone or blocked


def _copy(place: Path, *options: str) -> None:
    """A copy as a user makes it, in packages of the host's."""
    if _vendor(place, *options):
        sys.exit("vendor-check: no copy was made")
    package = place.joinpath(*COPY.split("."))
    for parent in (package.parent, package.parent.parent):
        (parent / "__init__.py").touch()


def _vendor(place: Path, *options: str) -> int:
    target = place.joinpath(*COPY.split("."))
    command = [sys.executable, "-m", PACKAGE, "vendor", str(target), *options]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _tests(place: Path) -> None:
    """The tests and what they read, with the copy's name in their imports."""
    shutil.copytree(
        ROOT / "tests", place / "tests", ignore=shutil.ignore_patterns("__pycache__", *NOT_OF_A_COPY)
    )
    shutil.copytree(ROOT / "fixtures", place / "fixtures")
    for file in ("setup.cfg", "LICENSE"):
        shutil.copy(ROOT / file, place)
    for path in (place / "tests").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        path.write_text(_renamed(source), encoding="utf-8")


def _renamed(source: str) -> str:
    """The source with its imports of the package, and nothing else, changed."""
    source = re.sub(rf"\bfrom {PACKAGE}\b(?=[ .])", f"from {COPY}", source)
    return re.sub(rf"^import {PACKAGE}$", f"import {COPY} as {PACKAGE}", source, flags=re.MULTILINE)


def _zip(place: Path, archive: Path) -> Path:
    """The copy with the packages around it in a zip file."""
    top = COPY.partition(".")[0]
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted((place / top).rglob("*.py")):
            file.write(path, path.relative_to(place))
    return archive


def _run(place: Path, path: Path, title: str, left_out: tuple[str, ...]) -> int:
    """The suite beside a copy that is imported from a folder or an archive."""
    print(f"vendor-check: {title}", flush=True)
    ignored = [f"--ignore=tests/{name}" for name in left_out]
    # From the copy's own folder: -m puts it first on the path, before any installed package.
    environment = {
        **os.environ,
        "PYTHONSAFEPATH": "",
        "PYTHONPATH": str(path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    guard = f"import {COPY}, sys; assert {COPY}.__file__.startswith(sys.argv[1]), {COPY}.__file__"
    subprocess.run([sys.executable, "-c", guard, str(path)], cwd=place, env=environment, check=True)
    # The installed package's plugin would compare with the installed package's classes.
    plugin = ["-p", f"no:{PACKAGE}", "-p", f"{COPY}.testing.plugin"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin, *ignored]
    return subprocess.run(command, cwd=place, env=environment, check=False).returncode


def _run_isolated(place: Path, libraries: Path) -> int:
    """The golden bodies from a copy of the core, with attrs and the standard library alone."""
    print("vendor-check: copy of the core with attrs alone", flush=True)
    for name in ("attr", "attrs"):
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            sys.exit("vendor-check: attrs is not installed")
        shutil.copytree(Path(spec.origin).parent, libraries / name)
    # -I: no environment, no folder of the user's; -S: no site-packages.
    arguments = [str(place / "fixtures"), COPY, str(libraries), str(place)]
    command = [sys.executable, "-I", "-S", "-c", ISOLATED, *arguments]
    return subprocess.run(command, cwd=place, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
