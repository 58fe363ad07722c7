# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A chat with LangChain.

    OPENROUTER_API_KEY=... python examples/sdks/langchain_chat.py

The traces go to the destinations that ``otlpjson configure`` saved, or that environment variables name.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from langchain_openai import ChatOpenAI

import otlpjson

URL = os.environ.get("OPENROUTER_URL", "https://openrouter.ai/api/v1")

# With the host of OpenRouter, no argument is needed.
otlpjson.instrument(hosts=urlsplit(URL).netloc)

model = ChatOpenAI(
    model="openai/gpt-4o-mini",
    base_url=URL,
    api_key=os.environ["OPENROUTER_API_KEY"],
)
print("".join(chunk.text for chunk in model.stream("Say hello.")))
