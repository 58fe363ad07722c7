# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What must not stop an event loop: it is done in a thread, or not waited for."""

from __future__ import annotations

import sys
from typing import Callable

__all__ = ["in_thread", "may_block"]


def may_block() -> bool:
    """Whether the calling thread may wait: not where an event loop of asyncio runs."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return True
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return True
    return False


async def in_thread(work: Callable[[], bool]) -> bool:
    """What ``work`` returns; the event loop goes on meanwhile."""
    import asyncio  # takes long to import, and only programs that use it come here

    return await asyncio.get_running_loop().run_in_executor(None, work)
