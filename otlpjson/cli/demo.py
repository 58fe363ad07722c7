# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``demo``: everything on this machine, from an OpenRouter request to a drawn trace."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import click
from rich.console import Console

from ..core.bodies import join
from ..core.encoder import encode_entry
from ..core.model import TracesData
from ..core.traces import traces_of
from ..delivery import Sender, deliver, grafana_cloud
from ..openrouter import read_record, resource_spans
from ..receiver.server import Receiver
from .drawing.waterfall import draw

__all__ = ["demo"]

_INSTANCE_ID: Final = "123456"
_API_KEY: Final = "glc_demo_key_of_no_value"

RECORD: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "request": {
            "model": "openai/gpt-4o",
            "messages": [{"role": "user", "content": "Analyze this metric..."}],
            "user": "user_12345",
            "session_id": "session_abc",
            "trace": {
                "trace_id": "monitoring_pipeline_001",
                "trace_name": "Metric Analysis Pipeline",
                "generation_name": "Anomaly Detection",
                "environment": "production",
                "alert_id": "alert_789",
            },
        },
        "response": {
            "id": "gen-1771005600-Hh3kQ9vXw2LmT7pRz5Yc",
            "object": "chat.completion",
            "created": 1771005600,
            "model": "openai/gpt-4o",
            "provider": "OpenAI",
            "system_fingerprint": None,
            "choices": [
                {
                    "index": 0,
                    "logprobs": None,
                    "finish_reason": "stop",
                    "native_finish_reason": "stop",
                    "message": {
                        "role": "assistant",
                        "content": "The metric shows one spike at 14:05 — latency rose from 80 ms to 2.4 s, "
                        'then "normal" again.',
                        "refusal": None,
                        "reasoning": None,
                    },
                }
            ],
            "usage": {
                "prompt_tokens": 12,
                "completion_tokens": 48,
                "total_tokens": 60,
                "cost": 0.00051,
                "is_byok": False,
                "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
                "cost_details": {
                    "upstream_inference_cost": 0.00051,
                    "upstream_inference_prompt_cost": 0.00003,
                    "upstream_inference_completions_cost": 0.00048,
                },
                "completion_tokens_details": {"reasoning_tokens": 0, "image_tokens": 0},
            },
        },
        "started_at": "2026-02-13T18:00:00.000Z",
        "ended_at": "2026-02-13T18:00:01.203Z",
    }
)
"""A record: the request of OpenRouter's Grafana guide, with a response as such a request gets it."""


_SUMMARY: Final = """
The receiver got {size:,} bytes, {how} they were sent.

Try next:
  otlpjson demo --body | otlpjson show --attributes   every attribute of these spans
  otlpjson receive                                    a receiver for your own programs
  otlpjson configure                                  save a destination, such as Grafana Cloud\
"""


@click.command()
@click.option("--body", "only_body", is_flag=True, help="Print the received body, and nothing else.")
def demo(only_body: bool) -> int:
    """Send an example to a local receiver and draw it."""
    groups = resource_spans(read_record(RECORD))
    entries = [encode_entry(group) for group in groups]
    with Receiver(credentials=(_INSTANCE_ID, _API_KEY)) as receiver:
        destination = grafana_cloud(receiver.base_url, _INSTANCE_ID, _API_KEY)
        # No proxy: the receiver is on loopback.
        with Sender(destination, proxies={}) as sender:
            report = deliver(entries, sender)
        received = b"".join(receiver.lines)
    unchanged = received == join(entries)
    if only_body:
        click.echo(received)
        if not unchanged:
            click.echo("otlpjson: the received body is not the one that was sent", err=True)
    else:
        counted = f"{report.delivered} of {report.recorded} spans delivered"
        click.echo(f"POST {destination.url} with Basic auth: {counted}\n")
        draw(Console(), traces_of([TracesData(resource_spans=groups)]))
        click.echo(_SUMMARY.format(size=len(received), how="byte for byte as" if unchanged else "but NOT as"))
    return 0 if report.complete and unchanged else 1
