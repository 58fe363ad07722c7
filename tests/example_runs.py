# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""An example in a process of its own, as a user starts it, and the spans that it sent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from otlpjson.receiver.server import Receiver

from .sent_spans import spans_of

__all__ = ["EXAMPLES", "KEY", "run", "spans"]

EXAMPLES: Final = Path(__file__).resolve().parent.parent / "examples"
KEY: Final = "glc_example_key"


def run(
    name: str, receiver: Receiver, *arguments: str, openrouter: str = "", stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """One example in a process of its own, as a user starts it."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
        "OTLPJSON_BASE_URL": receiver.base_url,
        "OTLPJSON_INSTANCE_ID": "123456",
        "OTLPJSON_API_KEY": KEY,
        "OPENROUTER_URL": openrouter,
        "OPENROUTER_API_KEY": "sk-or-example",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, str(EXAMPLES / name), *arguments]
    return subprocess.run(
        command, env=environment, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def spans(receiver: Receiver) -> list[dict[str, Any]]:
    """Every span that arrived."""
    return [span for line in receiver.lines for span in spans_of(line)]
