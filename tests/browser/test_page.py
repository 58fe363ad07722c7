# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The page in a real browser, as a person uses it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from otlpjson.cli.view_demo import demo_records
from otlpjson.core.encoder import encode
from otlpjson.core.model import TracesData
from otlpjson.openrouter import read_record, resource_spans

from ..view.spans import FAILED, START_NS, body, fixture, generation, span, trace_id
from .conftest import Site

GUIDE = "addc2f052d437fec14c79a7193ea8135"


def add_demo(site: Site) -> None:
    """The examples of ``view --demo``."""
    for record in demo_records():
        site.viewer.add(TracesData(resource_spans=resource_spans(read_record(record))))


def listed(page: Page) -> list[str]:
    """The names of the traces in the list, from top to bottom."""
    rows = page.locator("a.row").all()
    tops = [(row.evaluate("one => one.offsetTop"), row.locator("b").inner_text()) for row in rows]
    return [name for _, name in sorted(tops)]


def shows(page: Page, count: int, noun: str = "trace") -> None:
    """Waits until so many are found."""
    expect(page.locator(".found")).to_have_text(f"{count} {noun}{'' if count == 1 else 's'}")


def test_the_first_load_shows_traces_and_sums(site: Site) -> None:
    """With model, tokens, cost, time to the first token, and the words of an error."""
    add_demo(site)
    page = site.open()
    shows(page, 4)

    assert listed(page) == ["Nightly Report", "Weather Words", "Support Agent", "Metric Analysis Pipeline"]
    agent = page.locator("a.row", has_text="Support Agent")
    for text in ("claude-sonnet-4.5", "user_12345", "3.120 s", "480.0 ms", "739 → 100", "$0.003717"):
        expect(agent).to_contain_text(text)
    expect(page.locator("a.row", has_text="Nightly Report")).to_contain_text("Rate limit exceeded")
    expect(page.locator(".figures")).to_have_text("traces4failed2cost$0.004266tokens in791tokens out152")
    expect(page.locator("figure")).to_have_count(3)


def test_without_traces_it_says_what_to_do(site: Site) -> None:
    """A condition without a match is another sentence."""
    page = site.open()
    expect(page.locator(".found")).to_have_text("No traces yet. Record a request, and it appears here.")
    page.goto(f"{site.viewer.page_url}#/traces?model=none")
    expect(page.locator(".found")).to_have_text("No trace matches.")
    page.goto(f"{site.viewer.page_url}#/sessions")
    expect(page.locator(".found")).to_have_text("No session yet: requests have none.")


def test_the_guides_example_has_its_conversation(site: Site) -> None:
    """Below its span in the waterfall; request and answer, and nothing else."""
    site.viewer.add(fixture("guide"))
    page = site.open()
    page.locator("a.row").click()

    expect(page.locator(".span .fold")).to_have_text(["Metric Analysis Pipeline", "Anomaly Detection"])
    expect(page.locator("article")).to_have_count(2)
    expect(page.locator("article pre").nth(0)).to_have_text("Analyze this metric...")
    expect(page.locator("article pre").nth(1)).to_contain_text("one spike at 14:05")
    expect(page.locator("article .role")).to_have_text(["user", "assistant"])


def test_waterfall_and_conversation_share_a_time_axis(site: Site) -> None:
    """The answer's mark begins where the first token came, and ends where its span ends."""
    add_demo(site)
    page = site.open()
    page.locator("a.row", has_text="Support Agent").click()
    expect(page.locator("article").first).to_be_visible()
    bar = page.locator(".span", has_text="Choose a tool").locator(".bar").bounding_box()
    first = page.locator(".span", has_text="Choose a tool").locator(".first").bounding_box()
    answer = page.locator("article.answer").first.locator(".track i").bounding_box()
    question = page.locator("article").first.locator(".track i").bounding_box()
    second = page.locator(".span", has_text="Answer the customer").locator(".bar").bounding_box()
    assert bar and first and answer and question and second

    assert question["x"] == pytest.approx(bar["x"], abs=1)
    assert answer["x"] == pytest.approx(first["x"], abs=1)
    assert answer["x"] + answer["width"] == pytest.approx(bar["x"] + bar["width"], abs=1)
    assert second["x"] > bar["x"] + bar["width"]


def test_tools_reasoning_and_earlier_messages(site: Site) -> None:
    """Arguments as a tree, reasoning folded, what was said before folded too."""
    add_demo(site)
    page = site.open()
    page.locator("a.row", has_text="Support Agent").click()
    call = page.locator("article.answer").first
    expect(call.locator(".call > .key")).to_have_text("⚙ order_status")
    expect(call.locator(".tree .leaf")).to_have_text(["order: A-1009", "with_carrier: true"])
    reasoning = call.locator("details.reasoning")
    expect(reasoning.locator("pre")).to_be_hidden()
    reasoning.locator("summary").click()
    expect(reasoning.locator("pre")).to_have_text(re.compile("^The customer asks"))

    expect(page.locator("article")).to_have_count(6)
    page.locator("button", has_text="2 earlier messages").click()
    expect(page.locator("article")).to_have_count(8)
    expect(page.locator("article[data-role=tool] .leaf").first).to_have_text("order: A-1009")


def test_attempts_and_errors_have_the_servers_words(site: Site) -> None:
    """On the row of the span, in the head, and in its event."""
    site.viewer.add(fixture("everything"))
    site.viewer.add(fixture("provider_error"))
    page = site.open()
    page.locator("a.row", has=page.get_by_text("Everything", exact=True)).click()
    expect(page.locator(".span.failed")).to_contain_text("provider attempt")
    page.keyboard.press("Escape")
    page.locator("a.row", has_text="Guarded Answer").click()
    expect(page.locator(".trace-head .bad").last).to_contain_text("Input was flagged")
    page.locator(".span button", has_text="details").click()
    expect(page.locator(".details .attribute", has_text="exception.message")).to_contain_text(
        "Input was flagged"
    )


def test_traces_arrive_while_one_looks(site: Site) -> None:
    """In the list and in a trace; not while live is off."""
    page = site.open()
    expect(page.locator(".found")).to_contain_text("No traces yet")
    site.viewer.add(body(span(1, 1)))
    shows(page, 1)
    page.keyboard.press("l")
    expect(page.locator("#live")).to_have_attribute("aria-pressed", "false")
    site.viewer.add(body(span(2, 1)))
    page.wait_for_timeout(500)
    shows(page, 1)
    page.keyboard.press("l")
    shows(page, 2)
    page.goto(f"{site.viewer.page_url}#/trace/{trace_id(1)}")
    expect(page.locator(".span")).to_have_count(1)
    site.viewer.add(body(span(1, 2, 1)))
    expect(page.locator(".span")).to_have_count(2)


def test_who_reads_further_down_stays_there(site: Site) -> None:
    """New traces come in above."""
    for number in range(200):
        site.viewer.add(body(span(number + 1, name=f"old {number}", start_ns=START_NS + number, end_ns=0)))
    page = site.open()
    shows(page, 200)
    page.evaluate("document.querySelector('main').scrollTop = 3000")
    expect(page.locator("a.row", has_text="old 110")).to_be_visible()
    before = top_of(page, "old 110")
    site.viewer.add(body(span(900, name="new", start_ns=START_NS + 10**9, end_ns=0)))
    shows(page, 201)

    assert top_of(page, "old 110") == pytest.approx(before, abs=1)


def top_of(page: Page, name: str) -> float:
    """Where a row is; asked for in one step, because rows are drawn anew as traces arrive."""
    script = "name => [...document.querySelectorAll('a.row')].find((row) => row.querySelector('b').textContent === name).getBoundingClientRect().top"
    return float(page.evaluate(script, name))


def test_back_in_the_list_one_is_where_one_was(site: Site) -> None:
    """With the row that was chosen."""
    for number in range(300):
        site.viewer.add(body(span(number + 1, name=f"old {number}", start_ns=START_NS + number, end_ns=0)))
    page = site.open()
    shows(page, 300)
    for _ in range(15):
        page.keyboard.press("J")
    chosen = page.locator("a.row.chosen b").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(chosen)
    expect(page).to_have_title(f"{chosen} · otlpjson")
    page.keyboard.press("Escape")
    expect(page.locator("a.row.chosen b")).to_have_text(chosen)
    expect(page.locator("a.row.chosen")).to_be_in_viewport()
    expect(page).to_have_title("otlpjson")


def fill(page: Page, name: str, value: str) -> None:
    """Fills a filter and leaves it."""
    field = page.locator(f"#filters [name={name}]")
    if name in ("status", "order"):
        field.select_option(value)
    else:
        field.fill(value)
        field.press("Tab")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("model", "openai/gpt-4o", ["Nightly Report", "Metric Analysis Pipeline"]),
        ("user", "user_7", ["Nightly Report", "Weather Words"]),
        ("session", "session_abc", ["Support Agent", "Metric Analysis Pipeline"]),
        ("provider", "Novita", ["Weather Words"]),
        ("status", "error", ["Nightly Report", "Weather Words"]),
        ("cost_min", "0.001", ["Support Agent"]),
        ("cost_max", "0.001", ["Weather Words", "Metric Analysis Pipeline"]),
        ("duration_min", "3s", ["Support Agent"]),
        ("duration_max", "200ms", ["Nightly Report"]),
        ("metadata", "environment=staging", ["Nightly Report", "Weather Words"]),
        ("metadata", "alert_id", ["Metric Analysis Pipeline"]),
        ("where", "errors > 0 and name ~ weather", ["Weather Words"]),
        (
            "order",
            "costliest",
            ["Support Agent", "Metric Analysis Pipeline", "Weather Words", "Nightly Report"],
        ),
    ],
)
def test_filters(site: Site, name: str, value: str, expected: list[str]) -> None:
    """Each of them; the address keeps it, so that a link and a new load show the same."""
    add_demo(site)
    page = site.open()
    page.locator("#show-filters").click()
    fill(page, name, value)
    shows(page, len(expected))
    assert listed(page) == expected
    page.reload()
    shows(page, len(expected))
    assert listed(page) == expected
    expect(page.locator("#show-filters")).to_have_text("Filters (1)")
    page.locator("#show-filters").click()
    page.locator("#filters button", has_text="Clear").click()
    shows(page, 4)


def test_a_condition_that_means_nothing_is_explained(site: Site) -> None:
    """With the words of the API; the browser tells of the answer 400 by itself."""
    page = site.open("#/traces?where=cost+%3E+cheap")
    expect(page.locator(".found")).to_have_text("cost: expected a number")
    assert {re.sub(r" at .*", "", words) for words in site.wrong} == {
        "error: Failed to load resource: the server responded with a status of 400 (Bad Request)"
    }
    site.wrong.clear()


def test_charts_are_filters(site: Site) -> None:
    """A model, a user, and a time."""
    add_demo(site)
    page = site.open()
    page.locator(".bar", has_text="llama").click()
    shows(page, 1)
    page.go_back()
    shows(page, 4)
    page.locator(".bar", has_text="user_12345").click()
    shows(page, 2)
    page.go_back()
    shows(page, 4)
    page.locator("g.column").first.click()
    shows(page, 1)
    assert listed(page) == ["Metric Analysis Pipeline"]
    page.locator("#show-filters").click()
    for _ in range(2):
        page.locator("#filters .chip").first.click()
    shows(page, 4)


def test_search_looks_through_all_texts(site: Site) -> None:
    """Prompts, answers, arguments, errors; words, beginnings of words, phrases, and Japanese."""
    add_demo(site)
    site.viewer.add(fixture("chat_streamed_tools"))
    page = site.open()
    shows(page, 5)
    for words, expected in (
        ("spike latency", 1),
        ("driz", 1),
        ('"in transit"', 1),
        ('"transit in"', 0),
        ("A-1009", 1),
        ("rate limit", 1),
        ("京", 1),
        ("", 5),
    ):
        page.keyboard.press("/")
        expect(page.locator("#words")).to_be_focused()
        page.locator("#words").fill(words)
        if expected:
            shows(page, expected)
        else:
            expect(page.locator(".found")).to_have_text("No trace matches.")
        page.keyboard.press("Escape")


def test_sessions_are_listed_and_lead_to_their_traces(site: Site) -> None:
    """With their sums."""
    add_demo(site)
    page = site.open()
    page.locator("#to-sessions").click()
    shows(page, 1, "session")
    expect(page.locator("a.row")).to_contain_text("2 traces")
    page.locator("a.row").click()
    shows(page, 2)
    assert listed(page) == ["Support Agent", "Metric Analysis Pipeline"]


def test_links_lead_to_a_trace_and_to_a_span(site: Site) -> None:
    """Copied from the page; a trace that is not there is said."""
    add_demo(site)
    page = site.open(permissions=["clipboard-read", "clipboard-write"])
    page.locator("a.row", has_text="Support Agent").click()
    page.locator(".span", has_text="Answer the customer").locator("button", has_text="copy").click()
    expect(page.locator("#said")).to_have_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    again = site.open()
    again.goto(link)
    again.reload()
    expect(again.locator(".span.chosen .fold")).to_have_text("Answer the customer")
    expect(again.locator("article.answer")).to_have_count(1)
    again.goto(f"{site.viewer.page_url}#/trace/{'0' * 32}")
    expect(again.locator(".trace-head")).to_have_text("This trace is not here (any more).")
    assert len(site.wrong) == 1 and "404" in site.wrong[0]
    site.wrong.clear()


def test_texts_are_copied_whole(site: Site) -> None:
    """Also one that is shown in part."""
    text = "word " * 100_000 + "end"
    site.viewer.add(generation(1, content=text))
    page = site.open(permissions=["clipboard-read", "clipboard-write"])
    page.locator("a.row").click()
    answer = page.locator("article.answer .text")
    answer.hover()
    answer.locator("button", has_text="copy").click()
    expect(page.locator("#said")).to_have_text("Copied")

    assert page.evaluate("navigator.clipboard.readText()") == text


def test_a_trace_is_downloaded_as_otlp_json(site: Site, tmp_path: Path) -> None:
    """Byte for byte as it would be sent, under a name of its own; a span too."""
    site.viewer.add(fixture("guide"))
    page = site.open()
    page.locator("a.row").click()
    expect(page.locator("#download")).to_be_visible()
    with page.expect_download() as whole:
        page.keyboard.press("s")
    whole.value.save_as(tmp_path / "trace.json")
    page.locator(".span button", has_text="details").last.click()
    with page.expect_download() as alone:
        page.locator("a", has_text="download span").click()
    alone.value.save_as(tmp_path / "span.json")

    assert whole.value.suggested_filename == f"trace-{GUIDE}.json"
    assert (tmp_path / "trace.json").read_bytes() == encode(fixture("guide"))
    assert json.loads((tmp_path / "span.json").read_bytes())["resourceSpans"]


def test_details_have_attributes_events_and_raw_json(site: Site) -> None:
    """Opened one by one."""
    site.viewer.add(fixture("guide"))
    page = site.open()
    page.locator("a.row").click()
    page.locator(".span button", has_text="details").last.click()
    details = page.locator(".details")
    expect(details.locator(".facts")).to_contain_text("gen-1771005600-Hh3kQ9vXw2LmT7pRz5Yc")
    details.locator("summary", has_text="attributes").click()
    expect(details.locator(".attribute", has_text="gen_ai.usage.total_cost")).to_contain_text("0.00051")
    details.locator("summary", has_text="request parameters").click()
    expect(details.locator(".leaf", has_text="_skin")).to_have_text("_skin: chat-completions")
    details.locator("summary", has_text="raw JSON").click()
    expect(details.locator(".leaf", has_text=GUIDE)).to_be_visible()


def test_the_keyboard_alone_suffices(site: Site) -> None:
    """From the list to a conversation and back."""
    add_demo(site)
    page = site.open()
    shows(page, 4)
    for key in ("j", "ArrowDown", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator("a.row.chosen b")).to_have_text("Weather Words")
    page.keyboard.press("J")
    expect(page.locator("a.row.chosen b")).to_have_text("Metric Analysis Pipeline")
    page.keyboard.press("K")
    expect(page.locator("a.row.chosen b")).to_have_text("Nightly Report")
    for key in ("j", "j", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("h1")).to_have_text("Support Agent")
    expect(page.locator("article")).to_have_count(6)
    page.keyboard.press("e")
    expect(page.locator("article")).to_have_count(0)
    for key in ("j", "j", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".span.chosen .fold")).to_have_text("Choose a tool")
    expect(page.locator("article")).to_have_count(3)
    page.keyboard.press("d")
    expect(page.locator(".details")).to_have_count(1)
    page.keyboard.press("o")
    expect(page.locator("article")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("dark or light")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("Escape")
    shows(page, 4)
    page.keyboard.press("f")
    expect(page.locator("#filters")).to_be_visible()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_dark_and_light(site: Site, scheme: str) -> None:
    """As the browser likes it, until somebody chooses; readable in both."""
    add_demo(site)
    page = site.open(color_scheme=scheme)
    shows(page, 4)

    def brightness(what: str) -> float:
        colour = page.evaluate(f"getComputedStyle(document.body).{what}")
        return sum(map(float, re.findall("[0-9.]+", colour)[:3])) / 3

    def is_dark() -> bool:
        assert abs(brightness("backgroundColor") - brightness("color")) > 150
        return brightness("backgroundColor") < 100

    assert is_dark() == (scheme == "dark")
    page.keyboard.press("t")
    assert is_dark() == (scheme == "light")
    page.reload()
    shows(page, 4)
    assert is_dark() == (scheme == "light")


def overflow(page: Page) -> list[Any]:
    """What reaches beyond the screen, and cannot be seen."""
    found: list[Any] = page.evaluate(
        """() => [...document.querySelectorAll("body, main, #top *, #filters *, main .rows > *, .trace-head *, .parts, .details")]
            .filter((one) => one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1)
            .map((one) => `${one.tagName}.${one.className}`)"""
    )
    return found


def test_a_narrow_screen_shows_everything(site: Site) -> None:
    """At 360 pixels: lists, filters, a trace, a conversation and details, without scrolling sideways."""
    add_demo(site)
    long = "unbroken" * 40
    site.viewer.add(body(span(1, 1, name=long, status=FAILED, attributes={long: long})))
    page = site.open(width=360, height=640)
    shows(page, 5)
    assert overflow(page) == []
    expect(page.locator("a.row", has_text="Support Agent")).to_contain_text("3.120 s")
    page.locator("#show-filters").click()
    assert overflow(page) == []
    page.locator("#show-filters").click()
    page.locator("a.row", has_text="Support Agent").click()
    expect(page.locator("article").first).to_be_visible()
    assert overflow(page) == []
    page.locator(".span button", has_text="details").first.click()
    expect(page.locator(".details")).to_be_visible()
    page.locator(".details summary", has_text="attributes").click()
    assert overflow(page) == []
    page.goto(f"{site.viewer.page_url}#/trace/{trace_id(1)}")
    page.locator(".span button", has_text="details").first.click()
    page.locator(".details summary", has_text="attribute").click()
    assert overflow(page) == []
    page.goto(f"{site.viewer.page_url}#/sessions")
    shows(page, 1, "session")
    assert overflow(page) == []


def test_a_prompt_of_megabytes_is_shown_piece_by_piece(site: Site) -> None:
    """Its beginning at once, all of it if that is wanted."""
    text = "".join(f"line {number} of a long prompt\n" for number in range(200_000))
    site.viewer.add(generation(1, request={"messages": [{"role": "user", "content": text}]}))
    page = site.open()
    page.locator("a.row").click()
    message = page.locator("article").first
    expect(message.locator("pre")).to_have_count(1)
    assert len(message.locator("pre").inner_text()) <= 20_000
    message.locator("button", has_text="show all").click()
    expect(message.locator("pre").nth(19)).to_be_attached()
    while (more := message.locator("button", has_text="more")).count():
        more.first.click()

    assert (
        message.evaluate("one => [...one.querySelectorAll('pre')].map((pre) => pre.textContent).join('')")
        == text
    )


def test_an_odd_trace_is_drawn(site: Site) -> None:
    """No start, no end, a missing parent, the same id twice, no name, and a cycle of parents."""
    site.viewer.add(
        body(
            span(1, 1, name="", end_ns=0),
            span(1, 2, 1, start_ns=0),
            span(1, 3, 8),
            span(1, 1, name="again"),
            span(1, 5, 6),
            span(1, 6, 5),
        )
    )
    page = site.open(f"#/trace/{trace_id(1)}")
    expect(page.locator(".span")).to_have_count(6)
    expect(page.locator(".span .odd")).to_have_count(3)
    expect(page.locator(".span .at", has_text="not ended")).to_have_count(1)
    expect(page.locator(".span .at", has_text="unknown")).to_have_count(1)


def test_a_viewer_that_ends_is_seen(site: Site) -> None:
    """The page says so, and goes on when it can."""
    site.viewer.add(fixture("guide"))
    page = site.open()
    shows(page, 1)
    site.viewer._feed.close()
    expect(page.locator("#live")).to_have_class("off")
    assert all("Failed to load" in words or "EventSource" in words for words in site.wrong)
    site.wrong.clear()
