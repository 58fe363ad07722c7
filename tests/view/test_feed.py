# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""News of the store."""

from __future__ import annotations

from threading import Thread

from otlpjson.view.feed import Feed


def test_news_are_what_changed_since() -> None:
    """Each trace once; nothing new is nothing."""
    feed = Feed()
    assert feed.wait(0, 0) is None
    feed.publish(("a", "b"))
    feed.publish(())
    feed.publish(("a",))

    assert feed.number == 3
    assert feed.wait(0, 0) == (3, ["a", "b"])
    assert feed.wait(2, 0) == (3, ["a"])
    assert feed.wait(3, 0) is None


def test_what_was_too_long_ago_is_not_known() -> None:
    """Nor is a number that was never given, as after a new start."""
    feed = Feed()
    assert feed.wait(7, 0) == (0, None)
    for number in range(1500):
        feed.publish((str(number),))

    assert feed.wait(10, 0) == (1500, None)
    assert feed.wait(499, 0) == (1500, None)
    assert feed.wait(500, 0) == (1500, [str(number) for number in range(500, 1500)])
    assert feed.wait(2000, 0) == (1500, None)


def test_whoever_waits_is_woken() -> None:
    """By news, and by the end."""
    feed = Feed()
    found: list[object] = []
    waiting = Thread(target=lambda: found.extend([feed.wait(0, 20), feed.wait(1, 20)]))
    waiting.start()
    feed.publish(("a",))
    feed.close()
    waiting.join(10)

    assert found == [(1, ["a"]), None]
    assert feed.closed
