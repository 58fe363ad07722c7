# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which generations are sent; the result is the same in every process."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from otlpjson import InvalidValue
from otlpjson.openrouter import Generation, Policy, TraceOptions
from otlpjson.openrouter.policy import sampled


def generation(key: str, *, session_id: str | None = None, trace_id: str | None = None) -> Generation:
    """A generation with only the names that sampling uses."""
    trace = TraceOptions(trace_id=trace_id)
    return Generation(key=key, start_ns=1, end_ns=2, session_id=session_id, trace=trace)


def key_that_is(wanted: bool, rate: float = 0.5) -> str:
    """The first name that is among the share, or the first that is not."""
    return next(key for key in map(str, range(1000)) if sampled(key, rate) is wanted)


KEPT, LOST = key_that_is(True), key_that_is(False)


def never(generation: Generation) -> bool:
    raise AssertionError("the predicate was asked")


# The rate


@pytest.mark.parametrize("rate", [0.0001, 0.5, 1, 1.0])
def test_a_rate_inside_its_range_is_accepted(rate: float) -> None:
    assert Policy(sampling_rate=rate).sampling_rate == rate


@pytest.mark.parametrize(
    ("rate", "found"),
    [
        (0, "int 0"),
        (0.0, "float 0.0"),
        (0.00009, "float 9e-05"),
        (1.1, "float 1.1"),
        (2, "int 2"),
        (-0.5, "float -0.5"),
        (float("nan"), "float nan"),
        (float("inf"), "float inf"),
        (True, "bool True"),
        (False, "bool False"),
        ("0.5", "str '0.5'"),
        (None, "nothing"),
        (10**400, "int of 1329 bits"),
    ],
)
def test_a_rate_outside_its_range_is_refused(rate: Any, found: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        Policy(sampling_rate=rate)

    assert str(refusal.value) == f"Policy.sampling_rate: expected a number from 0.0001 to 1, got {found}"


# The share


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5, 0.9])
def test_the_share_that_is_sent_is_the_rate(rate: float) -> None:
    """For 10,000 names that differ only in their end, the share is right within two percent."""
    kept = sum(sampled(f"session_{number:05}", rate) for number in range(10_000))

    assert abs(kept - 10_000 * rate) < 200


def test_at_rate_one_everything_is_sent() -> None:
    assert all(sampled(str(number), 1) for number in range(10_000))


def test_what_is_kept_at_a_rate_is_kept_at_every_higher_one() -> None:
    names = [str(number) for number in range(2_000)]

    assert {name for name in names if sampled(name, 0.2)} <= {name for name in names if sampled(name, 0.3)}


@pytest.mark.slow
@pytest.mark.process
def test_the_choice_is_the_same_in_every_process() -> None:
    """It depends on SHA-256, not on hash(), which differs between processes."""
    code = (
        "from otlpjson.openrouter.policy import sampled;"
        "print([number for number in range(100) if sampled(str(number), 0.5)])"
    )
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert other.stdout == f"{[number for number in range(100) if sampled(str(number), 0.5)]}\n"


@pytest.mark.parametrize(
    ("name", "bound"), [("", 0.889), ("Zo\u00eb", 0.775), ("\ud800", 0.541), ("x" * 100_000, 0.838)]
)
def test_any_text_is_a_name(name: str, bound: float) -> None:
    """It is kept from one rate on; these were computed by hashlib."""
    assert [sampled(name, bound), sampled(name, bound + 0.001)] == [False, True]


# By which name


@pytest.mark.parametrize(
    ("one", "refusal"),
    [
        (generation(KEPT), None),
        (generation(LOST), "sampled_out"),
        (generation(LOST, trace_id=KEPT), None),
        (generation(KEPT, trace_id=LOST), "sampled_out"),
        (generation(LOST, session_id=KEPT, trace_id=LOST), None),
        (generation(KEPT, session_id=LOST, trace_id=KEPT), "sampled_out"),
        (generation(LOST, session_id="", trace_id=KEPT), None),
    ],
)
def test_a_session_goes_before_a_trace_and_a_trace_before_a_request(
    one: Generation, refusal: str | None
) -> None:
    assert Policy(sampling_rate=0.5).refusal(one) == refusal


def test_a_session_is_kept_or_dropped_whole() -> None:
    policy = Policy(sampling_rate=0.3)
    answers = {
        session: {
            policy.refusal(generation(f"gen-{number}", session_id=session, trace_id=f"trace-{number}"))
            for number in range(50)
        }
        for session in map(str, range(100))
    }

    assert {len(of_session) for of_session in answers.values()} == {1}
    assert set().union(*answers.values()) == {None, "sampled_out"}


# The order of the questions


@pytest.mark.parametrize(
    ("policy", "key", "refusal"),
    [
        (Policy(enabled=False, sampling_rate=0.5, predicate=never), LOST, "disabled"),
        (Policy(enabled=False, sampling_rate=0.5, predicate=never), KEPT, "disabled"),
        (Policy(sampling_rate=0.5, predicate=never), LOST, "sampled_out"),
        (Policy(sampling_rate=0.5, predicate=lambda one: False), KEPT, "predicate"),
        (Policy(sampling_rate=0.5, predicate=lambda one: True), KEPT, None),
        (Policy(), LOST, None),
    ],
)
def test_the_predicate_is_asked_last(policy: Policy, key: str, refusal: str | None) -> None:
    assert policy.refusal(generation(key)) == refusal


def test_the_predicate_sees_the_generation() -> None:
    asked: list[Generation] = []

    def remember(one: Generation) -> bool:
        asked.append(one)
        return True

    one = generation("gen-1")

    assert (Policy(predicate=remember).refusal(one), asked) == (None, [one])


def test_what_a_predicate_raises_is_the_callers_to_handle() -> None:
    with pytest.raises(AssertionError, match=r"^the predicate was asked$"):
        Policy(predicate=never).refusal(generation("gen-1"))


def test_which_keys_are_kept_at_a_rate_does_not_change() -> None:
    """Another digest, or another order of its bytes, would split every session that is being recorded."""
    assert [number for number in range(40) if sampled(f"session-{number}", 0.25)] == SAMPLED


# By hashlib alone: SHA-256, the first eight bytes as a big-endian number, below a quarter of 2**64.
SAMPLED = [0, 19, 21, 25, 26, 29, 31]
