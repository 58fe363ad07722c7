# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A program that records into a spool until it is killed, and says what was acknowledged."""

from __future__ import annotations

import itertools
import os
from multiprocessing.connection import Connection
from typing import Any

from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import otel_collector
from otlpjson.delivery.spool import Spool

__all__ = ["broadcast_to", "record_of", "write"]


def record_of(name: str, size: int = 0) -> dict[str, Any]:
    """A record of one span with this name, and so many characters of prompt."""
    return {
        "request": {
            "model": "a/b",
            "messages": [{"role": "user", "content": "x" * size}],
            "trace": {"generation_name": name},
        },
        "response": {
            "id": f"gen-{name}",
            "choices": [{"message": {"content": "x"}, "finish_reason": "stop"}],
        },
        "started_at": 1771005600000000000,
        "ended_at": 1771005601000000000,
    }


def broadcast_to(url: str, folder: str | os.PathLike[str] | Spool | None, name: str = "here") -> Broadcast:
    """A Broadcast with one destination, and a spool if there is a folder."""
    target = BroadcastDestination(destination=otel_collector(f"{url}/v1/traces"), name=name)
    return Broadcast([target], spool=folder, timeout_s=5.0)


def write(pipe: Connection, url: str, folder: str, name: str, count: int | None) -> None:
    """Records, and writes the name of each to a pipe."""
    broadcast = broadcast_to(url, folder)
    for number in itertools.count() if count is None else range(count):
        if broadcast.record(record_of(f"{name}-{number}", 500)) and broadcast.durable:
            os.write(pipe.fileno(), f"{name}-{number}\n".encode())
    broadcast.close()
