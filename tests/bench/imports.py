# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What importing costs, cold, beside ``attrs`` alone: ``python -m tests.bench.imports``.

In instructions of the whole process where valgrind is installed, otherwise in CPU time. Each is a new
process without the environment's own start; the compiled modules are there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final

from .instructions import collected, why_not

__all__ = ["main"]

_ROOT: Final = Path(__file__).resolve().parent.parent.parent
_ATTRS: Final = "import attrs"
_IMPORTS: Final = MappingProxyType(
    {
        "attrs": _ATTRS,
        "core": "import otlpjson",
        "core, and what reads": "from otlpjson import decode",
        "Broadcast": "from otlpjson import Broadcast",
        "instrument": "from otlpjson import instrument",
        "requests": "import requests",
    }
)
_TIMES: Final = 20


def main() -> int:
    """Measures and prints; the ratios are of whole processes, the start of Python included."""
    counts_instructions = not why_not()
    unit = "million instructions" if counts_instructions else "ms of CPU time"
    with tempfile.TemporaryDirectory() as compiled:
        measure = _instructions if counts_instructions else _cpu_ms
        found = {name: measure(code, compiled) for name, code in _IMPORTS.items()}
    print(f"{'':<22}  {unit}  × attrs alone")
    for name, amount in found.items():
        print(f"{name:<22}  {amount:{len(unit)}.1f}  {amount / found['attrs']:13.2f}")
    return 0


def _command(code: str) -> list[str]:
    spec = find_spec("attrs")
    assert spec is not None and spec.origin is not None
    paths = [str(_ROOT), str(Path(spec.origin).parent.parent)]
    return [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {paths}\n{code}"]


def _environ(compiled: str) -> dict[str, str]:
    left_out = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "PYTHONHASHSEED": "0", "PYTHONPYCACHEPREFIX": compiled}


def _instructions(code: str, compiled: str) -> float:
    # Compiles.
    subprocess.run(_command(code), env=_environ(compiled), check=True)
    return collected(_command(code), _environ(compiled)) / 1e6


def _cpu_ms(code: str, compiled: str) -> float:
    times = []
    for _ in range(_TIMES):
        before = os.times()
        subprocess.run(_command(code), env=_environ(compiled), check=True)
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        times.append(spent * 1000)
    return min(times)


if __name__ == "__main__":
    sys.exit(main())
