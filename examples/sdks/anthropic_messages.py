# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A streamed message with the SDK of Anthropic, by way of OpenRouter.

    OPENROUTER_API_KEY=... python examples/sdks/anthropic_messages.py

The traces go to the destinations that ``otlpjson configure`` saved, or that environment variables name.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from anthropic import Anthropic

import otlpjson

URL = os.environ.get("OPENROUTER_URL", "https://openrouter.ai/api/v1")

# With the host of OpenRouter, no argument is needed.
otlpjson.instrument(hosts=urlsplit(URL).netloc)

# The SDK adds the version to the path itself.
with Anthropic(base_url=URL.removesuffix("/v1"), api_key=os.environ["OPENROUTER_API_KEY"]) as client:
    asked = {"role": "user", "content": "Say hello."}
    with client.messages.stream(
        model="anthropic/claude-sonnet-4", max_tokens=100, messages=[asked]
    ) as events:
        print("".join(events.text_stream))
