# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Installs SDKs in environments of their own and runs the tests in each: ``make sdks``.

``python -m tests.sdks.environment --why-not`` prints why that cannot be, or nothing where it can.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ..environments import Environment

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
    codes = (
        environment.run_tests((), "tests/sdks", OTLPJSON_SDKS=_SDKS[part], **_OFFLINE)
        for part, environment in environments.items()
    )
    return next(filter(None, codes), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
