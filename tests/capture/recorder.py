# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A Broadcast that sends nothing, and keeps what it was given as it was read."""

from __future__ import annotations

from typing import Any, Final

from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import webhook
from otlpjson.openrouter import Generation
from otlpjson.testing import FakeTransport, LoopbackOpenRouter

__all__ = ["BODY", "WHOLE", "Recorder", "brief", "url"]

BODY: Final[dict[str, Any]] = {
    "model": "openai/gpt-4o-mini",
    "messages": [{"role": "user", "content": "Hi"}],
}
WHOLE: Final = {"failure": None, "complete": True, "total_cost": 0.000123}
"""What is recorded of a request that the loopback OpenRouter answers as usual."""


class Recorder:
    """A Broadcast and the generations that reach its only destination."""

    def __init__(self) -> None:
        self.seen: list[Generation] = []
        target = BroadcastDestination(destination=webhook("http://127.0.0.1:9/"))
        self.transport = FakeTransport()
        self.broadcast = Broadcast([target], predicate=self._see, transport=lambda target: self.transport)

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *details: object) -> None:
        self.broadcast.close()

    def generations(self) -> list[Generation]:
        """All of them so far."""
        assert self.broadcast.flush()
        assert self.broadcast.refused == {}
        return self.seen

    def _see(self, generation: Generation) -> bool:
        self.seen.append(generation)
        return True


def brief(generation: Generation) -> dict[str, Any]:
    """What the tests look at: how it ended, and what was used."""
    return {
        "failure": generation.failure and generation.failure.message,
        "complete": generation.complete,
        "total_cost": generation.usage.total_cost,
    }


def url(server: LoopbackOpenRouter) -> str:
    """Where a chat is asked for."""
    return f"{server.base_url}/chat/completions"
