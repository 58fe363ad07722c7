# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The file that says what is settled: read again as it was written, refused for anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from otlpjson.backfill.checkpoint import Checkpoint, Mark, identity_of_file
from otlpjson.backfill.position import Position
from otlpjson.core.errors import ConfigError

INPUTS = [("a.jsonl", "1"), ("b.jsonl", "2")]


def test_marks_are_read_again(tmp_path: Path) -> None:
    """For each destination; only the owner can read the file."""
    path = tmp_path / "state"
    first = Checkpoint(path, INPUTS)
    mark = first.mark("grafana", "s")
    assert mark == Mark(settings="s")
    assert not path.exists()
    mark.settled, mark.sending = Position(1, 7, 3), Position(1, 9)
    mark.sending_spans, mark.delivered, mark.rejected, mark.quarantined = 4, 10, 1, 2
    first.save()
    again = Checkpoint(path, INPUTS)

    assert again.mark("grafana", "s") == mark
    assert again.mark("other", "s") == Mark(settings="s")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["state"]


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ([("a.jsonl", "1"), ("b.jsonl", "3")], "b.jsonl has changed since"),
        ([("a.jsonl", "1")], "it is of other inputs: a.jsonl, b.jsonl"),
        ([("b.jsonl", "2"), ("a.jsonl", "1")], "it is of other inputs: a.jsonl, b.jsonl"),
    ],
)
def test_other_inputs_are_refused(tmp_path: Path, inputs: list[tuple[str, str]], words: str) -> None:
    """With what to do."""
    path = tmp_path / "state"
    Checkpoint(path, INPUTS).save()
    with pytest.raises(ConfigError) as caught:
        Checkpoint(path, inputs)

    assert str(caught.value) == f"{path}: {words}; remove the checkpoint to begin again"


def test_other_settings_are_refused(tmp_path: Path) -> None:
    """Bodies would be cut at other places."""
    checkpoint = Checkpoint(tmp_path / "state", INPUTS)
    checkpoint.mark("grafana", "s")
    with pytest.raises(ConfigError, match="grafana was sent with other settings; remove the checkpoint"):
        checkpoint.mark("grafana", "t")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 2}', "\x80"])
def test_another_file_is_not_overwritten(tmp_path: Path, text: str) -> None:
    """It may be the input, given in the wrong place."""
    path = tmp_path / "state"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(ConfigError, match="expected a checkpoint, got another file"):
        Checkpoint(path, INPUTS)


def test_a_folder_is_no_checkpoint(tmp_path: Path) -> None:
    """It cannot be read."""
    with pytest.raises(ConfigError, match="expected a checkpoint"):
        Checkpoint(tmp_path, INPUTS)


def test_the_identity_of_a_file_is_that_of_all_its_bytes(tmp_path: Path) -> None:
    """Also in the middle of a large one."""
    path = tmp_path / "a"
    data = bytearray(3_000_000)
    path.write_bytes(data)
    before = identity_of_file(path)
    data[1_500_000] = 1
    path.write_bytes(data)

    assert (len(before), identity_of_file(path) != before) == (32, True)
