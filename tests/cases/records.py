# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Records of LLM requests; each has a folder below ``fixtures/openrouter``."""

from __future__ import annotations

from typing import Final

from .. import FIXTURES

NAMES: Final = tuple(sorted(path.parent.name for path in FIXTURES.glob("openrouter/*/record.json")))
