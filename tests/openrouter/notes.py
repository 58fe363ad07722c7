# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Notes on a record as tests expect them."""

from __future__ import annotations

from otlpjson import Finding, Severity
from otlpjson.core.problem import Mismatch, Problem


def note(path: str, expected: str, found: str) -> Finding:
    """A member that was left out or changed."""
    return Finding(severity=Severity.WARNING, problem=Problem(path, Mismatch(expected, found)))
