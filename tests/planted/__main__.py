# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Plants one fault after the other in a copy of the project, and runs the tests that have to notice it.

    python -m tests.planted [WORD]

With a word, only faults whose description or file has it. Exits with 1 if one is not noticed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from .faults import FAULTS, Fault

_ROOT: Final = Path(__file__).resolve().parent.parent.parent
_NOT_COPIED: Final = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "build", "dist")
# Some of the faults let a test hang.
_TIMEOUT_S: Final = 20
_RUN_S: Final = 300
_FAILED: Final = 1


def main(argv: Sequence[str]) -> int:
    """Tries the faults, and prints what became red."""
    chosen = [fault for fault in FAULTS if all(word in f"{fault.what} {fault.file}" for word in argv)]
    unnoticed = 0
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "copy"
        shutil.copytree(_ROOT, project, ignore=_NOT_COPIED)
        tests = sorted({test for fault in chosen for test in fault.tests})
        code, output = _run(project, tests)
        if code != 0:
            print(f"the tests fail without a fault:\n{output}")
            return 1
        for fault in chosen:
            seen = _noticed(project, fault)
            unnoticed += not seen
            print(f"{seen or 'NOT NOTICED':<70.70} {fault.file}: {fault.what}", flush=True)
    print(f"{len(chosen)} faults planted, {len(chosen) - unnoticed} noticed")
    return 1 if unnoticed else 0


def _noticed(project: Path, fault: Fault) -> str:
    """The first test that fails with a fault; empty if none does."""
    path = project / "otlpjson" / fault.file
    text = path.read_text("utf-8")
    path.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    try:
        code, output = _run(project, fault.tests)
    finally:
        path.write_text(text, encoding="utf-8")
    if code == _FAILED:
        failed = [line for line in output.splitlines() if line.startswith(("FAILED ", "ERROR "))]
        return failed[0].partition(" ")[2].partition(" - ")[0]
    # The time limit ends the whole run where a thread hangs.
    return "a test that hung" if code is None or "Timeout" in output else ""


def _run(project: Path, tests: Sequence[str]) -> tuple[int | None, str]:
    """The exit code, ``None`` if the run did not end, and what it printed."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        running = subprocess.Popen(
            (sys.executable, "-m", "pytest", "-x", "-q", f"--timeout={_TIMEOUT_S}", *tests),
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            code = running.wait(_RUN_S)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            # Also children that hang, which pytest does not know of.
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        output.seek(0)
        return code, output.read()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
