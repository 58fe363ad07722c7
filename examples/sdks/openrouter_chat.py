# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A streamed chat with the SDK of OpenRouter.

    OPENROUTER_API_KEY=... python examples/sdks/openrouter_chat.py

The traces go to the destinations that ``otlpjson configure`` saved, or that environment variables name.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from openrouter import OpenRouter

import otlpjson

URL = os.environ.get("OPENROUTER_URL", "https://openrouter.ai/api/v1")

# With the host of OpenRouter, no argument is needed.
otlpjson.instrument(hosts=urlsplit(URL).netloc)

with OpenRouter(server_url=URL, api_key=os.environ["OPENROUTER_API_KEY"]) as client:
    messages = [{"role": "user", "content": "Say hello."}]
    with client.chat.send(model="openai/gpt-4o-mini", messages=messages, stream=True) as chunks:
        for chunk in chunks:
            if chunk.choices:
                print(chunk.choices[0].delta.content or "", end="")
    print()
