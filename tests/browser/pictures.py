# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Makes the pictures of the page in the documents: ``make pictures``."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, expect, sync_playwright

from otlpjson.cli.view_demo import demo_records
from otlpjson.core.model import TracesData
from otlpjson.openrouter import read_record, resource_spans
from otlpjson.view import Store, Viewer

from ..environments import ROOT
from .chromium import FLAGS, path_of_chromium

FOLDER: Final = ROOT / "docs" / "pictures"


def main() -> int:
    """Takes each picture from the examples of ``view --demo``."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path_of_chromium(), args=list(FLAGS))
        with Store(Path(folder) / "t.db", now_ns=time.time_ns) as store, Viewer(store) as viewer:
            for record in demo_records():
                viewer.add(TracesData(resource_spans=resource_spans(read_record(record))))
            _take(browser, viewer, "view-list", "")
            _take(browser, viewer, "view-trace", "Support Agent")
            _take(browser, viewer, "view-trace-dark", "Support Agent", dark=True)
            _take(browser, viewer, "view-narrow", "Metric Analysis Pipeline", width=360, height=640)
        browser.close()
    for path in sorted(FOLDER.glob("view-*.png")):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
    return 0


def _take(
    browser: Browser,
    viewer: Viewer,
    name: str,
    trace: str,
    *,
    width: int = 1100,
    height: int = 620,
    dark: bool = False,
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        timezone_id="UTC",
        locale="en-GB",
    )
    page = context.new_page()
    page.goto(viewer.page_url)
    _settle(page, "a.row")
    expect(page.locator(".figures")).to_be_visible()
    if trace:
        page.locator("a.row", has_text=trace).click()
        _settle(page, "article")
    page.screenshot(path=FOLDER / f"{name}.png")
    context.close()


def _settle(page: Page, selector: str) -> None:
    expect(page.locator(selector).first).to_be_visible()
    page.wait_for_timeout(300)


if __name__ == "__main__":
    sys.exit(main())
