# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Tests by the names that pytest gives them: ``tests/test_encode.py::test_body_is_compact``."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["exists"]

_ROOT: Final = Path(__file__).resolve().parent.parent


def exists(node_id: str) -> bool:
    """Whether there is a test of this name."""
    file, _, name = node_id.partition("::")
    return name.startswith("test_") and name in _functions(_ROOT / file)


@cache
def _functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))
