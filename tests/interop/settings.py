# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The settings that the two servers run with, as plain data.

The Collector plays Grafana's gateway: the same path, Basic auth, one receiver for each limit
that a test wants. Nothing queues on the main road, so that a 200 means that both the file and
Jaeger have it.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

__all__ = ["API_KEY", "INSTANCE_ID", "SMALL_BODY_BYTES", "collector", "free_ports", "jaeger"]

INSTANCE_ID: Final = "123456"
API_KEY: Final = "glc_interop_c0ffee"
SMALL_BODY_BYTES: Final = 20_000
"""The largest body that the receiver ``small`` takes."""

_PATH: Final = "/otlp/v1/traces"
_QUIET: Final = {"metrics": {"level": "none"}, "logs": {"level": "warn", "disable_stacktrace": True}}


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on; all are held until the last is found, so that none comes twice."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _otlp(port: int, **http: Any) -> dict[str, Any]:
    auth = {"authenticator": "basicauth"}
    endpoint = f"127.0.0.1:{port}"
    return {"protocols": {"http": {"endpoint": endpoint, "traces_url_path": _PATH, "auth": auth, **http}}}


def _forward(url: str, queue: dict[str, Any], encoding: str = "json") -> dict[str, Any]:
    return {
        "traces_endpoint": url,
        "encoding": encoding,
        "sending_queue": queue,
        "retry_on_failure": {"enabled": False},
    }


def collector(ports: list[int], file: Path, jaeger_url: str) -> dict[str, Any]:
    """
    Three receivers, each with a pipeline.

    ``otlp`` writes to the file and forwards to Jaeger; ``otlp/small`` takes small bodies
    alone and writes to the file; ``otlp/queue`` forwards over a queue that holds one request.
    """
    one_request = {"enabled": True, "num_consumers": 1, "queue_size": 1, "sizer": "requests"}
    return {
        "extensions": {"basicauth": {"htpasswd": {"inline": f"{INSTANCE_ID}:{API_KEY}"}}},
        "receivers": {
            "otlp": _otlp(ports[0]),
            "otlp/small": _otlp(ports[1], max_request_body_size=SMALL_BODY_BYTES),
            "otlp/queue": _otlp(ports[2]),
        },
        "exporters": {
            "file": {"path": str(file), "flush_interval": "20ms"},
            "otlp_http": _forward(jaeger_url, {"enabled": False}),
            "otlp_http/queue": {
                **_forward(jaeger_url, one_request, "proto"),
                "retry_on_failure": {"enabled": True, "initial_interval": "50ms", "max_interval": "50ms"},
            },
        },
        "service": {
            "extensions": ["basicauth"],
            "telemetry": _QUIET,
            "pipelines": {
                "traces": {"receivers": ["otlp"], "exporters": ["file", "otlp_http"]},
                "traces/small": {"receivers": ["otlp/small"], "exporters": ["file"]},
                "traces/queue": {"receivers": ["otlp/queue"], "exporters": ["otlp_http/queue"]},
            },
        },
    }


def jaeger(ports: list[int]) -> dict[str, Any]:
    """OTLP in, traces kept in memory, and the query API."""
    http = {"endpoint": f"127.0.0.1:{ports[0]}", "traces_url_path": _PATH}
    query_http, query_grpc = ({"endpoint": f"127.0.0.1:{port}"} for port in ports[1:])
    return {
        "extensions": {
            "jaeger_storage": {"backends": {"memory": {"memory": {"max_traces": 100_000}}}},
            "jaeger_query": {"storage": {"traces": "memory"}, "http": query_http, "grpc": query_grpc},
        },
        "receivers": {"otlp": {"protocols": {"http": http}}},
        "exporters": {"jaeger_storage_exporter": {"trace_storage": "memory"}},
        "service": {
            "extensions": ["jaeger_storage", "jaeger_query"],
            "telemetry": _QUIET,
            "pipelines": {"traces": {"receivers": ["otlp"], "exporters": ["jaeger_storage_exporter"]}},
        },
    }
