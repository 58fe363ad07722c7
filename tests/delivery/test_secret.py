# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A secret is nowhere to be seen but where it is sent."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import traceback
from typing import Any, Callable
from urllib.parse import quote

import attrs
import pytest

from otlpjson.broadcast import BroadcastDestination
from otlpjson.core.errors import ConfigError
from otlpjson.delivery import Destination, grafana_cloud, otel_collector, webhook
from otlpjson.delivery.redaction import redacted
from otlpjson.delivery.secret import Secret

KEY = 'glc_ey"J0+aGl/zIjoiaXMtYS1jYW5hcnkifQ=='


def test_a_secret_is_compared_and_never_shown() -> None:
    """With another one, or with a text."""
    one = Secret(KEY)

    assert (one == Secret(KEY), one == KEY, one == "other", one == 5) == (True, True, False, False)
    assert (len({one, Secret(KEY)}), one.reveal()) == (1, KEY)
    assert f"{one} {one!r} {[one]}" == "[secure] [secure] [[secure]]"
    assert copy.copy(one) is copy.deepcopy(one) is one
    with pytest.raises(TypeError, match="a secret cannot be pickled"):
        pickle.dumps(one)


@pytest.mark.parametrize(
    "destination",
    [
        grafana_cloud("https://a.test", 1, KEY),
        otel_collector("https://a.test", {"X-Key": KEY}),
        webhook("https://a.test", headers={"X-Key": KEY}),
    ],
)
def test_a_destination_hides_it_from_every_tool(destination: Destination) -> None:
    """``repr``, ``asdict``, ``pickle``; a copy is as good as the destination."""
    whole = BroadcastDestination(destination=destination)

    assert KEY not in f"{whole!r} {attrs.asdict(whole)!r} {attrs.astuple(whole)!r}"
    assert copy.deepcopy(whole) == whole
    with pytest.raises(TypeError):
        pickle.dumps(whole)


@pytest.mark.parametrize(
    "make",
    [
        lambda key: grafana_cloud("ftp://a.test", 1, key),
        lambda key: otel_collector("ftp://a.test", {"X-Key": key}),
        lambda key: otel_collector(f"ftp://a.test/{key}"),
        lambda key: webhook("ftp://a.test", headers={"X-Key": key}),
        lambda key: webhook("https://a.test", key),
    ],
)
def test_no_frame_of_an_error_holds_it(make: Callable[[str], Any]) -> None:
    """Tools print the variables of a traceback; those of the caller are the caller's."""
    with pytest.raises(ConfigError) as caught:
        make(KEY)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    ours = [frame for frame in frames if "otlpjson/delivery" in frame.f_code.co_filename]

    assert ours
    assert [frame.f_code.co_name for frame in ours if KEY in repr(frame.f_locals)] == []


@pytest.mark.parametrize(
    "echo",
    [
        KEY,
        KEY[::-1],
        KEY[3:20],
        json.dumps(KEY),
        quote(KEY, safe=""),
        KEY.encode().hex(),
        KEY.encode().hex().upper(),
        *(base64.b64encode(b"x" * before + KEY.encode() + b"yz").decode() for before in range(4)),
        *(base64.urlsafe_b64encode(b"x" * before + KEY.encode()).decode() for before in range(4)),
    ],
)
def test_a_server_that_quotes_it_in_any_form_is_not_repeated(echo: str) -> None:
    """No eight characters in a row of what it said are left, but for its own at the edges."""
    shown = redacted(f"what is {echo} here?", [Secret(KEY)])

    assert shown.startswith("what is ")
    assert shown.endswith(" here?")
    left = shown[len("what is ") : -len(" here?")].replace("[secure]", " ")
    assert max(map(len, left.split()), default=0) < 8


def test_a_short_secret_hides_itself_and_no_other_words() -> None:
    """Its other forms would be in every sentence."""
    assert redacted("a key k, and what", [Secret("k")]) == "a [secure]ey [secure], and what"
