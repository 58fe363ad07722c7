# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A server and a Broadcast for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from otlpjson.testing import LoopbackOpenRouter

from .recorder import Recorder


@pytest.fixture
def server() -> Iterator[LoopbackOpenRouter]:
    """OpenRouter on loopback."""
    with LoopbackOpenRouter() as server:
        yield server


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A Broadcast that sends nothing."""
    with Recorder() as recorder:
        yield recorder
