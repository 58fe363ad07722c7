# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A few forks of every kind; ``make forks`` runs two thousand."""

from __future__ import annotations

import os

import pytest

from .forking import KINDS
from .forks import main, run


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_no_child_hangs_and_each_span_arrives_once(capsys: pytest.CaptureFixture[str]) -> None:
    """With a thread that records all the while."""
    outcome = run(3 * len(KINDS))

    assert (outcome.hung, outcome.twice, outcome.lost) == (0, [], [])
    assert outcome.recorded > 3 * len(KINDS)
    assert main(len(KINDS)) == 0
    assert capsys.readouterr().out.endswith("0 hung, 0 twice, 0 lost\n")
