# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Tests of OTLP bodies: fixed ids and times, golden files compared by bytes or by meaning, and a
transport without a network.
"""

from .frozen import Frozen, Times, freeze, freeze_body
from .transport import FakeTransport

__all__ = [
    "FakeTransport",
    "Frozen",
    "Times",
    "freeze",
    "freeze_body",
]
