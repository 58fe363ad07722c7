# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Tests of OTLP bodies: fixed ids and times, and golden files compared by bytes or by meaning."""

from .frozen import Frozen, Times, freeze, freeze_body

__all__ = [
    "Frozen",
    "Times",
    "freeze",
    "freeze_body",
]
