# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The spans in a body, as JSON has them: read without the package that is tested."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["spans_of"]


def spans_of(body: str | bytes) -> list[dict[str, Any]]:
    """Every span, in order."""
    return [
        span
        for group in json.loads(body)["resourceSpans"]
        for scope_spans in group["scopeSpans"]
        for span in scope_spans["spans"]
    ]
