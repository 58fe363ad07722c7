# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The licence that copies bring along."""

from __future__ import annotations

from pathlib import Path

from otlpjson.licence import LICENCE

ROOT = Path(__file__).resolve().parent.parent


def test_the_text_in_the_package_is_the_projects_licence() -> None:
    """Byte for byte."""
    assert LICENCE.encode("ascii") == (ROOT / "LICENSE").read_bytes()
