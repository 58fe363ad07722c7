# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Golden files: OTLP bodies with fixed ids and times, compared byte for byte or by meaning."""

from .frozen import Frozen, Times, freeze, freeze_body

__all__ = [
    "Frozen",
    "Times",
    "freeze",
    "freeze_body",
]
