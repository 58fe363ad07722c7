# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``docs/grafana.md`` is true: its commands exist and say what it shows, its recipes are what they are called."""

from __future__ import annotations

import re
import shlex
from typing import Final

import pytest

from otlpjson.delivery import grafana_cloud
from otlpjson.receiver.server import Receiver

from .. import queries
from ..query_words import is_metrics
from .commands import KEY, MODULE, Commands, Terminal

GUIDE: Final = queries.GUIDE.read_text(encoding="utf-8")
ATTRIBUTES: Final = (queries.ROOT / "docs" / "attributes.md").read_text(encoding="utf-8")
CONSOLE: Final = "".join(queries.blocks(GUIDE, "console"))
# A command with the lines that it goes on over, and what it says.
STEPS: Final = [
    (shlex.split(command.replace("\\\n", " ")), said)
    for command, said in re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", CONSOLE, re.MULTILINE)
]
OURS: Final = [(words[1:], said) for words, said in STEPS if words[0] == "otlpjson"]
INLINE: Final = [shlex.split(words) for words in re.findall(r"`otlpjson ([^`]+)`", GUIDE)]
RECIPES: Final = re.findall(r"^(\w+): .+\n\n```traceql\n(.+)\n```$", GUIDE, re.MULTILINE)
CHANGING: Final = {
    r"(net\):) https?://\S+": r"\1 …",
    r"https?://[\w.-]+(?::\d+)?/otlp": "…/otlp",
    r"trace [0-9a-f]{32}": "trace …",
    r"from [0-9-]{10} [0-9:.]{12} UTC": "from … UTC",
    r'"[0-9a-f-]{36}"': '"…"',
    r"Saved as default in .*": "Saved as default in …",
}


def settled(text: str) -> str:
    """A text without what is another in each run."""
    for pattern, same in CHANGING.items():
        text = re.sub(pattern, same, text)
    return text


@pytest.mark.parametrize("words", [*(words for words, _ in OURS), *INLINE], ids=" ".join)
def test_a_command_of_the_guide_exists_with_its_options(commands: Commands, words: list[str]) -> None:
    """In its console blocks and in its sentences; an unknown option is refused before help is given."""
    ran = commands(*words, "--help")

    assert (ran.code, ran.err) == (0, "")


def test_an_unknown_command_or_option_is_refused(commands: Commands) -> None:
    """Else the test above could not fail."""
    assert commands("send-traces", "--help").code == 2
    assert commands("send-trace", "--fast", "--help").code == 2


@pytest.mark.process
@pytest.mark.slow
def test_configure_asks_and_answers_as_the_guide_shows() -> None:
    """At a terminal, from the first question to the last line."""
    (said,) = (said for words, said in OURS if words == ["configure"])
    with Receiver() as receiver, Terminal(*MODULE, "configure") as terminal:
        terminal.type(b"gateway-prod-us-west-0.grafana.net):", f"{receiver.base_url}\n".encode())
        terminal.type(b"Instance ID (digits):", b"123456\n")
        terminal.type(b"not shown):", f"{KEY}\n".encode())
        code = terminal.ended()
        shown = terminal.shown.decode().replace("\r\n", "\n")

    assert code == 0
    assert [line.rstrip() for line in settled(shown).splitlines()] == settled(said).splitlines()


def test_commands_say_what_the_guide_shows(commands: Commands) -> None:
    """In the guide's order, against a receiver; without what differs from run to run."""
    asked = [(words, said) for words, said in OURS if words != ["configure"]]
    with Receiver() as receiver:
        commands.configure(receiver.base_url)
        ran = [commands(*words) for words, _ in asked]
        received = len(receiver.lines)

    assert [(one.code, settled(one.out.decode()), one.err) for one in ran] == [
        (0, settled(said), "") for _, said in asked
    ]
    assert received == len(asked) == 3


def test_the_local_tempo_listens_where_we_send_to() -> None:
    """Address and path of its receiver, and the base URL that the guide exports."""
    tempo, source = queries.blocks(GUIDE, "yaml")
    (exported,) = (words[1:] for words, _ in STEPS if words[0] == "export")
    values = dict(word.split("=", 1) for word in exported)
    destination = grafana_cloud(
        *(values[f"OTLPJSON_{name}"] for name in ("BASE_URL", "INSTANCE_ID", "API_KEY"))
    )
    (endpoint,) = re.findall(r"endpoint: 0\.0\.0\.0:(\d+)", tempo)
    (path,) = re.findall(r"traces_url_path: (\S+)", tempo)
    (port,) = re.findall(r"http_listen_port: (\d+)", tempo)

    assert destination.url == f"http://127.0.0.1:{endpoint}{path}"
    assert f"url: http://tempo:{port}\n" in source
    assert f"127.0.0.1:{port}:{port} --publish 127.0.0.1:{endpoint}:{endpoint}" in CONSOLE


def test_every_recipe_says_what_it_finds_and_where_it_runs() -> None:
    """A sentence before each block, which begins with its kind; one query a block."""
    assert [kind for kind, _ in RECIPES] == [
        "Metrics" if is_metrics(query) else "Search" for _, query in RECIPES
    ]
    assert [f"{query}\n" for _, query in RECIPES] == queries.blocks(GUIDE, "traceql")
    assert len({query for _, query in RECIPES}) == len(RECIPES) > 30


def test_the_queries_beside_the_attribute_table_are_recipes() -> None:
    """Nothing is said of a query in one place alone."""
    (block,) = queries.blocks(ATTRIBUTES, "traceql")

    assert set(block.splitlines()) - {query for _, query in RECIPES} == set()


def test_links_within_the_guide_lead_somewhere() -> None:
    """To a heading, or to a file beside it."""
    headings = {
        f"#{title.lower().replace(' ', '-')}" for title in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    }
    targets = set(re.findall(r"\]\(([^)]+)\)", GUIDE))

    assert {target for target in targets if target.startswith("#")} - headings == set()
    files = {target.partition("#")[0] for target in targets if not target.startswith("#")}
    assert all((queries.GUIDE.parent / file).is_file() for file in files)
    assert len(targets) > 3
