# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``formats`` and ``convert``, and what ``encode`` and ``send`` say of a file that needs it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from otlpjson.receiver.server import Receiver

from .. import FIXTURES
from .commands import GUIDE_LINE, KEY, Commands, Ran, late

INPUTS = FIXTURES / "inputs"


def test_the_formats_are_listed(commands: Commands) -> None:
    """By the names that ``--from`` accepts."""
    ran = commands("formats")

    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.out.decode().splitlines()] == [
        *("name", "records", "openrouter-activity", "litellm", "langfuse")
    ]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("openrouter-activity.csv", "2 records of openrouter-activity\n"),
        ("litellm.json", "2 records of litellm\n"),
        ("langfuse.jsonl", "2 records of langfuse; 1 row without a request\n"),
    ],
)
def test_a_log_becomes_records_that_can_be_encoded(commands: Commands, file: str, words: str) -> None:
    """Its format is recognised; the same when it is compressed and named."""
    ran = commands("convert", INPUTS / file)
    packed = gzip.compress((INPUTS / file).read_bytes())
    name = file.split(".")[0]
    named = commands("-q", "convert", "--from", name, "--to", "records", stdin=packed)
    encoded = commands("encode", stdin=ran.out)

    assert (ran.code, ran.err) == (0, words)
    assert named == Ran(0, ran.out, "")
    assert encoded.code == 0
    assert len(encoded.out.splitlines()) == len(ran.out.splitlines()) == 2


def test_rows_that_cannot_be_converted_are_named(commands: Commands) -> None:
    """With their lines; the others are converted."""
    lines = (INPUTS / "openrouter-activity.csv").read_text().splitlines()
    bad = lines[1].replace("2026-09-05 08:00:00.123", "yesterday")
    text = "\n".join([lines[0], bad, bad, bad, bad, "1,2", lines[2]])
    ran = commands("convert", stdin=text.encode())

    assert ran.code == 1
    assert len(ran.out.splitlines()) == 1
    why = "row.created_at: expected a time such as 2026-02-13 18:00:00.123, got text of another form"
    assert ran.err == (
        "".join(f"<stdin>:{number}: {why}\n" for number in (2, 3, 4))
        + "<stdin>:6: row: expected 24 fields, got 2\n"
        + f"<stdin>: 1 more like: {why}\n"
        + "1 record of openrouter-activity; 5 rows refused, see above\n"
    )


def test_a_log_of_no_known_format_is_refused_with_those_that_are(commands: Commands) -> None:
    """An empty file too."""
    assert commands("convert", stdin=b'{"a": 1}\n') == Ran(
        1,
        b"",
        "<stdin>:1: row: expected one of the formats records, openrouter-activity, litellm, langfuse, "
        "got 1 other column\n0 records; 1 row refused, see above\n",
    )
    assert commands("convert", stdin=b"\n") == Ran(1, b"", "<stdin>: no rows found\n")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("openrouter-activity.csv", "openrouter-activity"),
        ("litellm.json", "litellm"),
        ("langfuse.jsonl", "langfuse"),
    ],
)
def test_encode_points_to_convert(commands: Commands, file: str, name: str) -> None:
    """Once for a file."""
    ran = commands("encode", INPUTS / file)

    assert ran.code == 1
    assert (
        ran.err.count(
            f"{INPUTS / file}: this looks like {name}; use --format auto, or run `otlpjson convert` first\n"
        )
        == 1
    )


@pytest.mark.parametrize("text", [b"x\n", b"[]\n", b"[1]\n", b'{"a": 1}\n', b'{"request": {}}\n'])
def test_encode_points_nowhere_for_other_files(commands: Commands, text: bytes) -> None:
    """Of which nobody knows what they are."""
    assert "otlpjson convert" not in commands("encode", stdin=text).err


def test_records_may_be_compressed(commands: Commands, tmp_path: Path) -> None:
    """For each destination again."""
    file = tmp_path / "records.jsonl.gz"
    file.write_bytes(gzip.compress(GUIDE_LINE + b"\n"))
    with Receiver(credentials=("123456", KEY)) as receiver:
        commands.configure(receiver.base_url)
        sent = commands("send", file)
    plain = commands("encode", stdin=GUIDE_LINE + b"\n")

    assert sent == Ran(0, b"", "2 spans recorded: 2 delivered\n" + late(2))
    assert commands("encode", file) == plain
    assert json.loads(plain.out)["resourceSpans"]
