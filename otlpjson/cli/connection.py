# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``test-connection`` and ``send-trace``: one harmless span, and a sentence about what came back."""

from __future__ import annotations

import time
import uuid

import click
from rich.console import Console

from ..core.bodies import HEAD, TAIL
from ..core.encoder import encode
from ..core.model import TracesData
from ..delivery import Destination, Sender, Verdict, judge
from ..inspect.waterfall import traces_of
from ..openrouter import connection_test, sample_query, sample_trace
from . import options
from .chosen import chosen
from .drawing.waterfall import draw

__all__ = ["send_trace", "test_connection", "tested"]


def tested(destination: Destination) -> Verdict:
    """What comes back from OpenRouter's "Test Connection": one span or, to a webhook, an empty body."""
    body = (
        HEAD + TAIL
        if destination.is_webhook
        else encode(TracesData(resource_spans=[connection_test(time.time_ns())]))
    )
    with Sender(destination) as sender:
        outcome = sender.send(body, test=True)
    return judge(outcome, destination.url, is_webhook=destination.is_webhook)


@click.command("test-connection")
@click.argument("name", required=False)
@options.allow_plain_http
def test_connection(name: str | None, allow_plain_http: bool) -> int:
    """Send one test span and say what came back.

    Where the span is not taken, it says what to change. Without NAME every enabled
    destination is tested.
    """
    targets = chosen([name] if name else [], allow_plain_http=allow_plain_http)
    verdicts = [tested(target.destination) for target in targets]
    for verdict in verdicts:
        click.echo(verdict.sentence)
    return 0 if all(verdict.passed for verdict in verdicts) else 1


@click.command("send-trace")
@click.argument("name", required=False)
@options.allow_plain_http
def send_trace(name: str | None, allow_plain_http: bool) -> int:
    """Send a sample trace, draw it, and say how to find it.

    Without NAME it goes to every enabled destination.
    """
    test_id = str(uuid.uuid4())
    sample = TracesData(resource_spans=[sample_trace(time.time_ns(), test_id)])
    verdicts = []
    for target in chosen([name] if name else [], allow_plain_http=allow_plain_http):
        body = encode(sample, integers_as_numbers=target.form.integers_as_numbers)
        with Sender(target.destination) as sender:
            verdicts.append(judge(sender.send(body), target.destination.url))
        click.echo(verdicts[-1].sentence)
    if any(verdict.passed for verdict in verdicts):
        click.echo()
        draw(Console(), traces_of([sample]))
        click.echo(f"\nFind it with TraceQL: {sample_query(test_id)}")
    return 0 if all(verdict.passed for verdict in verdicts) else 1
