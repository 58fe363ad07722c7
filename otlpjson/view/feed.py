# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The news of a store: which traces have changed, for pages that wait for it."""

from __future__ import annotations

from collections import deque
from threading import Condition
from typing import Final, Optional

__all__ = ["Feed", "News"]

_REMEMBERED: Final = 1000

News = tuple[int, Optional[list[str]]]
"""The number of the latest change, and the traces that have changed; ``None`` if nobody knows any more."""


class Feed:
    """The changes of a store. It may be used from several threads."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._number = 0
        self._latest: deque[tuple[int, str]] = deque(maxlen=_REMEMBERED)
        self._closed = False

    @property
    def number(self) -> int:
        """That of the latest change."""
        return self._number

    @property
    def closed(self) -> bool:
        """Whether nothing more will change."""
        return self._closed

    def publish(self, trace_ids: tuple[str, ...]) -> None:
        """Tells everybody that these traces have changed."""
        if not trace_ids:
            return
        with self._changed:
            for trace_id in trace_ids:
                self._number += 1
                self._latest.append((self._number, trace_id))
            self._changed.notify_all()

    def wait(self, seen: int, timeout_s: float) -> News | None:
        """The news since a change; ``None`` if there are none within this time."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._number != seen, timeout_s)
            if self._number == seen:
                return None
            known = self._latest and self._latest[0][0] <= seen + 1 <= self._number
            changed = [trace_id for number, trace_id in self._latest if number > seen]
            return self._number, [*dict.fromkeys(changed)] if known else None

    def close(self) -> None:
        """Wakes everybody who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
