# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The quick form of each trial as a test, for faults that are planted; ``make faults`` runs them by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from .trials import TRIALS


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("name", TRIALS)
def test_a_trial_passes(name: str, tmp_path: Path) -> None:
    """Nothing is lost, and nothing else is wrong."""
    kind = TRIALS[name]
    if why := kind.why_not():
        pytest.skip(why)
    trial = kind.run(tmp_path / "spool", False, 1)

    assert trial.passed, str(trial)
