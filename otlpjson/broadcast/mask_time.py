# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How long a program's own mask may take: a request that takes it longer is masked as a whole."""

from __future__ import annotations

import time
from typing import Callable, Final

from ..openrouter.masking.mask import MASKED

__all__ = ["within_time"]

_MAX_S: Final = 1.0


def within_time(change: Callable[[str], str]) -> Callable[[str], str]:
    """The function for the texts of one request: after a second, each text becomes ``[masked]``."""
    until_s = time.monotonic() + _MAX_S
    return lambda text: change(text) if time.monotonic() < until_s else MASKED
