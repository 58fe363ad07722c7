# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What Claude Code writes into ``metadata.user_id``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson.openrouter.apis.claude_code import Caller, caller_of
from otlpjson.openrouter.document import Document

DEVICE = "0f" * 32


@pytest.mark.parametrize(
    ("user_id", "trace", "caller"),
    [
        ("user_1", {}, Caller(user_id="user_1")),
        ("", {}, Caller()),
        (None, {}, Caller()),
        ("{not JSON", {}, Caller(user_id="{not JSON")),
        ("[1]", {}, Caller(user_id="[1]")),
        (
            json.dumps({"device_id": DEVICE, "account_uuid": "", "session_id": "s-1"}),
            {},
            Caller(user_id=DEVICE, session_id="s-1", metadata=(("device_id", DEVICE),), is_json=True),
        ),
        # The caller's own metadata counts.
        (
            json.dumps({"device_id": DEVICE, "account_uuid": "a-1"}),
            {"device_id": "own"},
            Caller(user_id=DEVICE, metadata=(("account_uuid", "a-1"),), is_json=True),
        ),
        (
            json.dumps({"user_id": "u-1", "n": 5, "list": [1], "session_id": 7}),
            {},
            Caller(user_id="u-1", metadata=(("n", 5),), is_json=True),
        ),
        ("{}", {}, Caller(is_json=True)),
    ],
)
def test_the_caller_is_in_a_json_object(user_id: Any, trace: dict[str, Any], caller: Caller) -> None:
    """Any other text is the user itself."""
    request = Document("request", {"metadata": {"user_id": user_id}, "trace": trace}, [])

    assert caller_of(request) == caller
    assert request.skipped == []
