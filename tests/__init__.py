# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The test suite; its modules mirror the package's."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FIXTURES: Final = Path(__file__).resolve().parent.parent / "fixtures"
