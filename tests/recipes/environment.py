# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Installs the servers in an environment of their own and runs the recipes there: ``make recipes``.

``python -m tests.recipes.environment --why-not`` prints why that cannot be, or nothing where it can.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from ..environments import Environment

RECIPES: Final = Environment("recipes", "test", Path(__file__).resolve().parent / "requirements.txt")


if __name__ == "__main__":
    sys.exit(RECIPES.run_tests(sys.argv[1:], "tests/recipes"))
