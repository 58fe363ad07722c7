# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""README and the pages of ``docs/`` work: their blocks run and print what they show, their links lead somewhere."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from otlpjson import OtlpJsonError, uninstrument
from otlpjson.receiver.server import Receiver

from .pages import PAGES, ROOT, Block, Page, page
from .shell import Shell, steps, unlike

README: Final = page("README.md")
KINDS: Final = {
    *("python", "console", "output", "error", "json", "yaml", "text", "traceql"),
    *("bash", "zsh", "fish"),
}
RUN: Final = ("python", "console")
# Pages whose blocks another test runs, with what that needs: a terminal, another shell, or a server.
ELSEWHERE: Final = {
    "docs/grafana.md": "tests/cli/test_grafana_guide.py",
    "docs/completion.md": "tests/cli/test_completion.py",
    **{
        f"docs/recipes/{name}.md": "tests/recipes/test_recipes.py"
        for name in ("celery", "fastapi", "gunicorn", "jupyter", "lambda")
    },
}
NOT_RUN: Final = {
    "README.md": 5,
    "docs/capture.md": 1,
    "docs/collector.md": 1,
    "docs/golden-files.md": 1,
    "docs/receiving.md": 1,
    "docs/view.md": 3,
}
"""How many blocks of each page do not run; each of them says why."""
# Pages that come with the site's configuration; without it, links to them are not followed.
AWAITED: Final = (
    frozenset()
    if (ROOT / "mkdocs.yml").is_file()
    else frozenset(
        ROOT / "docs" / f"{name}.md"
        for name in (
            *("completion", "reference/broadcast", "reference/delivery", "reference/inspect"),
            *("reference/openrouter", "reference/otlpjson", "reference/receiver", "reference/testing"),
        )
    )
)
SAVED: Final = "<!-- run with: a saved destination -->"
WITH_BLOCKS: Final = [
    one for one in PAGES if one.name not in ELSEWHERE and any(block.kind in RUN for block in one.blocks)
]


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Shell]:
    """A shell in an empty home: no variable of ours is set, and nothing is saved."""
    for name in tuple(os.environ):
        if name.startswith(("OTLPJSON_", "OTEL_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in ("COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = tmp_path / "home"
    home.mkdir()
    # Some commands of the pages read files of the checkout.
    (home / "fixtures").symlink_to(ROOT / "fixtures", target_is_directory=True)
    monkeypatch.chdir(home)
    yield Shell(home, monkeypatch)
    uninstrument()


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """A receiver, saved as the destination ``default``."""
    with Receiver(credentials=("123456", "glc_pages")) as running:
        entry = {
            "kind": "grafana_cloud",
            "base_url": running.base_url,
            "instance_id": "123456",
            "api_key": "glc_pages",
        }
        path = tmp_path / "config" / "otlpjson" / "destinations.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"version": 1, "destinations": {"default": entry}}), encoding="utf-8")
        yield running


# Those whose commands start processes.
PROCESSES: Final = frozenset({"docs/backfill.md"})


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(one, marks=[pytest.mark.process, pytest.mark.slow] if one.name in PROCESSES else [])
        for one in WITH_BLOCKS
    ],
    ids=lambda one: one.name,
)
def test_every_block_runs_and_prints_what_the_page_says(
    shown: Page, shell: Shell, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the order of the page: Python in one namespace, commands in one folder."""
    if SAVED in shown.text:
        request.getfixturevalue("receiver")
    assert run(shown.blocks, shell, capsys) == []


def run(blocks: tuple[Block, ...], shell: Shell, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Runs the blocks of a page; returns what is not as the page says."""
    complaints = []
    scope: dict[str, Any] = {"__name__": "page"}
    expected = ("", "")
    for block, following in zip(blocks, (*blocks[1:], None)):
        if block.not_run:
            continue
        if block.file:
            (shell.folder / block.file).write_text(block.text, encoding="utf-8")
        elif block.kind == "python":
            found = executed(block, scope, capsys)
            is_result = following is not None and following.kind in ("output", "error")
            expected = (following.kind, following.text) if following and is_result else ("output", "")
            if found[0] != expected[0] or unlike(expected[1], found[1]):
                complaints.append(f"{block}: {found[0]}\n{found[1]}")
        elif block.kind == "console":
            for step in steps(block.text):
                found_text = unlike(step.shown, shell.run(step.command))
                complaints += [f"{block}: $ {step.command}\n{found_text}"] if found_text else []
    return complaints


def executed(block: Block, scope: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """What a block prints, or the message of the error that it ends with."""
    capsys.readouterr()
    try:
        exec(compile(block.text, str(block), "exec"), scope)
    except OtlpJsonError as error:
        return "error", f"{error}\n"
    return "output", capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```python\nprint(1)\n```\n\n```output\n2\n```\n", "docs/x.md:1: output\n1\n"),
        ("```python\nprint(1)\n```\n", "docs/x.md:1: output\n1\n"),
        (
            "```console\n$ otlpjson rule NO-1\n```\n",
            "docs/x.md:1: $ otlpjson rule NO-1\nUsage: otlpjson rule",
        ),
    ],
)
def test_a_wrong_block_is_complained_about(
    text: str, complaint: str, shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    """Otherwise the test above could not fail."""
    (found,) = run(Page(path=ROOT / "docs" / "x.md", text=text).blocks, shell, capsys)

    assert found.startswith(complaint)


def test_every_block_is_of_a_known_kind() -> None:
    """A misspelt one would not run."""
    assert {str(block): block.kind for one in PAGES for block in one.blocks if block.kind not in KINDS} == {}


def test_what_does_not_run_says_why() -> None:
    """And there is no more of it than here."""
    left_out = [block for one in PAGES if one.name not in ELSEWHERE for block in one.blocks if block.not_run]

    assert Counter(block.page for block in left_out) == NOT_RUN
    assert [str(block) for block in left_out if block.kind not in RUN] == []
    assert all((ROOT / test).is_file() for name, test in ELSEWHERE.items() if (ROOT / name).is_file())


def test_a_file_that_a_page_shows_is_used_by_it() -> None:
    """A program that nobody starts would not be tested. Its name is in the prose, too: no reader sees a marker."""
    for one in PAGES:
        if one.name.startswith("docs/recipes/"):
            continue  # started by the test of the recipes
        users = "".join(block.text for block in one.blocks if block.kind in RUN and not block.file)
        unused = [block for block in one.blocks if block.file and block.file not in users]

        assert [str(block) for block in unused] == []
        assert [block.file for block in one.blocks if block.file and f"`{block.file}`" not in one.prose] == []


def broken(one: Page) -> list[str]:
    """The links of a page that lead nowhere: to no file, or to no heading."""
    found = []
    for target in one.links:
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        goal = (one.path.parent / path).resolve()
        if (path and not (goal.exists() or goal in AWAITED)) or (
            anchor and anchor not in (page(goal.relative_to(ROOT).as_posix()) if path else one).anchors
        ):
            found.append(target)
    return found


@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.name)
def test_links_lead_somewhere(one: Page) -> None:
    """To a file of the checkout, and to a heading in it."""
    assert broken(one) == []


def test_a_broken_link_is_found() -> None:
    """Otherwise the test above could not fail."""
    text = "[a](records.md) [b](record.md) [c](#here) [d](#there) [e](records.md#the-kinds)\n\n## Here\n"

    assert broken(Page(path=ROOT / "docs" / "x.md", text=text)) == [
        "record.md",
        "#there",
        "records.md#the-kinds",
    ]


def test_every_page_is_linked_from_the_index() -> None:
    """The doors: nobody finds a page that no door leads to."""
    index = page("docs/index.md")
    targets = {(index.path.parent / link.partition("#")[0]).resolve() for link in index.links}
    pages = {one.path for one in PAGES if one.path.parent == ROOT / "docs"} - {index.path}

    assert {path.name for path in pages - targets} == set()


def test_prose_has_one_sentence_per_line() -> None:
    """So that a change of one sentence is a change of one line."""
    crowded = [
        f"{one.name}: {line}"
        for one in PAGES
        for line in one.prose.splitlines()
        if not line.startswith("|") and re.search(r"[a-z`)][.] [A-Z`]", re.sub(r"^ *\d+\. ", "", line))
    ]

    assert crowded == []
