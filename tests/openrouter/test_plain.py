# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Values of SDKs as plain JSON values."""

from __future__ import annotations

from collections import UserDict
from typing import Any

import pytest

from otlpjson.openrouter.plain import HttpBody, http_body, plain

from .handed import Dumped, Headers, Http, NotGiven, Omit


class Broken:
    """An object whose conversion fails."""

    def model_dump(self) -> Any:
        raise RuntimeError("secret")


class Endless:
    """An object that becomes another one for ever."""

    def to_dict(self) -> Any:
        return Endless()


BROKEN = Broken()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Dumped({"a": 1}), {"a": 1}),
        (Dumped({"a": Dumped([1, Dumped({"b": 2})])}), {"a": [1, {"b": 2}]}),
        ([Dumped({"a": 1}), "x"], [{"a": 1}, "x"]),
        ((1, Dumped({})), [1, {}]),
        ({"a": {"b": [Dumped({"c": 1})]}}, {"a": {"b": [{"c": 1}]}}),
        ({"a": 1, "b": NotGiven(), "c": Omit()}, {"a": 1}),
        (BROKEN, BROKEN),
        (Dumped, Dumped),
        (5, 5),
        (b"x", b"x"),
        (None, None),
    ],
)
def test_objects_of_an_sdk_become_plain(value: Any, expected: Any) -> None:
    """What has no conversion, or one that fails, stays as it is."""
    assert plain(value) == expected


@pytest.mark.parametrize("value", [{"a": [1, {"b": None}]}, [{}, ()], (1, 2), UserDict(a=1), "x"])
def test_a_plain_value_is_the_same_object(value: Any) -> None:
    """Nothing is copied without need."""
    assert plain(value) is value


def test_depth_ends_somewhere() -> None:
    """A caller's object may contain itself, or become another one for ever."""
    loop: dict[str, Any] = {}
    loop["loop"] = loop

    assert plain(loop) is loop
    assert isinstance(plain(Endless()), Endless)


@pytest.mark.parametrize(
    ("value", "body"),
    [
        (Http(200, _content=b"{}"), HttpBody(b"{}", {"http_status": 200})),
        (Http(200, _content="{}"), HttpBody("{}", {"http_status": 200})),
        # requests has False, aiohttp None, httpx nothing at all before the body is read.
        (Http(502, _content=False), HttpBody(None, {"http_status": 502})),
        (Http(502, _body=None), HttpBody(None, {"http_status": 502})),
        (Http(502), HttpBody(None, {"http_status": 502})),
        (Http(200, _body=b"x"), HttpBody(b"x", {"http_status": 200})),
        (
            Http(200, Headers({"X-Generation-Id": "gen-1"}), _content=b""),
            HttpBody(b"", {"http_status": 200, "generation_id": "gen-1"}),
        ),
        ({"status_code": 200, "headers": {}}, None),
        (Http("200", _content=b""), None),
        (Http, None),
        (None, None),
        ("x", None),
    ],
)
def test_an_http_response_is_its_body(value: Any, body: HttpBody | None) -> None:
    """One that has not been read stays unread."""
    assert http_body(value) == body


def test_a_raw_response_of_an_sdk_has_the_http_response_inside() -> None:
    """That one is read."""
    raw = Http(0, http_response=Http(429, _content=b"{}"))

    assert http_body(raw) == HttpBody(b"{}", {"http_status": 429})
    assert "{}" not in repr(http_body(raw))


def test_a_response_of_aiohttp_has_its_status_under_another_name() -> None:
    """And its body, once it has been read, in another place."""

    class Response:
        status = 503
        headers = Headers({})
        _body = b"{}"

    assert http_body(Response()) == HttpBody(b"{}", {"http_status": 503})


def test_objects_at_any_depth_are_made_plain() -> None:
    """Down to the depth at which it ends."""
    value: Any = Dumped({"a": 1})
    for _ in range(40):
        value = [value]
    made = plain(value)
    for _ in range(40):
        (made,) = made

    assert made == {"a": 1}
