# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Tests of OTLP bodies: fixed ids and times, golden files compared by bytes or by meaning; a
transport without a network, and an OpenRouter on loopback.
"""

from .frozen import Frozen, Times, freeze, freeze_body
from .openrouter import Answer, LoopbackOpenRouter, Received
from .transport import FakeTransport

__all__ = [
    "Answer",
    "FakeTransport",
    "Frozen",
    "LoopbackOpenRouter",
    "Received",
    "Times",
    "freeze",
    "freeze_body",
]
