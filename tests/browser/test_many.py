# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Fifty thousand spans: forty thousand traces in the list, and ten thousand spans in one trace."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from ..view.spans import START_NS, body, span, trace_id
from .conftest import Site

TRACES, SPANS = 40_000, 10_000
BIG = 10**6


def fill(site: Site) -> None:
    """Bodies of five hundred spans."""
    for first in range(0, TRACES, 500):
        spans = [
            span(number + 1, name=f"trace {number}", start_ns=START_NS + number * 10**9, end_ns=0)
            for number in range(first, first + 500)
        ]
        site.viewer.add(body(*spans))
    for first in range(0, SPANS, 500):
        spans = [
            span(
                BIG,
                number + 1,
                (number + 1) // 2 or None,
                name=f"span {number}",
                start_ns=START_NS + number,
                end_ns=0,
            )
            for number in range(first, first + 500)
        ]
        site.viewer.add(body(*spans))


def elements(page: Page) -> int:
    """How many elements there are."""
    return int(page.evaluate("document.querySelectorAll('*').length"))


def test_fifty_thousand_spans_are_scrolled_through(site: Site) -> None:
    """Only the rows in sight are in the page; each can be reached."""
    fill(site)
    page = site.open()
    expect(page.locator(".found")).to_have_text("40,001 traces")
    assert elements(page) < 1500
    page.evaluate("document.querySelector('main').scrollTop = 700000")
    expect(page.locator("a.row").first).to_be_visible()
    middle = page.locator("a.row b").first.inner_text()
    page.evaluate("document.querySelector('main').scrollTop = 1e9")
    expect(page.locator("a.row", has_text="trace 0").first).to_be_visible()
    assert elements(page) < 1500
    assert middle != "trace 0"

    page.evaluate("id => { location.hash = `#/trace/${id}` }", trace_id(BIG))
    expect(page.locator(".span")).not_to_have_count(0)
    assert elements(page) < 1500
    page.evaluate("document.querySelector('main').scrollTop = 1e9")
    expect(page.locator(".span").last).to_be_visible()
    seen = page.locator(".span .fold").all_inner_texts()
    assert elements(page) < 1500
    for _ in range(30):
        page.keyboard.press("J")
    expect(page.locator(".span.chosen")).to_be_visible()
    assert len(seen) < 100
    page.locator(".span.chosen button", has_text="details").click()
    expect(page.locator(".details")).to_be_visible()
