# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What is loaded late: not before it is used, and never while the process forks."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from otlpjson.delivery.loading import LOADING

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def test_a_fork_waits_until_nothing_is_being_loaded() -> None:
    """And a child that was forked in the middle of a load may go on with it."""
    loading, loaded = threading.Event(), threading.Event()

    def load() -> None:
        with LOADING:
            loading.set()
            loaded.wait(30)

    thread = threading.Thread(target=load)
    thread.start()
    assert loading.wait(30)
    threading.Timer(0.05, loaded.set).start()
    child = os.fork()
    if child == 0:
        with LOADING, LOADING:
            os._exit(7 if loaded.is_set() else 8)
    thread.join(30)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_the_hooks_of_a_fork_leave_it_as_it_was() -> None:
    """In the parent and, as here in this process, in the child."""
    LOADING.before_fork()
    LOADING.after_fork()
    LOADING.before_fork()
    LOADING.after_fork_in_parent()
    with LOADING:
        pass


def test_a_thread_that_loads_may_fork() -> None:
    """As from a signal handler."""
    with LOADING:
        child = os.fork()
        if child == 0:
            os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


@pytest.mark.process
@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import otlpjson", ["hashlib", "pathlib", "otlpjson.core.decoder", "otlpjson.delivery"]),
        (
            "from otlpjson import Broadcast",
            ["requests", "ssl", "http.client", "email", "pathlib", "tempfile", "otlpjson.capture.capture"],
        ),
    ],
)
def test_what_takes_long_is_loaded_when_it_is_used(code: str, absent: list[str]) -> None:
    """Without the modules that the environment itself loads."""
    check = f"import sys; before = set(sys.modules)\n{code}\nprint(sorted(set({absent}) & set(sys.modules) - before))"
    ran = subprocess.run(
        [sys.executable, "-c", f"import attrs\n{check}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert ran.stdout == "[]\n"
