# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Installs SDKs in environments of their own and runs the tests in each: ``make sdks``.

``python -m tests.sdks.environment --why-not`` prints why that cannot be, or nothing where it can.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ..environments import ROOT, Environment

_REQUIREMENTS: Final = Path(__file__).resolve().parent / "requirements"
# What is tried in each environment; the modules of the same names, with ``_sdk`` behind them, do it.
_SDKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "newest": "openai anthropic openrouter langchain pydantic_ai agents litellm",
        "second": "openai anthropic langchain pydantic_ai agents",
        "first": "openai anthropic",
    }
)

# litellm downloads prices otherwise.
_OFFLINE: Final[Mapping[str, str]] = MappingProxyType({"LITELLM_LOCAL_MODEL_COST_MAP": "True"})


def main(argv: Sequence[str]) -> int:
    """Says why not, or installs where needed and runs; the exit code is that of the first that failed."""
    environments = {part: Environment("sdks", "test", _REQUIREMENTS / f"{part}.txt", part) for part in _SDKS}
    if "--why-not" in argv:
        print(next(filter(None, (each.why_not() for each in environments.values())), ""), end="")
        return 0
    return next(filter(None, (_ran(environments[part], _SDKS[part]) for part in _SDKS)), 0)


def _ran(environment: Environment, sdks: str) -> int:
    if not environment.install():
        return 1
    command = (environment.python, "-m", "pytest", "tests/sdks")
    variables = {**os.environ, "OTLPJSON_SDKS": sdks, **_OFFLINE}
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
