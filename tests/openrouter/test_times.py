# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Times, exact to the nanosecond."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson import InvalidDocument
from otlpjson.openrouter.document import found
from otlpjson.openrouter.times import LATEST_NS, after, nanoseconds

TIME = "RFC 3339 text with an offset, such as 2026-02-13T18:00:00Z, or nanoseconds since 1970"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-02-13T18:00:00Z", 1771005600 * 10**9),
        ("2026-02-13t18:00:00z", 1771005600 * 10**9),
        ("2026-02-13 18:00:00Z", 1771005600 * 10**9),
        (" 2026-02-13T18:00:00Z\n", 1771005600 * 10**9),
        ("2026-02-13T20:00:00+02:00", 1771005600 * 10**9),
        ("2026-02-13T12:30:00-05:30", 1771005600 * 10**9),
        ("2026-02-13T18:00:00.1Z", 1771005600_100000000),
        ("2026-02-13T18:00:00.123456789Z", 1771005600_123456789),
        ("2026-02-13T18:00:00.1234567899Z", 1771005600_123456789),
        ("2016-12-31T23:59:60Z", 1483228800 * 10**9),
        ("1970-01-01T00:00:00Z", 0),
        ("2024-02-29T00:00:00Z", 1709164800 * 10**9),
        (1771005600123456789, 1771005600123456789),
        ("1771005600123456789", 1771005600123456789),
        (2**64 - 1, 2**64 - 1),
        (10**17, 10**17),
    ],
)
def test_a_time_is_read_to_the_nanosecond(value: Any, moment: int) -> None:
    """It is RFC 3339 text with any offset, or nanoseconds as a number or text."""
    assert nanoseconds(value, "at") == moment


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2500, 1, 1)),
    st.integers(-23 * 60, 23 * 60),
)
def test_python_agrees_about_every_time(moment: datetime, offset_minutes: int) -> None:
    """Texts written by ``isoformat`` are read."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=offset_minutes)))
    expected = (aware - EPOCH) // timedelta(microseconds=1) * 1000

    assert nanoseconds(aware.isoformat(), "at") == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2026-02-13",
        "2026-02-13T18:00:00",
        "2026-02-13T18:00Z",
        "2026-02-13T18:00:00 Z",
        "2026-02-13T18:00:00.Z",
        "2026-02-13T18:00:00+0200",
        "2026-02-30T18:00:00Z",
        "2026-13-01T18:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-02-13T24:00:00Z",
        "2026-02-13T18:60:00Z",
        "2026-02-13T18:00:61Z",
        "2026-02-13T18:00:00+24:00",
        "2026-02-13T18:00:00+02:60",
        "1969-12-31T23:59:59Z",
        "\uff12026-02-13T18:00:00Z",
        "1e18",
        "-1771005600123456789",
        "177100560012345678901",
        -1,
        2**64,
        1.771005600e18,
        float("nan"),
        True,
        None,
        [],
    ],
)
def test_other_values_are_refused(value: Any) -> None:
    """The error says what is accepted."""
    with pytest.raises(InvalidDocument) as caught:
        nanoseconds(value, "record.started_at")

    assert not isinstance(value, str) or caught.value.found == f"str of {len(value)} characters"

    assert caught.value.path == "record.started_at"
    assert caught.value.expected == TIME


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (0, "seconds"),
        (1771005600, "seconds"),
        (1771005600.5, "seconds"),
        ("1771005600", "seconds"),
        (10**11 - 1, "seconds"),
        (1771005600123, "milliseconds"),
        (1771005600123.0, "milliseconds"),
        (1771005600123456, "microseconds"),
        (10**17 - 1, "microseconds"),
    ],
)
def test_a_number_too_small_for_nanoseconds_is_refused(value: Any, unit: str) -> None:
    """The hint names the unit that it is probably in."""
    with pytest.raises(InvalidDocument) as caught:
        nanoseconds(value, "at")

    number = int(value) if isinstance(value, str) else value
    assert str(caught.value) == (
        f"at: expected nanoseconds since 1970, 19 digits, got {found(number)}; are these {unit}?"
    )


@given(st.datetimes(datetime(1970, 1, 2), datetime(2500, 1, 1)), st.integers(-23 * 60, 23 * 60))
def test_a_datetime_with_a_time_zone_is_a_time(moment: datetime, offset_minutes: int) -> None:
    """To the microsecond, which is all that it has."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=offset_minutes)))

    assert nanoseconds(aware, "at") == nanoseconds(aware.isoformat(), "at")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 2, 13, 18), "a datetime with a time zone"),
        (datetime(1969, 12, 31, tzinfo=timezone.utc), TIME),
    ],
)
def test_another_datetime_is_refused(value: datetime, expected: str) -> None:
    """One without a time zone may be any of 24 moments."""
    with pytest.raises(InvalidDocument) as caught:
        nanoseconds(value, "at")

    assert caught.value.expected == expected


@pytest.mark.parametrize(
    ("milliseconds", "moment"),
    [
        (1.5, 1_500_005),
        (-1.0, -999_995),
        (1e305, LATEST_NS + 6),
        (float("inf"), LATEST_NS + 6),
        (float("-inf"), 5 - LATEST_NS - 1),
    ],
)
def test_later_by_any_number_of_milliseconds(milliseconds: float, moment: int) -> None:
    """A result out of range is only known to be out of range."""
    assert after(5, milliseconds) == moment
