# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The end of a command by SIGTERM, which leaves nothing undone."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["ended_by_sigterm"]


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Makes SIGTERM end the block as an exception: a summary is printed, and workers are ended."""

    def end(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    try:
        usual = signal.signal(signal.SIGTERM, end)
    except ValueError:  # only the main thread handles signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, usual)
