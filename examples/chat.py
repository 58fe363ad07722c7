# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A chat over plain ``requests``: each line of standard input is a question, and each answer becomes a trace.

    OPENROUTER_API_KEY=... python examples/chat.py < questions.txt

The traces go to the destinations that ``otlpjson configure`` saved, or that environment variables name.
"""

from __future__ import annotations

import os
import sys

import requests

from otlpjson import Broadcast

URL = os.environ.get("OPENROUTER_URL", "https://openrouter.ai/api/v1") + "/chat/completions"
HEADERS = {"Authorization": f"Bearer {os.environ['OPENROUTER_API_KEY']}"}


def main() -> None:
    """One conversation, one session."""
    messages: list[dict[str, str]] = []
    with Broadcast.from_config() as broadcast:
        for question in sys.stdin:
            messages.append({"role": "user", "content": question.strip()})
            request = {"model": "openai/gpt-4o", "messages": messages, "session_id": "chat-example"}
            with broadcast.call(request) as call:
                call.response = requests.post(URL, json=request, headers=HEADERS, timeout=60).json()
            message = call.response["choices"][0]["message"]
            messages.append({"role": "assistant", "content": message["content"]})
            print(message["content"])
        print(broadcast.counts(), file=sys.stderr)


if __name__ == "__main__":
    main()
