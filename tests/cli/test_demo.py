# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``demo``: everything it says, and that it needs nothing but this machine."""

from __future__ import annotations

import importlib
import json
import re

import pytest

from otlpjson.cli.demo import RECORD
from otlpjson.receiver.server import Receiver

from .commands import GUIDE, MODULE, Commands, process

WORDS = """\
POST http://127.0.0.1:PORT/otlp/v1/traces with Basic auth: 2 of 2 spans delivered

trace addc2f052d437fec14c79a7193ea8135
openrouter, 2 spans, 1.203 s, from 2026-02-13 18:00:00.000 UTC
1 generation, 12 → 48 tokens, $0.000510

                          0                1.203 s  duration      model          in → out       cost
Metric Analysis Pipeline  ━━━━━━━━━━━━━━━━━━━━━━━━   1.203 s  ok
└ Anomaly Detection       ━━━━━━━━━━━━━━━━━━━━━━━━   1.203 s  ok  openai/gpt-4o   12 → 48  $0.000510

The receiver got 4,468 bytes, byte for byte as they were sent.

Try next:
  otlpjson demo --body | otlpjson show --attributes   every attribute of these spans
  otlpjson receive                                    a receiver for your own programs
  otlpjson configure                                  save a destination, such as Grafana Cloud
"""


def masked(output: bytes) -> bytes:
    """The output with the port that it happened to get taken out."""
    return re.sub(rb"127\.0\.0\.1:[0-9]+/", b"127.0.0.1:PORT/", output)


def test_the_record_is_the_guides() -> None:
    """The fixture and the demo tell of the same request."""
    assert json.loads(GUIDE.read_bytes()) == RECORD


def test_it_draws_the_trace_and_says_what_to_try_next(commands: Commands) -> None:
    """All of its output: no colour, no wrapping."""
    ran = commands("demo")

    assert (ran.code, ran.err) == (0, "")
    assert masked(ran.out) == WORDS.encode()


def test_the_body_is_printed_on_request(commands: Commands) -> None:
    """Alone, so that another command can read it; its size is the one in the summary."""
    body = commands("encode", GUIDE).out
    ran = commands("demo", "--body")

    assert (ran.code, ran.err, ran.out) == (0, "", body)
    assert f"The receiver got {len(body.rstrip()):,} bytes," in WORDS


def test_the_commands_to_try_next_exist(commands: Commands) -> None:
    """The first is run; the others wait for a request or ask questions."""
    lines = WORDS.split("Try next:\n")[1].splitlines()
    tried = [re.split(r"   +", line.strip())[0].split(" | ") for line in lines]

    assert len(tried) == 3
    body = b""
    for step in tried[0]:
        ran = commands(*step.split()[1:], stdin=body)
        assert (ran.code, ran.err) == (0, "")
        body = ran.out
    assert b"gen_ai.usage.input_tokens" in body
    for (step,) in tried[1:]:
        assert commands(*step.split()[1:], "--help").code == 0


def test_a_proxy_of_the_environment_does_not_count(commands: Commands) -> None:
    """What is sent to this machine stays on it."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        commands.monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert commands("demo").code == 0


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "arrow"), [("ascii", b"->"), ("cp1252", b"->"), ("utf-8", "→".encode())]
)
def test_any_encoding_of_the_output_will_do(encoding: str, arrow: bytes) -> None:
    """What it does not have is drawn in ASCII."""
    ran = process(*MODULE, "demo", environ={"PYTHONIOENCODING": encoding})

    assert (ran.code, ran.err) == (0, "")
    assert b"\n1 generation, 12 " + arrow + b" 48 tokens, $0.000510\n" in ran.out


def test_a_body_that_changed_on_its_way_is_a_failure(commands: Commands) -> None:
    """The demo says what it saw."""

    class Changing(Receiver):
        @property
        def lines(self) -> tuple[bytes, ...]:
            return (b"{}",)

    # The package has the command under the module's name.
    commands.monkeypatch.setattr(importlib.import_module("otlpjson.cli.demo"), "Receiver", Changing)
    ran = commands("demo")
    alone = commands("demo", "--body")

    assert ran.code == 1
    assert b"\n\nThe receiver got 2 bytes, but NOT as they were sent.\n\n" in ran.out
    assert (alone.code, alone.out) == (1, b"{}\n")
    assert alone.err == "otlpjson: the received body is not the one that was sent\n"
