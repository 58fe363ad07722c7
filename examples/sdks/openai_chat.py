# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A streamed chat with the SDK of OpenAI.

    OPENROUTER_API_KEY=... python examples/sdks/openai_chat.py

The traces go to the destinations that ``otlpjson configure`` saved, or that environment variables name.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from openai import OpenAI

import otlpjson

URL = os.environ.get("OPENROUTER_URL", "https://openrouter.ai/api/v1")

# With the host of OpenRouter, no argument is needed.
otlpjson.instrument(hosts=urlsplit(URL).netloc)

with OpenAI(base_url=URL, api_key=os.environ["OPENROUTER_API_KEY"]) as client:
    chunks = client.chat.completions.create(
        model="openai/gpt-4o-mini", messages=[{"role": "user", "content": "Say hello."}], stream=True
    )
    for chunk in chunks:
        if chunk.choices:
            print(chunk.choices[0].delta.content or "", end="")
    print()
