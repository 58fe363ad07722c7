# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The commands ``test-connection`` and ``send-trace``: send something harmless, and explain the answer."""

from __future__ import annotations

import time
import uuid

import attrs
import click
from rich.console import Console

from ..core.bodies import HEAD, TAIL
from ..core.encoder import encode
from ..core.model import TracesData
from ..core.traces import traces_of
from ..delivery import Destination, Verdict, judge, sender_to
from ..delivery.outcome import Outcome
from ..delivery.probe import judge_folder, judge_local
from ..openrouter import connection_test, sample_query, sample_trace
from . import options
from .chosen import chosen
from .completion import saved_names
from .drawing.waterfall import draw

__all__ = ["send_trace", "test_connection", "tested"]


def tested(destination: Destination) -> Verdict:
    """Does what OpenRouter's button "Test Connection" does, and explains the answer."""
    # OpenRouter tests a webhook with an empty body, and any other destination with one span.
    body = (
        HEAD + TAIL
        if destination.is_webhook
        else encode(TracesData(resource_spans=[connection_test(time.time_ns())]))
    )
    with sender_to(destination) as sender:
        outcome = sender.send(body, test=True)
    return _judged(outcome, destination)


def _judged(outcome: Outcome, destination: Destination) -> Verdict:
    if destination.folder is not None:
        return judge_folder(outcome, destination.folder)
    if destination.rendezvous is not None:
        return judge_local(outcome)
    return judge(outcome, destination.url, is_webhook=destination.is_webhook)


@click.command("test-connection")
@click.argument("name", required=False, shell_complete=saved_names)
@options.allow_plain_http
def test_connection(name: str | None, allow_plain_http: bool) -> int:
    """Send one test span and explain the answer.

    If the span is not accepted, the explanation says what to change. Without NAME, every enabled
    destination is tested.
    """
    targets = chosen([name] if name else [], allow_plain_http=allow_plain_http)
    verdicts = [tested(target.destination) for target in targets]
    for verdict in verdicts:
        click.echo(verdict.sentence)
    return 0 if all(verdict.passed for verdict in verdicts) else 1


@click.command("send-trace")
@click.argument("name", required=False, shell_complete=saved_names)
@options.allow_plain_http
def send_trace(name: str | None, allow_plain_http: bool) -> int:
    """Send and draw a sample trace; print a query for it.

    Without NAME, it is sent to every enabled destination.
    """
    # The query at the end has to find this trace and no earlier one.
    test_id = str(uuid.uuid4())
    sample = TracesData(resource_spans=[sample_trace(time.time_ns(), test_id)])
    verdicts = []
    for target in chosen([name] if name else [], allow_plain_http=allow_plain_http):
        body = encode(sample, integers_as_numbers=target.form.integers_as_numbers)
        with sender_to(target.destination) as sender:
            outcome = sender.send(body)
        # A trace is no empty body, so a webhook has to accept it like any other server.
        verdicts.append(_judged(outcome, attrs.evolve(target.destination, is_webhook=False)))
        click.echo(verdicts[-1].sentence)
    if any(verdict.passed for verdict in verdicts):
        click.echo()
        draw(Console(), traces_of([sample]))
        click.echo(f"\nFind it with TraceQL: {sample_query(test_id)}")
    return 0 if all(verdict.passed for verdict in verdicts) else 1
