# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Who may speak to the viewer."""

from __future__ import annotations

from email.message import Message

import pytest

from otlpjson.receiver.delivered_body import Refusal
from otlpjson.view.access import Access

TOKEN = "right-token-0123456789"
ACCESS = Access(TOKEN, 4319)


def headers(**given: str) -> Message:
    """The headers of a request."""
    message = Message()
    for name, value in {"Host": "127.0.0.1:4319", **given}.items():
        message[name] = value
    return message


@pytest.mark.parametrize("host", ["127.0.0.1:4319", "localhost:4319", "LOCALHOST:4319", "[::1]:4319"])
@pytest.mark.parametrize("rest", ["", "api/traces?where=a/b", "v1/traces"])
def test_the_token_is_the_first_part_of_the_path(host: str, rest: str) -> None:
    """What follows is the path."""
    assert ACCESS.path_of(f"/{TOKEN}/{rest}", headers(Host=host)) == f"/{rest}"
    assert (
        ACCESS.path_of(f"/{TOKEN}/{rest}", headers(Host=host, Origin=f"http://{host.lower()}")) == f"/{rest}"
    )


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer  {TOKEN} "])
def test_the_token_may_stand_in_a_header(header: str) -> None:
    """As programs send it."""
    assert ACCESS.path_of("/v1/traces", headers(Authorization=header)) == "/v1/traces"


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("/", {}, 401),
        ("", {}, 401),
        ("/v1/traces", {}, 401),
        (f"/{TOKEN[:-1]}/", {}, 401),
        (f"/{TOKEN}x/", {}, 401),
        (f"//{TOKEN}/", {}, 401),
        (f"/?token={TOKEN}", {}, 401),
        ("/v1/traces", {"Authorization": f"Basic {TOKEN}"}, 401),
        ("/v1/traces", {"Authorization": "Bearer "}, 401),
        ("/v1/traces", {"Authorization": "Bearer é"}, 401),
        (f"/{TOKEN}/", {"Host": "evil.test:4319"}, 403),
        (f"/{TOKEN}/", {"Host": "127.0.0.1"}, 403),
        (f"/{TOKEN}/", {"Host": "127.0.0.1:4320"}, 403),
        (f"/{TOKEN}/", {"Host": ""}, 403),
        (f"/{TOKEN}/", {"Origin": "http://evil.test"}, 403),
        (f"/{TOKEN}/", {"Origin": "null"}, 403),
        (f"/{TOKEN}/", {"Origin": "http://127.0.0.1:8080"}, 403),
        (f"/{TOKEN}/", {"Origin": "https://127.0.0.1:4319"}, 403),
    ],
)
def test_every_other_request_is_refused(path: str, given: dict[str, str], status: int) -> None:
    """A name of another host for this machine, a page of another origin, and a wrong token."""
    with pytest.raises(Refusal) as caught:
        ACCESS.path_of(path, headers(**given))

    assert caught.value.status == status
    assert TOKEN not in repr(ACCESS) + str(caught.value)
