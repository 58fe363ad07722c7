# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A viewer and a browser for each test; a screenshot of each page of a test that fails is kept."""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, Final

import attrs
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, expect, sync_playwright

from otlpjson.view import Store, Viewer

from .chromium import FLAGS, path_of_chromium

FAILED: Final = Path(__file__).resolve().parent / "failed"
_FAILURE: Final = pytest.StashKey[bool]()

# A busy machine is no fault of the page.
expect.set_options(timeout=30_000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remembers whether a test has failed."""
    report = yield
    item.stash[_FAILURE] = item.stash.get(_FAILURE, False) or report.failed
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them need the browser."""
    for item in items:
        if item.path.parent == Path(__file__).resolve().parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each has a profile of its own in it."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path_of_chromium(), args=list(FLAGS))
        yield running
        running.close()


@attrs.define(slots=False)
class Site:
    """
    A viewer with pages in a browser.

    Attributes:
        browser: The browser.

        store, viewer: What is shown.

        pages: Those that were opened.

        wrong: What a page said of itself that it should not: errors, refused code, requests elsewhere.
    """

    browser: Browser
    store: Store
    viewer: Viewer
    pages: list[Page] = attrs.field(factory=list)
    wrong: list[str] = attrs.field(factory=list)

    def open(self, where: str = "#/traces", *, width: int = 1200, height: int = 800, **context: Any) -> Page:
        """A page of the viewer, in a profile of its own."""
        profile = self.browser.new_context(viewport={"width": width, "height": height}, **context)
        page = profile.new_page()
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("dialog", self._note_dialog)
        page.on("request", self._note_request)
        page.goto(self.viewer.page_url + where)
        self.pages.append(page)
        return page

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"{message.type}: {message.text}")

    def _note_dialog(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(self.viewer.page_url):
            self.wrong.append(f"request: {request.url}")


@pytest.fixture
def site(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A viewer without traces; at the end nothing may be wrong with its pages."""
    with Store(tmp_path / "t.db", now_ns=time.time_ns) as store, Viewer(store) as viewer:
        site = Site(browser, store, viewer)
        yield site
        if request.node.stash.get(_FAILURE, False):
            FAILED.mkdir(exist_ok=True)
            for number, page in enumerate(site.pages):
                page.screenshot(path=FAILED / f"{re.sub('[^a-z0-9]+', '-', request.node.name)}-{number}.png")
        for page in site.pages:
            page.context.close()
    assert site.wrong == []
