# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What the suite leaves out, and how property tests draw.

Property tests draw the same examples in every run, so that the gate has one answer.

``HYPOTHESIS_PROFILE=explore`` draws new ones, and many more.
"""

from __future__ import annotations

import os
import signal
from typing import Final

from hypothesis import settings

# A project of its own, which ``make sample`` tests where nothing else is.
collect_ignore: Final = ["sample_project"]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the suite in the background has it ignore Ctrl-C, and with it all that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


def pytest_make_parametrize_id(val: object) -> str | None:
    """Ids without escapes: pytest writes those in another way each time that it runs in one process."""
    written = ascii(val)[:80] if isinstance(val, (str, bytes)) else ""
    return written.replace("\\", "_") if "\\" in written else None
