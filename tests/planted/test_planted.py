# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Each fault can be planted: its code stands there once, and its tests exist. ``make planted`` plants them."""

from __future__ import annotations

import pytest

from ..environments import ROOT
from .__main__ import main
from .faults import FAULTS, Fault


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_can_be_planted(fault: Fault) -> None:
    text = (ROOT / "otlpjson" / fault.file).read_text("utf-8")

    assert text.count(fault.old) == 1
    assert fault.old != fault.new
    assert [test for test in fault.tests if not (ROOT / test.partition("::")[0]).exists()] == []


@pytest.mark.process
@pytest.mark.slow
def test_a_fault_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    """The quickest of them, in a copy."""
    assert main(["reaches the program"]) == 0
    assert capsys.readouterr().out.endswith("1 faults planted, 1 noticed\n")
