# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The taps of one owner: forks, the end of a process, and what running copies may hold."""

from __future__ import annotations

import itertools
import os
from typing import Any

import httpx
import pytest

from otlpjson.broadcast.capturing import capture_of
from otlpjson.capture.endpoints import Endpoints
from otlpjson.testing import Answer, LoopbackOpenRouter

from .recorder import Recorder, brief, url

BODY = {"model": "openai/gpt-4o-mini", "messages": [], "stream": True}
LEFT = {"failure": "The client has disconnected", "complete": True, "total_cost": None}


def test_what_runs_when_it_is_closed_is_recorded_as_far_as_it_has_come(server: LoopbackOpenRouter) -> None:
    server.script(Answer(ending="hang", pieces=3))
    with Recorder() as recorder, recorder.broadcast.capture(httpx.Client()) as client:
        with client.stream("POST", url(server), json=BODY) as response:
            pieces = response.iter_raw()
            next(pieces)
            recorder.broadcast.close()
            assert [brief(each) for each in recorder.seen] == [LEFT]
            # The program goes on reading what it has.
            assert next(pieces)
        assert len(recorder.seen) == 1


@pytest.mark.process
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_child_leaves_what_the_parent_has_begun(server: LoopbackOpenRouter) -> None:
    """And records what it begins itself."""
    with Recorder() as recorder, recorder.broadcast.capture(httpx.Client()) as client:
        with client.stream("POST", url(server), json=BODY) as response:
            child = os.fork()
            if child == 0:
                os._exit(_in_the_child(recorder, response, server))
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
            response.read()
        assert [each.usage.total_cost for each in recorder.generations()] == [0.000123]


def _in_the_child(recorder: Recorder, response: Any, server: LoopbackOpenRouter) -> int:
    """0 if it is as it should be; not the parent's response, one of its own."""
    try:
        response.stream._stream.__del__()
        with recorder.broadcast.capture(httpx.Client()) as client:
            client.post(url(server), json=BODY)
        seen = recorder.generations()
        return 0 if len(seen) == 1 and seen[0].failure is None else 1
    except BaseException:
        return 2


def test_copies_that_run_share_a_bound(server: LoopbackOpenRouter) -> None:
    """A thousand of them at once have no more than one."""
    event = b'data: {"id":"gen-1","choices":[{"index":0,"delta":{"content":"' + b"x" * 1000 + b'"}}]}\n\n'
    body = [event] * 256
    server.script(*(Answer(body=body) for _ in range(2)))
    with Recorder() as recorder:
        # Too little for two of them.
        capture_of(recorder.broadcast)._budget._left = 100_000
        with recorder.broadcast.capture(httpx.Client()) as client:
            responses = [
                client.send(client.build_request("POST", url(server), json=BODY), stream=True)
                for _ in range(2)
            ]
            pairs = list(itertools.zip_longest(*(response.iter_raw(1100) for response in responses)))
            for read in zip(*pairs):
                assert b"".join(filter(None, read)) == b"".join(body)
        assert len(recorder.generations()) == 2
        assert capture_of(recorder.broadcast)._budget._left == 100_000
        notes = {str(error) for error in recorder.broadcast.errors}
    assert "record.response: the response is larger than the copy of it, which lacks its middle" in notes


def test_after_a_fork_nothing_runs(server: LoopbackOpenRouter) -> None:
    """What the hook does in a child, seen from here."""
    with Recorder() as recorder, recorder.broadcast.capture(httpx.Client()) as client:
        with client.stream("POST", url(server), json=BODY) as response:
            capture_of(recorder.broadcast).after_fork()
            response.read()
        assert recorder.generations() == []


def test_a_module_is_tapped_once() -> None:
    with Recorder() as recorder:
        capture = capture_of(recorder.broadcast)
        try:
            capture.put_into_module(httpx, Endpoints())
            first = httpx.HTTPTransport.handle_request
            capture.put_into_module(httpx, Endpoints())
            assert httpx.HTTPTransport.handle_request is first
        finally:
            capture.take_from_modules()
        assert httpx.HTTPTransport.handle_request is not first
