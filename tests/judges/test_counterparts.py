# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What we write every judge reads as it was meant, and what OpenTelemetry's own encoder writes we read."""

from __future__ import annotations

from typing import Any, Callable, Final

import pytest

from otlpjson import TracesData, decode, encode
from otlpjson.inspect.checker import check

from .. import oracle
from ..bench import workload
from ..cases import bodies
from ..plain import plain_message, plain_model, protobuf_message
from . import official, sdk, seeded

SEEDS: Final = range(60)
SDK_CASES: Final = [case for case in bodies.CASES if sdk.fits(case())]
# Numbers that OTLP does not know yet; OpenTelemetry's decoder raises for them (DEC-3).
UNKNOWN_NUMBERS: Final = (bodies.kinds, bodies.status_unknown)

Case = Callable[[], TracesData]
JUDGES: Final[dict[str, Callable[[bytes], list[dict[str, Any]]]]] = {
    "oracle": oracle.read,
    "protobuf": lambda body: plain_message(protobuf_message(body)),
    "official": official.read,
    "strict": lambda body: plain_model(decode(body)),
}


@pytest.mark.parametrize("case", bodies.CASES)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_judge_reads_a_golden_case_as_it_was_meant(judge: str, case: Case) -> None:
    """Every one of them, every case."""
    body = encode(case())
    if judge == "official" and case in UNKNOWN_NUMBERS:
        with pytest.raises(ValueError, match="is not a valid"):
            official.read(body)
        return

    assert JUDGES[judge](body) == plain_model(case())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_judge_reads_seeded_traces_as_they_were_meant(judge: str, seed: int) -> None:
    """Every kind of value, nested; links, events, states, both ends of int64."""
    traces = seeded.traces(seed)

    assert JUDGES[judge](encode(traces)) == plain_model(traces)


@pytest.mark.parametrize("judge", JUDGES)
def test_a_judge_reads_spans_of_requests_as_they_were_meant(judge: str) -> None:
    """As a program that talks to models makes them."""
    traces = workload.traces(0, 100)

    assert JUDGES[judge](encode(traces)) == plain_model(traces)


@pytest.mark.parametrize("case", SDK_CASES)
def test_the_official_encoder_of_a_golden_case_is_read(case: Case) -> None:
    """Strictly, and equal to what the SDK held; protobuf and OpenTelemetry's own decoder agree."""
    body = sdk.encoded(sdk.sdk_spans(case()))
    expected = sdk.held(case())

    assert plain_model(decode(body)) == plain_model(expected)
    assert JUDGES["protobuf"](body) == JUDGES["official"](body) == plain_model(expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_official_encoder_of_seeded_traces_is_read(seed: int) -> None:
    """Strictly, without an error of ``check``, and equal to what the SDK held."""
    traces = seeded.traces(seed)
    body = sdk.encoded(sdk.sdk_spans(traces))

    assert decode(body) == sdk.held(traces)
    assert check(body).passed


def test_there_are_cases_and_the_seeds_hold_nearly_all_that_there_is() -> None:
    """The SDK loses nothing of seeded traces, so nothing is hidden by what it holds."""
    held = [sdk.held(seeded.traces(seed)) == seeded.traces(seed) for seed in SEEDS]

    assert held == [True] * len(SEEDS)
    assert len(SDK_CASES) >= 25
