# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which requests are recorded."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import InvalidValue
from otlpjson.capture.endpoints import Endpoints, Outgoing, hosts_of

OPENROUTER = Endpoints(hosts=frozenset({"openrouter.ai"}))


def outgoing(url: str, method: str = "post") -> Outgoing:
    return Outgoing.to(url, method=method, headers={}, body=lambda: b"", add_header=lambda name, value: None)


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://openrouter.ai/api/v1/chat/completions", "chat"),
        ("https://openrouter.ai/api/v1/chat/completions/", "chat"),
        ("https://OpenRouter.ai:443/api/v1/completions", "completions"),
        ("https://user:secret@openrouter.ai/api/v1/messages?beta=true", "messages"),
        ("https://eu.openrouter.ai/api/v1/responses", "responses"),
        ("https://openrouter.ai/api/v1/embeddings", "embeddings"),
        ("https://openrouter.ai/api/v1/rerank", "rerank"),
        ("https://openrouter.ai/api/v1/audio/speech", "speech"),
        ("https://openrouter.ai/api/v1/audio/transcriptions", "transcription"),
        ("https://openrouter.ai/api/v1/images", "images"),
        ("https://openrouter.ai/api/v1/images/generations", "images"),
        ("https://openrouter.ai/api/v1/videos", "video"),
        ("https://openrouter.ai/api/v1/models", None),
        ("https://openrouter.ai/api/v1/messages/count_tokens", None),
        ("https://openrouter.ai/api/v1/presets/mine/chat/completions", None),
        ("https://notopenrouter.ai/api/v1/chat/completions", None),
        ("https://openrouter.ai.example/api/v1/chat/completions", None),
        ("https://openrouter.ai/", None),
    ],
)
def test_the_path_and_the_host_decide(url: str, api: str | None) -> None:
    assert OPENROUTER.api(outgoing(url)) == api


def test_only_posts_are_requests_of_an_api() -> None:
    assert OPENROUTER.api(outgoing("https://openrouter.ai/api/v1/responses", "GET")) is None


@pytest.mark.parametrize(
    ("host", "is_recorded"),
    [("127.0.0.1:8080", True), ("127.0.0.1", False), ("gateway", True), ("gateway:1", True)],
)
def test_a_name_with_a_port_is_only_that_port(host: str, is_recorded: bool) -> None:
    endpoints = Endpoints(hosts=frozenset({"127.0.0.1:8080", "gateway"}))

    assert (endpoints.api(outgoing(f"http://{host}/v1/messages")) is not None) is is_recorded


def test_without_hosts_every_host_is_recorded() -> None:
    assert Endpoints().api(outgoing("http://anything/v1/chat/completions")) == "chat"


@pytest.mark.parametrize(("names", "gets"), [((), False), (("gateway",), True), (("other",), False)])
def test_only_named_hosts_get_a_traceparent(names: tuple[str, ...], gets: bool) -> None:
    endpoints = Endpoints(traceparent_hosts=hosts_of("x", names))

    assert endpoints.gets_traceparent(outgoing("http://gateway/v1/models", "GET")) is gets


def test_hosts_may_be_one_name_or_several_in_any_case() -> None:
    assert hosts_of("x", "OpenRouter.ai") == {"openrouter.ai"}
    assert hosts_of("x", ["a", "B:1"]) == {"a", "b:1"}


@pytest.mark.parametrize("wrong", ["https://openrouter.ai", "", "a b", "me@host"])
def test_what_is_no_name_of_a_host_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        hosts_of("instrument.hosts", [wrong])

    assert str(caught.value) == (
        f"instrument.hosts: expected names of hosts such as 'openrouter.ai', got str {wrong!r}"
    )


def test_a_host_that_is_no_text_is_refused() -> None:
    wrong: Any = [7]
    with pytest.raises(
        InvalidValue, match=r"^x: expected names of hosts such as 'openrouter.ai', got int 7$"
    ):
        hosts_of("x", wrong)
