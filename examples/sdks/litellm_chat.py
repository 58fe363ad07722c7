# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A streamed chat with litellm.

    OPENROUTER_API_KEY=... python examples/sdks/litellm_chat.py

The traces go to the destinations that ``otlpjson configure`` saved, or that environment variables name.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import litellm

import otlpjson

URL = os.environ.get("OPENROUTER_URL", "https://openrouter.ai/api/v1")

# With the host of OpenRouter, no argument is needed.
otlpjson.instrument(hosts=urlsplit(URL).netloc)

chunks = litellm.completion(
    model="openrouter/openai/gpt-4o-mini",
    messages=[{"role": "user", "content": "Say hello."}],
    api_base=URL,
    api_key=os.environ["OPENROUTER_API_KEY"],
    stream=True,
)
print("".join(chunk.choices[0].delta.content or "" for chunk in chunks))
