# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Marks every test of this folder, which pytest enters only where it is named."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs the peers."""
    for item in items:
        if item.path.parent.name == "judges":
            item.add_marker("judges")


@pytest.fixture(autouse=True)
def silent_peers() -> Iterator[None]:
    """Peers log what they lose; it is their bytes that are looked at."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
