# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the suite promises about itself: a hanging test is named, marks are true, the tiers are everything."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HANGS = """
import threading

def test_waits_for_ever():
    threading.Event().wait()

def test_comes_after_it():
    pass
"""


def test_a_test_that_hangs_fails_under_its_name(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the others still run."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("COLUMNS", "120")  # the line with the name is cut to the terminal's width
    pytester.makepyfile(test_hangs=HANGS)
    pytester.makeini("[pytest]\ntimeout = 0.1")
    result = pytester.runpytest_inprocess("-q", "-p", "pytest_timeout", "-p", "no:cacheprovider")

    assert (
        "FAILED test_hangs.py::test_waits_for_ever - Failed: Timeout (>0.1s) from pytest-timeout."
        in result.outlines
    )
    result.assert_outcomes(failed=1, passed=1)


def test_every_test_has_a_limit(request: pytest.FixtureRequest) -> None:
    """The one of setup.cfg, or the longer one of slow tests and properties."""
    usual_s = float(request.config.getini("timeout"))
    own = {
        mark.args[0]
        for item in request.session.items
        if (mark := item.get_closest_marker("timeout")) is not None
    }

    assert usual_s > 0
    assert all(limit_s > usual_s for limit_s in own)


def test_a_test_without_the_mark_starts_no_process() -> None:
    with pytest.raises(RuntimeError, match=r"^a test that starts a process needs the mark `process`$"):
        subprocess.run([sys.executable, "-c", ""], check=True)


def test_the_tiers_are_everything() -> None:
    """What ``make test`` leaves out, ``make check`` runs."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    fast, slow = (
        re.findall(rf"^{name} := -m \"(.*?)\"", makefile, flags=re.MULTILINE) for name in ("FAST", "SLOW")
    )

    assert fast == ["not slow and not row"]
    assert slow == ["slow or row or hypothesis"]
