# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The events of a stream."""

from __future__ import annotations

import pytest

from otlpjson.openrouter.apis.events import Event, events


@pytest.mark.parametrize(
    ("data", "event"),
    [
        ("Overloaded", Event("error", {"error": "Overloaded"}, "Overloaded")),
        ('{"code": 503}', Event("error", {"code": 503}, '{"code": 503}')),
        ("[DONE]", Event("error", None, "[DONE]")),
        ("", Event("error", None, "")),
    ],
)
def test_the_data_of_an_error_may_be_its_words(data: str, event: Event) -> None:
    """Then it is read as the error of a chunk."""
    assert list(events([f"event: error\ndata: {data}\n\n".encode()])) == [event]
