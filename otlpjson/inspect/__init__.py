# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Reading what others wrote: checking, comparing and drawing OTLP bodies and the answers of trace stores."""

from .answers import Reading, decode_answer, read
from .checker import Checked, check, check_lines
from .diff_words import Difference
from .differ import diff
from .tempo import decode_tempo

__all__ = [
    "Checked",
    "Difference",
    "Reading",
    "check",
    "check_lines",
    "decode_answer",
    "decode_tempo",
    "diff",
    "read",
]
