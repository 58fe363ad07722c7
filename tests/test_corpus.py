# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Inputs that a fuzzer found worth keeping, each read again in every way."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from .fuzz.targets import TARGETS

pytestmark = pytest.mark.slow

CORPUS: Final = Path(__file__).resolve().parent / "corpus"
FOUND: Final = sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_a_found_input_is_refused_or_read(path: Path) -> None:
    """DEC-11: the laws of ``tests.laws`` hold for it, and nothing but InvalidDocument is raised."""
    TARGETS[path.parent.name](path.read_bytes())


def test_every_target_has_found_inputs() -> None:
    """And every folder of the corpus is a target's."""
    assert {path.parent.name for path in FOUND} == set(TARGETS)
