# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How far a command is, in words and without a terminal."""

from __future__ import annotations

import io
import time

import pytest

from otlpjson.cli.progress import duration_text, size_text, watched, with_progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which a test sets."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_a_line_every_ten_seconds(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    """With the rate and what is left, if that is known."""
    for total in (4_000_000, 0):
        with with_progress("Sending", total) as advance:
            for _ in range(4):
                clock[0] += 5
                advance(500_000)
    assert capsys.readouterr().err.splitlines() == [
        "Sending: 1.0 MB of 4.0 MB, 100.0 kB/s, 30 s left",
        "Sending: 2.0 MB of 4.0 MB, 100.0 kB/s, 20 s left",
        "Sending: 1.0 MB, 100.0 kB/s",
        "Sending: 2.0 MB, 100.0 kB/s",
    ]


def test_nothing_read_yet_has_no_rate(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    """And more than there was is not less than nothing."""
    with with_progress("Sending", 10) as advance:
        clock[0] += 10
        advance(0)
        clock[0] += 10
        advance(20)
    assert capsys.readouterr().err.splitlines() == [
        "Sending: 0 bytes of 10 bytes, 0 bytes/s",
        "Sending: 20 bytes of 10 bytes, 1 bytes/s, 0 s left",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (59.6, "1 min"),
        (61, "1 min 1 s"),
        (3600, "1 h"),
        (3725, "1 h 2 min"),
        (86400 * 224 + 3600, "224 d 1 h"),
        (86400 + 59, "1 d"),
    ],
)
def test_a_time_in_words(seconds: float, text: str) -> None:
    """In its two largest units."""
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (9_700_000_000_000, "9,700.0 GB")],
)
def test_a_size_in_words(count: int, text: str) -> None:
    """In thousands."""
    assert size_text(count) == text


def test_bytes_are_counted_when_they_are_read() -> None:
    """And lines are as they were."""
    counts: list[int] = []
    file = watched(io.BytesIO(b"a\nb\n"), counts.append)

    assert list(file) == [b"a\n", b"b\n"]
    assert sum(counts) == 4
