# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The configuration file: where it is, what it is made of, and what it survives."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from otlpjson.broadcast.config_file import config_path, read_document
from otlpjson.broadcast.config_saving import locked, save_document
from otlpjson.broadcast.document import changed
from otlpjson.core.errors import ConfigError
from otlpjson.delivery import gate

CANARY = "glc_canary_never_shown"
ENTRY: dict[str, Any] = {
    "kind": "grafana_cloud",
    "base_url": "https://otlp.test",
    "instance_id": "123456",
    "api_key": CANARY,
}
OTHER: dict[str, Any] = {"kind": "webhook", "url": "https://a.test/", "headers": {"X-Key": CANARY}}
DOCUMENT: dict[str, Any] = {"version": 1, "destinations": {"default": ENTRY, "прочее": OTHER}}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o277, 0o777])
def umask(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """A process whose files are made with less than they ask for."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def problems(path: Path) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        read_document(path)
    assert CANARY not in repr(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return caught.value.problems


def test_the_file_is_in_the_platforms_folder_unless_a_variable_names_it(tmp_path: Path) -> None:
    """An empty variable names nothing."""
    xdg = {"XDG_CONFIG_HOME": str(tmp_path)}

    assert config_path({**xdg, "OTLPJSON_CONFIG": "/x/y.json"}) == Path("/x/y.json")
    for environ in (xdg, {**xdg, "OTLPJSON_CONFIG": ""}):
        assert config_path(environ) == tmp_path / "otlpjson" / "destinations.json"


@pytest.mark.usefixtures("umask")
def test_only_the_owner_can_read_what_is_saved(tmp_path: Path) -> None:
    """Under any umask."""
    path = tmp_path / "new" / "destinations.json"
    save_document(path, DOCUMENT)

    assert read_document(path) == DOCUMENT
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert os.listdir(path.parent) == ["destinations.json"]


def test_all_folders_on_the_way_are_made(tmp_path: Path) -> None:
    """Of which only the last one is ours."""
    path = tmp_path / "config" / "otlpjson" / "destinations.json"
    save_document(path, DOCUMENT)

    assert read_document(path) == DOCUMENT
    assert mode(path.parent) == 0o700


def test_a_folder_that_was_there_stays_as_it_is(tmp_path: Path) -> None:
    """It is somebody else's."""
    tmp_path.chmod(0o755)
    save_document(tmp_path / "d.json", DOCUMENT)

    assert (mode(tmp_path), mode(tmp_path / "d.json")) == (0o755, 0o600)


def test_a_file_that_everybody_could_read_no_longer_is_one(tmp_path: Path) -> None:
    """The new file has a mode of its own, and the old one's other names keep the old text."""
    path, second = tmp_path / "d.json", tmp_path / "second"
    path.write_text("{}", encoding="utf-8")
    path.chmod(0o644)
    os.link(path, second)
    save_document(path, DOCUMENT)

    assert mode(path) == 0o600
    assert json.loads(path.read_text(encoding="utf-8")) == DOCUMENT
    assert second.read_text(encoding="utf-8") == "{}"


def test_a_link_is_followed(tmp_path: Path) -> None:
    """Otherwise the file that it names would keep its keys, and nobody would look there."""
    target, path = tmp_path / "real" / "target.json", tmp_path / "d.json"
    save_document(target, changed(None, "a", OTHER))
    path.symlink_to(target)

    assert read_document(path) == changed(None, "a", OTHER)
    save_document(path, DOCUMENT)
    assert path.is_symlink()
    assert read_document(target) == DOCUMENT
    assert [entry.name for entry in target.parent.iterdir()] == ["target.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    """Reading it would wait for ever."""
    path = tmp_path / "d.json"
    os.mkfifo(path)

    assert problems(path) == {str(path): "not a regular file"}


@pytest.mark.parametrize(("bits", "said"), [(0o600, False), (0o644, False), (0o620, True), (0o602, True)])
def test_a_file_that_others_may_change_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, bits: int, said: bool
) -> None:
    """They could send everything elsewhere."""
    path = tmp_path / "d.json"
    save_document(path, DOCUMENT)
    path.chmod(bits)

    assert read_document(path) == DOCUMENT
    assert (
        caplog.messages
        == [
            f"{path} can be changed by other users; run `chmod 600` on it",
        ]
        * said
    )


@pytest.mark.process
@pytest.mark.slow
def test_processes_that_change_the_file_at_once_lose_nothing(tmp_path: Path) -> None:
    """Each adds destinations of its own."""
    path = tmp_path / "new" / "d.json"
    code = """
import sys
from pathlib import Path
from otlpjson.broadcast.config_file import read_document
from otlpjson.broadcast.config_saving import locked, save_document
from otlpjson.broadcast.document import changed
path = Path(sys.argv[1])
for number in range(10):
    with locked(path):
        entry = {"kind": "webhook", "url": "https://a.test/"}
        save_document(path, changed(read_document(path), f"{sys.argv[2]}-{number}", entry))
"""
    running = [subprocess.Popen([sys.executable, "-c", code, str(path), str(who)]) for who in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4

    saved = read_document(path)
    assert saved is not None
    assert len(saved["destinations"]) == 40


def test_a_lock_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    """As in a folder that cannot be made."""
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "d.json"

    with pytest.raises(ConfigError) as caught, locked(path):
        pass
    assert list(caught.value.problems) == [str(path)]


def test_a_file_that_another_process_keeps_locked_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some seconds, because it may have been stopped."""
    path = tmp_path / "d.json"
    monkeypatch.setattr(gate, "_LONGEST_WAIT_S", 0.01)
    with locked(path), pytest.raises(ConfigError) as caught, locked(path):
        pass
    assert caught.value.problems == {str(path): "cannot be written: another process uses it"}


def test_without_locks_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows."""

    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(gate, "import_module", missing)
    with locked(tmp_path / "d.json"):
        save_document(tmp_path / "d.json", changed(None, "a", {"kind": "webhook", "url": "https://a.test"}))

    assert read_document(tmp_path / "d.json") is not None


def test_the_file_can_be_read_by_people(tmp_path: Path) -> None:
    """Indented, in ASCII, with an end of line."""
    path = tmp_path / "d.json"
    save_document(path, changed(None, "é", {"kind": "webhook", "url": "https://a.test"}))

    assert path.read_bytes() == (
        b"{\n"
        b'  "version": 1,\n'
        b'  "destinations": {\n'
        b'    "\\u00e9": {\n'
        b'      "kind": "webhook",\n'
        b'      "url": "https://a.test"\n'
        b"    }\n"
        b"  }\n"
        b"}\n"
    )


def test_what_cannot_be_written_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """In the last step; no temporary file stays."""
    path = tmp_path / "d.json"
    path.mkdir()
    (path / "kept").touch()
    with pytest.raises(ConfigError) as caught:
        save_document(path, DOCUMENT)

    assert caught.value.problems == {str(path): "cannot be written: Is a directory"}
    assert os.listdir(tmp_path) == ["d.json"]
    assert os.listdir(path) == ["kept"]


def test_what_fails_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    """Also where that is no error of the disk, such as a setting that JSON does not have."""
    path = tmp_path / "d.json"
    save_document(path, DOCUMENT)
    with pytest.raises(TypeError):
        save_document(path, changed(DOCUMENT, "odd", {**OTHER, "headers": MappingProxyType({})}))

    assert read_document(path) == DOCUMENT
    assert os.listdir(tmp_path) == ["d.json"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """Where a file stands in the way."""
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError) as caught:
        save_document(tmp_path / "file" / "d.json", DOCUMENT)

    assert str(caught.value) == (f"{tmp_path / 'file' / 'd.json'}: cannot be written: File exists")


def test_a_document_of_no_use_is_never_saved(tmp_path: Path) -> None:
    """Not even where there was no file."""
    path = tmp_path / "folder" / "d.json"
    with pytest.raises(ConfigError) as caught:
        save_document(path, changed(DOCUMENT, "odd", {"kind": CANARY}))

    assert str(caught.value) == (
        "destinations.odd.kind: expected one of grafana_cloud, otel_collector, webhook, folder, local"
    )
    assert os.listdir(tmp_path) == []


def test_no_file_is_no_document(tmp_path: Path) -> None:
    """Nor is a link to none, or a folder that does not exist."""
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")

    assert [read_document(tmp_path / name) for name in ("d.json", "link", "no/d.json")] == [None] * 3


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not JSON (line 1)"),
        (
            b'{"version": 1,\n"destinations": {\n' + CANARY.encode(),
            "not JSON (line 3)",
        ),
        (b"\xef\xbb\xbf{}", "not JSON (line 1)"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a":' * 100_000, "not JSON"),
        (b"9" * 5000, None),
        (b'"' + CANARY.encode() + b"\xff", "cannot be read: not UTF-8"),
        (b"\x00", "not JSON (line 1)"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,
)
def test_what_is_no_json_is_said(tmp_path: Path, data: bytes, problem: str | None) -> None:
    """And never quoted."""
    path = tmp_path / "d.json"
    path.write_bytes(data)
    found = problems(path)

    assert problem is None or found == {str(path): problem}
    assert path.read_bytes() == data


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert problems(tmp_path) == {str(tmp_path): "not a regular file"}


def test_every_fault_of_a_file_is_reported_with_its_path(tmp_path: Path) -> None:
    """And the file is left to its owner."""
    path = tmp_path / "d.json"
    text = json.dumps(
        {
            "version": 1,
            "destinations": {"a": {**ENTRY, "api_key": [CANARY]}, "b": {**OTHER, "enabled": CANARY, "x": 1}},
        }
    )
    path.write_text(text, encoding="utf-8")

    assert problems(path) == {
        f"{path}: destinations.a.api_key": "expected an API key such as glc_…, got list",
        f"{path}: destinations.b.x": "unknown key",
        f"{path}: destinations.b.enabled": "expected true or false",
    }
    assert path.read_text(encoding="utf-8") == text
