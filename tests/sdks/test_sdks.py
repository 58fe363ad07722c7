# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
SDKs at work: one record for each request that arrives, and the program notices nothing.

Each case runs three times: as it is, instrumented, and with its client captured. What the program saw,
and what the server received, must be the same.
"""

from __future__ import annotations

import gc
import os
from importlib import import_module
from typing import Any

import pytest

from otlpjson import instrument, uninstrument
from otlpjson.openrouter import Generation
from otlpjson.testing import LoopbackOpenRouter, Received

from ..capture.recorder import Recorder
from .case import Case, Use

# What these packages warn of is not about this one.
pytestmark = pytest.mark.filterwarnings("default")

SDKS = os.environ.get("OTLPJSON_SDKS", "").split()
# They make their clients themselves, so no program has one to capture.
INSTRUMENTED_ALONE = ("litellm",)
# They say how long something took, or are drawn anew for each request.
VOLATILE = ("x-stainless-read-timeout", "idempotency-key", "traceparent", "x-client-request-id")


def _cases() -> list[Any]:
    return [
        pytest.param(sdk, case, id=f"{sdk} {name}")
        for sdk in SDKS
        for name, case in import_module(f".{sdk}_sdk", __package__).CASES.items()
    ]


@pytest.mark.parametrize(("sdk", "case"), _cases())
def test_each_request_is_one_record_and_the_program_notices_nothing(sdk: str, case: Case) -> None:
    bare = _run(case, lambda client: client)

    with Recorder() as recorder:
        instrument(recorder.broadcast, hosts="127.0.0.1")
        try:
            assert _run(case, lambda client: client) == bare
        finally:
            uninstrument()
        _check(case, recorder.generations())

    with Recorder() as recorder:
        assert _run(case, recorder.broadcast.capture) == bare
        captured = recorder.generations()
        if sdk in INSTRUMENTED_ALONE:
            assert captured == []
        else:
            _check(case, captured)


def _run(case: Case, use: Use) -> tuple[Any, list[Any]]:
    """What the program saw, and what the server received."""
    with LoopbackOpenRouter() as server:
        server.script(*case.answers)
        try:
            seen = case.run(server.base_url, use)
        except Exception as error:
            assert case.ends == "failed", error
            seen = (type(error).__name__, str(error).replace(server.base_url, ""))
        # What the program forgot is collected.
        gc.collect()
        return seen, [_received(request) for request in server.requests]


def _received(request: Received) -> Any:
    headers = {name: value for name, value in request.headers.items() if name not in (*VOLATILE, "host")}
    return request.path, headers, request.body


def _check(case: Case, generations: list[Generation]) -> None:
    assert len(generations) == case.requests
    *earlier, last = sorted(generations, key=lambda generation: generation.start_ns)
    if case.answers and case.requests > 1:
        assert earlier[0].failure is not None
    if case.ends == "well":
        assert last.failure is None
        assert (last.usage.input_tokens, last.usage.total_cost) == (12, 0.000123)
    else:
        assert last.failure is not None
        is_left = last.failure.message == "The client has disconnected"
        assert is_left == (case.ends == "left")
