# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``instrument`` and ``uninstrument``: the switch of a process."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests

import otlpjson
from otlpjson import ConfigError, InvalidValue, instrument, uninstrument
from otlpjson.delivery.viewer.rendezvous import Rendezvous, published
from otlpjson.receiver.server import Receiver
from otlpjson.testing import LoopbackOpenRouter

from ..capture.recorder import Recorder, brief

BODY = {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}]}
WHOLE = {"failure": None, "complete": True, "total_cost": 0.000123}


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder
        uninstrument()


@pytest.fixture
def server() -> Iterator[LoopbackOpenRouter]:
    with LoopbackOpenRouter() as server:
        yield server


@pytest.fixture
def nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in tuple(os.environ):
        if name.startswith(("OTLPJSON_", "OTEL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    yield
    uninstrument()


def url(server: LoopbackOpenRouter) -> str:
    return f"{server.base_url}/chat/completions"


def test_clients_before_and_after_are_recorded_until_it_is_off(
    recorder: Recorder, server: LoopbackOpenRouter
) -> None:
    with httpx.Client() as before:
        assert instrument(recorder.broadcast, hosts="127.0.0.1") is recorder.broadcast
        before.post(url(server), json=BODY)
        requests.post(url(server), json=BODY, timeout=20)
        with httpx.Client() as after:
            after.post(url(server), json=BODY)
        assert [brief(each) for each in recorder.generations()] == [WHOLE] * 3
        uninstrument()
        before.post(url(server), json=BODY)
    requests.post(url(server), json=BODY, timeout=20)

    assert len(recorder.generations()) == 3
    # It may be called when nothing is on.
    uninstrument()
    assert not hasattr(httpx.HTTPTransport.handle_request, "__otlpjson_wrapped__")


def test_other_hosts_are_not_recorded(recorder: Recorder, server: LoopbackOpenRouter) -> None:
    instrument(recorder.broadcast)
    requests.post(url(server), json=BODY, timeout=20)

    assert recorder.generations() == []


def test_a_host_may_have_a_port(recorder: Recorder, server: LoopbackOpenRouter) -> None:
    port = server.base_url.rpartition(":")[2].partition("/")[0]
    instrument(recorder.broadcast, hosts=["openrouter.ai", f"127.0.0.1:{port}"])
    requests.post(url(server), json=BODY, timeout=20)

    assert len(recorder.generations()) == 1


def test_called_again_it_returns_the_same_and_refuses_other_arguments(recorder: Recorder) -> None:
    with Recorder() as other:
        instrument(recorder.broadcast, hosts=("127.0.0.1", "LOCALHOST"))
        assert instrument() is recorder.broadcast
        assert instrument(recorder.broadcast, hosts=("localhost", "127.0.0.1")) is recorder.broadcast
        for arguments in ({"broadcast": other.broadcast}, {"hosts": "x.test"}, {"traceparent_hosts": "x"}):
            with pytest.raises(ConfigError, match="other arguments"):
                instrument(**arguments)
        uninstrument()
        assert instrument(other.broadcast) is other.broadcast


def test_a_client_that_is_captured_as_well_is_recorded_once(
    recorder: Recorder, server: LoopbackOpenRouter
) -> None:
    instrument(recorder.broadcast, hosts="127.0.0.1")
    with recorder.broadcast.capture(httpx.Client()) as client:
        client.post(url(server), json=BODY)
    with Recorder() as other, other.broadcast.capture(httpx.Client()) as client:
        client.post(url(server), json=BODY)
        # The client's own owner has it.
        assert len(other.generations()) == 1

    assert len(recorder.generations()) == 1


def test_a_request_by_hand_is_recorded_once(recorder: Recorder, server: LoopbackOpenRouter) -> None:
    instrument(recorder.broadcast, hosts="127.0.0.1")
    with recorder.broadcast.call(BODY) as call:
        call.response = requests.post(url(server), json=BODY, timeout=20).json()

    assert [brief(each) for each in recorder.generations()] == [WHOLE]


def test_what_is_recorded_inside_a_trace_belongs_to_it(
    recorder: Recorder, server: LoopbackOpenRouter
) -> None:
    instrument(recorder.broadcast, hosts="127.0.0.1")
    with recorder.broadcast.trace("Flow", session_id="s-1"), recorder.broadcast.span("Step"):
        requests.post(url(server), json=BODY, timeout=20)
    requests.post(url(server), json=BODY, headers={"x-session-id": "s-2"}, timeout=20)
    inside, outside = recorder.generations()
    spans = {span.span_id: span for span in recorder.transport.spans}
    generation = next(span for span in spans.values() if span.name == "LLM Generation")

    assert spans[generation.parent_span_id or ""].name == "Step"
    # The trace's session is added when it is mapped.
    assert (inside.session_id or "s-1", outside.session_id) == ("s-1", "s-2")


def test_with_nothing_configured_it_is_inert_and_says_so_once(
    nothing_configured: None, server: LoopbackOpenRouter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "otlpjson")
    first = instrument(hosts="127.0.0.1")
    assert instrument() is first
    assert requests.post(url(server), json=BODY, timeout=20).ok

    assert first.counts() == {} and first.refused == {}
    assert caplog.messages == ["instrument() records nothing: no destination; run `otlpjson configure`"]
    assert not hasattr(httpx.HTTPTransport.handle_request, "__otlpjson_wrapped__")


def test_a_log_handler_that_raises_does_not_stop_it(
    nothing_configured: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(logging.Handler):
        def handle(self, record: logging.LogRecord) -> bool:
            raise RuntimeError("broken")

    handler = Broken()
    logging.getLogger("otlpjson").addHandler(handler)
    try:
        assert instrument().counts() == {}
    finally:
        logging.getLogger("otlpjson").removeHandler(handler)


def test_what_is_configured_is_found(
    nothing_configured: None, server: LoopbackOpenRouter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Receiver(credentials=("123456", "glc_x")) as receiver:
        for name, value in (
            ("OTLPJSON_BASE_URL", receiver.base_url),
            ("OTLPJSON_INSTANCE_ID", "123456"),
            ("OTLPJSON_API_KEY", "glc_x"),
        ):
            monkeypatch.setenv(name, value)
        with instrument(hosts="127.0.0.1"):
            requests.post(url(server), json=BODY, timeout=20)
        (body,) = map(json.loads, receiver.lines)

    assert len(body["resourceSpans"]) == 1


@pytest.mark.parametrize("argument", ["hosts", "traceparent_hosts"])
def test_a_host_that_is_no_name_is_refused(argument: str) -> None:
    with pytest.raises(InvalidValue, match=f"instrument.{argument}"):
        named: Any = {argument: "https://openrouter.ai/api/v1"}
        instrument(**named)


PROGRAM = """
import otlpjson
from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import webhook
from otlpjson.testing import FakeTransport, LoopbackOpenRouter
import sys

transport = FakeTransport()
target = BroadcastDestination(destination=webhook("http://127.0.0.1:9/"))
broadcast = Broadcast([target], transport=lambda target: transport)
otlpjson.instrument(broadcast, hosts="127.0.0.1")
assert not {"httpx", "aiohttp"} & set(sys.modules)
import httpx
import aiohttp
import asyncio

async def main(url):
    async with aiohttp.ClientSession() as session:
        async with session.post(url, json={"messages": []}) as response:
            await response.read()

with LoopbackOpenRouter() as server:
    url = server.base_url + "/chat/completions"
    httpx.post(url, json={"messages": []})
    asyncio.run(main(url))
broadcast.close()
print(len(transport.spans))
"""


@pytest.mark.process
@pytest.mark.slow
def test_it_may_stand_first_in_a_program() -> None:
    """Before the clients are imported."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )

    assert (ran.returncode, ran.stdout) == (0, "2\n"), ran.stderr


STREAMING = """
import sys, threading, time
import httpx
import otlpjson
from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import grafana_cloud

target = BroadcastDestination(destination=grafana_cloud(sys.argv[1], "123456", "glc_x"))
otlpjson.instrument(Broadcast([target]), hosts="127.0.0.1")

def read():
    with httpx.stream("POST", sys.argv[2], json={"model": "m", "messages": [], "stream": True}) as response:
        for piece in response.iter_raw():
            first.set()

first = threading.Event()
threading.Thread(target=read, daemon=True).start()
first.wait()
"""


@pytest.mark.process
@pytest.mark.slow
def test_a_stream_that_the_exit_cuts_off_is_sent(server: LoopbackOpenRouter) -> None:
    """As far as it has come, by the hook at exit."""
    server.script(otlpjson.testing.Answer(ending="hang", pieces=3))
    with Receiver(credentials=("123456", "glc_x")) as receiver:
        ran = subprocess.run(
            [sys.executable, "-c", STREAMING, receiver.base_url, url(server)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        bodies = [line.decode() for line in receiver.lines]

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert len(bodies) == 1 and "The client has disconnected" in bodies[0]


def test_the_names_stand_in_the_root() -> None:
    assert {"instrument", "uninstrument"} <= set(dir(otlpjson))
    with pytest.raises(AttributeError, match="nothing"):
        _ = otlpjson.nothing  # type: ignore[attr-defined]


@pytest.mark.usefixtures("nothing_configured")
def test_with_view_everything_goes_to_the_viewer_that_runs(
    tmp_path: Path, server: LoopbackOpenRouter, caplog: pytest.LogCaptureFixture
) -> None:
    """Without any configuration; called again it is the same."""
    place = tmp_path / "otlpjson" / "viewer.json"
    with Receiver() as receiver, published(place, Rendezvous(receiver.base_url, "token-of-this-viewer")):
        with instrument(hosts="127.0.0.1", view=True) as broadcast:
            assert instrument(view=True) is broadcast
            requests.post(url(server), json=BODY, timeout=20)
        (trace,) = receiver.wait_for(1)

    assert trace.spans[0].name == "LLM Generation"
    assert (repr(broadcast), caplog.messages) == ("Broadcast(viewer)", [])


@pytest.mark.usefixtures("nothing_configured")
def test_with_view_what_is_configured_gets_everything_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a viewer that is said once; a local destination that is configured is the viewer."""
    said = "instrument(view=True): no viewer is running; start one with `otlpjson view`"
    monkeypatch.setenv("OTLPJSON_ENDPOINT", "http://127.0.0.1:9/v1/traces")
    with instrument(view=True) as both:
        assert repr(both) == "Broadcast(environment, viewer)"
    uninstrument()
    monkeypatch.delenv("OTLPJSON_ENDPOINT")
    monkeypatch.setenv("OTLPJSON_KIND", "local")
    with instrument(view=True) as alone:
        assert repr(alone) == "Broadcast(environment)"

    assert caplog.messages == [said, said]


def test_view_and_a_broadcast_exclude_each_other(recorder: Recorder) -> None:
    """A broadcast has its own destinations."""
    with pytest.raises(ConfigError) as caught:
        instrument(recorder.broadcast, view=True)

    assert caught.value.problems == {"view": "name a local destination in your broadcast instead"}
