# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``test-connection``: one harmless span, and a sentence about what came back."""

from __future__ import annotations

import os
import time

import click

from ..config import destination_from
from ..delivery import Sender, judge
from ..encode import encode
from ..model import TracesData
from ..openrouter import connection_test
from . import options

__all__ = ["test_connection"]


@click.command("test-connection")
@options.allow_plain_http
def test_connection(allow_plain_http: bool) -> int:
    """Send one test span and say what came back.

    Where the span is not taken, it says what to change.
    """
    destination = destination_from(os.environ, allow_plain_http=allow_plain_http)
    body = encode(TracesData(resource_spans=[connection_test(time.time_ns())]))
    with Sender(destination) as sender:
        verdict = judge(sender.send(body), destination.url)
    click.echo(verdict.sentence)
    return 0 if verdict.passed else 1
