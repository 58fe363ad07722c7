# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Measures the viewer with fifty thousand spans and a gigabyte of prompts: ``make browser-bounds``.

The viewer is a process of its own, as ``otlpjson view`` starts it. Times are those that a person waits, from
a key or a click until the page shows what was asked for; each is the worst of several. Memory of the browser
is what the page's process has for itself (PSS), beside that of an empty page.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from .chromium import FLAGS, path_of_chromium

SPANS: Final = 50_000
PROMPT_CHARACTERS: Final = 20_000
_START_S: Final = 1_771_005_600
_HUGE: Final = 10_000_000
_NO_PROXY: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def records(count: int) -> Iterator[bytes]:
    """Records with prompts out of thirty thousand made-up words, of which some are frequent, as in a language."""
    chance = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(30_000)]
    pieces = [
        " ".join(words[int(chance.paretovariate(0.9)) % 30_000] for _ in range(600)) for _ in range(500)
    ]
    models = ("openai/gpt-4o", "anthropic/claude-sonnet-4.5", "google/gemini-2.5-flash")
    for number in range(count):
        prompt = ""
        while len(prompt) < PROMPT_CHARACTERS:
            prompt += chance.choice(pieces)
        size = _HUGE if number == count // 2 else PROMPT_CHARACTERS
        prompt = (prompt * (size // len(prompt) + 1))[:size]
        started_ns = (_START_S + number) * 10**9
        yield (
            json.dumps(
                {
                    "request": {
                        "model": chance.choice(models),
                        "user": f"user_{number % 200}",
                        "session_id": f"session_{number % 3000}",
                        "messages": [{"role": "user", "content": prompt}],
                        "trace": {"generation_name": f"request {number}", "environment": "production"},
                    },
                    "response": {
                        "id": f"gen-{number}",
                        "model": chance.choice(models),
                        "choices": [{"finish_reason": "stop", "message": {"content": f"answer {number}"}}],
                        "usage": {"prompt_tokens": 5000, "completion_tokens": 3, "cost": 0.001},
                    },
                    "started_at": started_ns,
                    "ended_at": started_ns + 10**9,
                }
            ).encode()
            + b"\n"
        )


def memory_mb(pid: int) -> float:
    """What a process has for itself, with its share of what it shares."""
    found = re.search(r"^Pss:\s+([0-9]+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1000 if found else 0.0


def browser_processes() -> dict[int, bool]:
    """The processes of Chromium, and whether each holds pages."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except OSError:
            continue
        if b"chromium" in command.partition(b"\0")[0]:
            found[int(path.parent.name)] = b"--type=renderer" in command
    return found


class Measured:
    """A browser and a viewer, and what was measured of them."""

    def __init__(self, browser: Browser, page_url: str, viewer: int) -> None:
        self.page_url = page_url
        self.viewer = viewer
        self.page: Page = browser.new_page(viewport={"width": 1200, "height": 800})
        self.page.goto("about:blank")
        self.empty_mb = self.memory_of_browser()

    def report(self, name: str, values: list[float], unit: str, bound: str) -> None:
        """Prints a row."""
        print(f"| {name} | {max(values):,.0f} {unit} | {bound} |", flush=True)

    def waited_ms(self, action: str, until: str) -> float:
        """Runs a script in the page and waits until another one is true, within the page."""
        script = f"""async () => {{
            const start = performance.now();
            {action};
            while (!({until})) await new Promise((go) => setTimeout(go, 2));
            return performance.now() - start;
        }}"""
        return float(self.page.evaluate(script))

    def load(self) -> None:
        """The first load, in several new pages, until the list and the sums are there."""
        times = []
        for _ in range(5):
            self.page.goto("about:blank")
            start = time.perf_counter()
            self.page.goto(self.page_url)
            self.page.locator("a.row").nth(5).wait_for()
            times.append((time.perf_counter() - start) * 1000)
        self.page.locator(".figures").wait_for()
        self.report("the list, from an empty page", times, "ms", "1,000 ms")

    def filter(self, count: int) -> None:
        """Other lists: a filter, and words."""
        rows = "document.querySelector('.found').textContent"
        for name, query in (
            ("the list of one model", "model=openai/gpt-4o"),
            ("the list of one user's traces", "user=user_7"),
            ("the list of a search for a rare word", f"q={count // 3}"),
            ("the list of a search for a frequent word", "q=answer"),
        ):
            times = []
            for _ in range(3):
                self.waited_ms("location.hash = '#/traces?user=nobody'", f"{rows} === 'No trace matches.'")
                times.append(
                    self.waited_ms(f"location.hash = '#/traces?{query}'", f"/^[0-9,]+ trace/.test({rows})")
                )
            self.report(name, times, "ms", "1,000 ms")
        self.waited_ms("location.hash = '#/traces'", f"/^[0-9,]+ trace/.test({rows})")

    def scroll(self) -> None:
        """Rows far away in the list."""
        times = [
            self.waited_ms(
                f"document.querySelector('main').scrollTop = {place}",
                "document.querySelectorAll('a.row').length > 5 && !document.querySelector('.waiting')",
            )
            for place in (1_000_000, 20_000, 1_700_000, 400_000)
        ]
        self.report("rows anywhere in the list, after a jump", times, "ms", "1,000 ms")

    def open(self, numbers: list[int], name: str) -> None:
        """Spans, from the choice of a trace until the conversation is there."""
        times = []
        for number in numbers:
            query = f"where=name+%3D+%22request+{number}%22"
            with _NO_PROXY.open(f"{self.page_url}api/traces?{query}") as answer:
                (trace,) = json.load(answer)["traces"]
            target = f"location.hash = '#/trace/{trace['trace_id']}'"
            shown = f"document.querySelector('h1')?.textContent === 'request {number}' && document.querySelector('article pre')"
            times.append(self.waited_ms(target, shown))
        self.report(name, times, "ms", "100 ms")

    def live(self) -> None:
        """From the POST of a body until the page shows its trace."""
        rows = "document.querySelector('.found')?.textContent"
        self.waited_ms("location.hash = '#/traces'", f"/^[0-9,]+ trace/.test({rows})")
        # The list is where it was left.
        self.page.evaluate("document.querySelector('main').scrollTop = 0")
        times = []
        for number in range(5):
            body = _body(number)
            seen = f"document.querySelector('a.row b')?.textContent === 'live {number}'"
            post = f"""fetch('v1/traces', {{ method: 'POST', headers: {{ 'Content-Type': 'application/json' }},
                body: {json.dumps(body)} }})"""
            times.append(self.waited_ms(post, seen))
        self.report("from a delivery to its row on the page", times, "ms", "500 ms")

    def memory_of_browser(self) -> tuple[float, float]:
        """That of the processes that hold pages, and that of all; MB."""
        processes = browser_processes()
        found = {pid: memory_mb(pid) for pid in processes}
        return sum(mb for pid, mb in found.items() if processes[pid]), sum(found.values())

    def memory(self) -> None:
        """After everything above."""
        pages_mb, all_mb = self.memory_of_browser()
        self.report("memory of the browser for the page", [pages_mb], "MB", "300 MB")
        self.report("the same with an empty page", [self.empty_mb[0]], "MB", "")
        self.report("memory of all processes of the browser", [all_mb], "MB", "")
        self.report("the same with an empty page", [self.empty_mb[1]], "MB", "")
        self.report("memory of the viewer", [memory_mb(self.viewer)], "MB", "")


def _body(number: int) -> str:
    span = {
        "traceId": f"{number + 1:032x}",
        "spanId": f"{number + 1:016x}",
        "name": f"live {number}",
        "startTimeUnixNano": str((_START_S + 10**6 + number) * 10**9),
        "endTimeUnixNano": str((_START_S + 10**6 + number) * 10**9 + 10**9),
    }
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]})


def main(count: int) -> int:
    """Prints a table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.jsonl"
        size = 0
        with path.open("wb") as file:
            for record in records(count):
                size += file.write(record)
        environ = {**os.environ, "XDG_CONFIG_HOME": folder, "TMPDIR": folder}
        command = (sys.executable, "-m", "otlpjson", "view", "--port", "0", str(path))
        start = time.perf_counter()
        with subprocess.Popen(
            command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as viewer:
            try:
                if viewer.stdout is None or viewer.stderr is None:
                    return 1
                page_url = viewer.stdout.readline().strip()
                for line in viewer.stderr:
                    if line.startswith("Ctrl-C"):
                        break
                loaded_s = time.perf_counter() - start
                print(f"{count:,} spans, {size / 1e6:,.0f} MB of records, read in {loaded_s:.0f} s")
                with _NO_PROXY.open(f"{page_url}api/status") as answer:
                    print(f"database: {json.load(answer)['bytes'] / 1e6:,.0f} MB\n")
                _measure(page_url, viewer.pid, count)
            finally:
                viewer.terminate()
    return 0


def _measure(page_url: str, pid: int, count: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path_of_chromium(), args=list(FLAGS))
        measured = Measured(browser, page_url, pid)
        print("| what | worst | bound |\n|---|---|---|")
        measured.load()
        measured.filter(count)
        measured.scroll()
        measured.open(
            [count * part // 100 for part in (0, 12, 34, 67, 99)],
            "a span with its conversation, prompt of 20 kB",
        )
        measured.open([count // 2], "a span with a prompt of 10 MB")
        measured.live()
        measured.memory()
        browser.close()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SPANS))
