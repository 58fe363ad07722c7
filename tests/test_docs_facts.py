# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What README and ``docs/`` say about the code is what the code says: tables, names, signatures, places."""

from __future__ import annotations

import inspect
import json
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

import pytest

from otlpjson.cli import main
from otlpjson.delivery import Sender
from otlpjson.delivery.conclusion import conclude
from otlpjson.delivery.exchange import Answer
from otlpjson.openrouter.spans.table import GENERATION_ROWS, PARENT_ROWS

from .pages import PAGES, ROOT, page
from .shell import Shell
from .test_layers import MAY_IMPORT
from .test_layers import ROOT as PACKAGE

README: Final = page("README.md")
ARCHITECTURE: Final = page("docs/architecture.md")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("| `gen_ai.usage.total_cost` |", "docs/attributes.md"),
        ("`pytest --update-golden`", "docs/golden-files.md"),
        ("$ otlpjson vendor ", "docs/vendoring.md"),
        ("| 429, 502, 503, 504, or no answer |", "docs/delivery.md"),
    ],
)
def test_five_things_are_one_click_from_the_readme(words: str, name: str) -> None:
    """The attribute table, golden files, vendoring, an answer of 429; the signature of Sender is below."""
    assert name in README.links
    assert words in page(name).text


def test_the_signature_of_sender_is_two_clicks_from_the_readme() -> None:
    """Its arguments are on the page of delivery, the rest in the reference that this page links to."""
    arguments = [
        argument.replace(annotation=inspect.Parameter.empty)
        for argument in inspect.signature(Sender).parameters.values()
    ]

    assert f"\nSender{inspect.Signature(arguments)}\n" in page("docs/delivery.md").text
    assert "docs/delivery.md" in README.links
    assert "reference/delivery.md" in page("docs/delivery.md").links


def test_the_readme_is_one_page() -> None:
    """About 150 lines; one screen of them is what it is and how it looks."""
    assert len(README.text.splitlines()) < 170


def test_the_first_program_has_fifteen_lines() -> None:
    """It needs nothing but what it shows."""
    (program,) = [block for block in README.blocks if block.file]

    assert len([line for line in program.text.splitlines() if line.strip()]) <= 15
    assert "environ" not in program.text


def test_the_attribute_table_is_the_codes() -> None:
    """Every row, in wire order."""
    section = page("docs/attributes.md").text
    table = section.split("## The generation's span")[1].split("## ")[0]
    listed = re.findall(r"^\| `([\w.*]+)`(?: \*)? \|", table, flags=re.MULTILINE)
    starred = re.findall(r"^\| `([\w.*]+)` \* \|", table, flags=re.MULTILINE)

    assert starred == [row.key for row in GENERATION_ROWS if not row.on_failure]
    assert listed == [row.key + "*" * row.key.endswith(".") for row in GENERATION_ROWS]
    other = section.split("## The other spans")[1]
    assert [f"`{row.key}`" in other for row in PARENT_ROWS] == [True] * 4


def test_the_whole_body_is_what_the_record_becomes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every member and attribute, in order."""
    record, body = [block for block in page("docs/attributes.md").blocks if block.kind == "json"]
    (tmp_path / "record.json").write_text(record.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    printed = Shell(tmp_path, monkeypatch).run("otlpjson encode record.json")

    assert json.loads(body.text, object_pairs_hook=list) == json.loads(printed, object_pairs_hook=list)


def test_the_table_of_commands_is_the_programs_own(capsys: pytest.CaptureFixture[str]) -> None:
    """No command is missing, none is made up."""
    listed = re.findall(r"^\| `otlpjson ([\w-]+)", page("docs/commands.md").text, flags=re.MULTILINE)

    assert main(["--help"]) == 0
    commands = capsys.readouterr().out.split("Commands:\n")[1]
    assert sorted(listed) == sorted(re.findall(r"^  ([\w-]+)", commands, flags=re.MULTILINE))


def test_the_options_of_the_commands_are_the_programs_own(capsys: pytest.CaptureFixture[str]) -> None:
    """Each section lists every option of its command but ``--help``."""
    text = page("docs/commands.md").text
    names = re.findall(r"^\| `otlpjson ([\w-]+)", text, flags=re.MULTILINE)
    # The option of the demo comes with the site's configuration.
    for name in names if (ROOT / "mkdocs.yml").is_file() else set(names) - {"demo"}:
        assert main([name, "--help"]) == 0
        options = set(re.findall(r"^  (?:-\w, )?(--[\w-]+)", capsys.readouterr().out, flags=re.MULTILINE))
        section = re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", text, flags=re.MULTILINE | re.DOTALL)
        listed = set(re.findall(r"^\| `(?:-\w`, `)?(--[\w-]+)", section[1] if section else "", re.MULTILINE))

        assert (name, listed) == (name, options - {"--help"})


def test_the_options_of_spool_are_the_programs_own(capsys: pytest.CaptureFixture[str]) -> None:
    """Each of its commands has a section, with every option but ``--help``."""
    text = page("docs/commands.md").text
    assert main(["spool", "--help"]) == 0
    names = re.findall(r"^  (\w+)", capsys.readouterr().out.split("Commands:\n")[1], flags=re.MULTILINE)

    assert len(names) == 7
    for name in names:
        assert main(["spool", name, "--help"]) == 0
        options = set(re.findall(r"^  (--[\w-]+)", capsys.readouterr().out, flags=re.MULTILINE))
        section = re.search(rf"^### spool {name}\b.*?\n(.*?)(?=^##|\Z)", text, flags=re.MULTILINE | re.DOTALL)
        assert section is not None, name
        listed = set(re.findall(r"^\| `(--[\w-]+)", section[1], re.MULTILINE))

        assert (name, listed) == (name, options - {"--help"})


def test_the_table_of_answers_is_the_codes() -> None:
    """Each status that delivery's page names means what its row says."""
    rows = re.findall(r"^\| ([^|]+) \| `(\w+)` \|", page("docs/delivery.md").text, flags=re.MULTILINE)
    now = datetime.now(timezone.utc)
    named = [(int(status), kind) for answer, kind in rows for status in re.findall(r"\b[1-5]\d\d\b", answer)]
    plain = [(status, kind) for status, kind in named if kind != "TOO_LARGE" or status == 413]

    assert len(plain) > 12
    assert {
        (status, kind) for status, kind in plain if conclude(Answer(status=status), now=now).kind.name != kind
    } == set()


def test_the_table_of_folders_is_the_rule_of_imports() -> None:
    """That of the test of layers."""
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", ARCHITECTURE.text, flags=re.MULTILINE)

    assert {folder: set(re.findall(r"`(\w+)`", imports)) for folder, imports in rows} == MAY_IMPORT


def test_the_functions_on_the_way_of_a_record_are_where_the_page_says() -> None:
    """A function that moves takes the page with it."""
    rows = re.findall(r"^\| *\w* *\| `(\w+)` \| `([\w/]+\.py)` \|", ARCHITECTURE.text, flags=re.MULTILINE)
    sources = {file: (PACKAGE / file).read_text(encoding="utf-8") for _, file in rows}

    assert len(rows) > 25
    assert [
        row for row in rows if not re.search(rf"^ *(?:def|class) {row[0]}\b", sources[row[1]], re.M)
    ] == []


def test_the_golden_test_is_one_of_the_sample_project() -> None:
    """``make sample`` runs it there, and compares what it fails with."""
    blocks = page("docs/golden-files.md").blocks
    (shown,) = [block.text for block in blocks if block.not_run and block.kind == "python"]
    (failure,) = [block.text for block in blocks if block.kind == "text"]

    assert shown in (ROOT / "tests" / "sample_project" / "tests" / "test_shop.py").read_text(encoding="utf-8")
    assert failure.startswith(
        "tests/golden/test_shop/test_a_payment_is_one_span.json: the body of this test differs\n"
    )


def test_the_commands_of_make_are_targets_of_the_makefile() -> None:
    """A newcomer types the README's two first."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {
        target for one in PAGES for target in re.findall(r"(?:^\$ |`)make ([\w-]+)", one.text, re.MULTILINE)
    }

    assert {"demo", "test"} <= set(re.findall(r"^\$ make ([\w-]+)", README.text, flags=re.MULTILINE))
    assert {target for target in named if not re.search(rf"^{target}:.*## ", makefile, re.MULTILINE)} == set()
