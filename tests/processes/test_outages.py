# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Short outages of every kind; ``make outages`` lets them last a minute."""

from __future__ import annotations

import pytest

from .outages import KINDS, main


@pytest.mark.slow
def test_nothing_is_lost_in_an_outage(capsys: pytest.CaptureFixture[str]) -> None:
    """Nor sent twice; what was refused for good is sent again on request."""
    assert main(1.0) == 0
    lines = capsys.readouterr().out.splitlines()

    assert [line.split()[0] for line in lines] == list(KINDS)
    assert all("0 lost, 0 twice" in line for line in lines)
