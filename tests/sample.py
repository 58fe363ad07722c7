# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Runs a user's project where there is nothing but the built wheel and pytest: ``python -m tests.sample``.

It shows what such a user sees of golden files: tests that pass, one that fails, files that are
written, and the refusal to write them in CI. The words of the failure are those of docs/golden-files.md.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

ROOT: Final = Path(__file__).resolve().parent.parent
PROJECT: Final = ROOT / "tests" / "sample_project"
CASE: Final = "test_a_payment_is_one_span"
LEFT_OUT: Final = shutil.ignore_patterns(
    ".git", ".venv*", "__pycache__", "*.egg-info", "build", "dist", ".*_cache", ".hypothesis", "node_modules"
)
REFUSAL: Final = (
    "ERROR: --update-golden: golden files are not written in CI (CI='true'); "
    "write them on your own machine, review the changes, and commit them"
)


@attrs.frozen
class Sample:
    """
    A copy of the project and the environment that it is tested in.

    Attributes:
        place: The copy.

        python: The environment's Python.
    """

    place: Path
    python: Path

    def pytest(self, *arguments: str, ci: str = "") -> tuple[int, list[str]]:
        """How pytest ends, and what it prints."""
        command = (str(self.python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", *arguments)
        done = subprocess.run(
            command,
            cwd=self.place,
            env={**clean_environment(), "CI": ci},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, (done.stdout + done.stderr).splitlines()

    def goldens(self) -> dict[str, bytes]:
        """The golden files of the copy."""
        folder = self.place / "tests" / "golden"
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }


def clean_environment() -> dict[str, str]:
    """Nothing that leads to this checkout or changes what pytest does; no bytecode of a test that changes."""
    left = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL_ENV", "COV_")) and name != "CI"
    }
    return {**left, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "NO_COLOR": "1", "COLUMNS": "100"}


def main() -> int:
    """Builds, installs, and plays each scene; 0 where all went as they should."""
    with tempfile.TemporaryDirectory() as folder:
        sample = set_up(Path(folder).resolve())
        complaints = list(scenes(sample))
    for complaint in complaints:
        print(f"sample: {complaint}", file=sys.stderr)
    print(f"sample: {'FAILED' if complaints else 'passed, failed, updated and refused as it should'}")
    return 1 if complaints else 0


def set_up(folder: Path) -> Sample:
    """The project's copy, and an environment with the wheel."""
    shutil.copytree(ROOT, folder / "source", ignore=LEFT_OUT)
    run(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(folder / "source"),
    )
    (wheel,) = folder.glob("*.whl")
    run(sys.executable, "-m", "venv", str(folder / "venv"))
    python = folder / "venv" / "bin" / "python"
    run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel), "pytest")
    shutil.rmtree(folder / "source")
    shutil.copytree(PROJECT, folder / "shop", ignore=LEFT_OUT)
    guard = f"import otlpjson; assert otlpjson.__file__.startswith({str(folder)!r}), otlpjson.__file__"
    run(str(python), "-c", guard)
    return Sample(folder / "shop", python)


def run(*command: str) -> None:
    """Runs a command to its end; what it says is shown where it fails."""
    done = subprocess.run(
        command, cwd="/", env=clean_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"sample: {' '.join(command)}\n{done.stdout}{done.stderr}")


def scenes(sample: Sample) -> Iterator[str]:
    """Plays one after the other, and says what is other than it should be."""
    committed = sample.goldens()
    code, lines = sample.pytest()
    yield from unless(code == 0 and summary(lines) == "4 passed", "the tests do not pass", lines)

    change(sample.place / "tests" / "test_shop.py", "payment(12, ", "payment(12.0, ")
    code, lines = sample.pytest()
    yield from unless(code == 1 and summary(lines) == "1 failed, 3 passed", "not one test fails", lines)
    yield from unless(words(lines) == shown_on_the_page(), "docs/golden-files.md shows other words", lines)

    code, lines = sample.pytest("--update-golden", ci="true")
    yield from unless(code == 4 and REFUSAL in lines, "writing is not refused in CI", lines)
    yield from unless(sample.goldens() == committed, "something was written in CI", lines)

    code, lines = sample.pytest("--update-golden")
    written = [line for line in lines if line.startswith("wrote ")]
    expected = [f"wrote tests/golden/test_shop/{CASE}{ending}" for ending in (".json", ".indented.json")]
    yield from unless(code == 0 and written == expected, "not these two files are written", lines)
    code, lines = sample.pytest(ci="true")
    yield from unless(code == 0 and summary(lines) == "4 passed", "what was written does not pass", lines)

    (sample.place / "tests" / "golden" / "test_shop" / f"{CASE}.json").unlink()
    code, lines = sample.pytest("-k", CASE)
    missing = (
        f"tests/golden/test_shop/{CASE}.json: no such golden file; write it, review it and commit it: "
        f"pytest --update-golden tests/test_shop.py::{CASE}\n"
    )
    yield from unless(code == 1 and words(lines) == missing, "a missing file is not said", lines)


def unless(good: bool, complaint: str, lines: list[str]) -> Iterator[str]:
    """The complaint with what pytest printed, or nothing."""
    if not good:
        yield "\n  ".join([complaint, *lines])


def change(path: Path, old: str, new: str) -> None:
    """One change in a file, as a developer makes it."""
    source = path.read_text(encoding="utf-8")
    if source.count(old) != 1:
        sys.exit(f"sample: {old!r} is not once in {path.name}")
    path.write_text(source.replace(old, new), encoding="utf-8")


def summary(lines: list[str]) -> str:
    """The last line without the time."""
    return re.sub(r" in [0-9.]+s$", "", lines[-1]) if lines else ""


def words(lines: list[str]) -> str:
    """What the only failure says."""
    text = "".join(f"{line[len('E   ') :]}\n" for line in lines if line.startswith("E "))
    return text.replace("Failed: ", "", 1)


def shown_on_the_page() -> str:
    """The page's block of this failure."""
    page = (ROOT / "docs" / "golden-files.md").read_text(encoding="utf-8")
    return str(re.findall(r"^```text\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)[0])


if __name__ == "__main__":
    sys.exit(main())
