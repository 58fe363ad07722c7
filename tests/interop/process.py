# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A foreign server as a child process: started, waited for, and stopped by its own process id."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Callable, Final, TypeVar

import attrs

__all__ = ["DEADLINE_S", "NotReady", "Server", "waited_for"]

DEADLINE_S: Final = 60.0
"""How long anything may take that a test waits for; on an idle machine it takes milliseconds."""
PAUSE_S: Final = 0.02

_T = TypeVar("_T")


class NotReady(AssertionError):
    """What was waited for did not come."""


def waited_for(what: str, look: Callable[[], _T | None], deadline_s: float = DEADLINE_S) -> _T:
    """The first thing that ``look`` finds; it is asked again and again until the deadline."""
    ends_s = time.monotonic() + deadline_s
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() >= ends_s:
            raise NotReady(f"{what} did not come within {deadline_s} s")
        time.sleep(PAUSE_S)


@attrs.define(kw_only=True)
class Server:
    """
    One running program.

    Attributes:
        name: What messages call it.

        log: The file that takes everything it says.
    """

    name: str
    log: Path
    _process: subprocess.Popen[bytes]

    @classmethod
    def started(cls, name: str, command: Sequence[str], log: Path) -> Server:
        """Starts it; it may not answer yet."""
        with log.open("ab") as out:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )
        return cls(name=name, log=log, process=process)

    def when_ready(self, is_ready: Callable[[], bool]) -> None:
        """Comes back when it answers; one that ended instead, or never answers, shows its log."""

        def look() -> bool | None:
            if self._process.poll() is not None:
                raise NotReady(f"{self.name} ended with {self._process.returncode}:\n{self.words()}")
            return is_ready() or None

        try:
            waited_for(f"an answer of {self.name}", look)
        except NotReady as error:
            self.stop()
            raise NotReady(f"{error}\n{self.words()}") from None

    def stop(self) -> None:
        """Ends it at once: nothing that it still holds is needed, and asked politely Jaeger takes long."""
        self._process.kill()
        self._process.wait()

    def words(self, lines: int = 40) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
