# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A viewer of this machine as a destination: how it is found, and what is sent where none is."""

from __future__ import annotations

import gc
import json
import os
import stat
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
import pytest

from otlpjson.core.errors import ConfigError
from otlpjson.delivery import Destination, OutcomeKind, grafana_cloud, local, sender_to
from otlpjson.delivery.viewer import rendezvous as module
from otlpjson.delivery.viewer.rendezvous import Rendezvous, published, rendezvous_at
from otlpjson.delivery.viewer.sender import LocalSender
from otlpjson.receiver import Receiver

TOKEN = "canary-token-0123456789"
HERE = Rendezvous("http://127.0.0.1:4319", TOKEN)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks and permissions of POSIX")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this user's viewer publishes itself; nothing is there."""
    monkeypatch.setenv("XDG_CONFIG_HOME", os.fspath(tmp_path))
    return tmp_path / "otlpjson" / "viewer.json"


def test_a_published_viewer_is_found_until_it_ends(place: Path) -> None:
    """The file and its folder are their owner's alone; nothing of it stays."""
    assert rendezvous_at(place) is None
    with published(place, HERE):
        assert rendezvous_at(place) == HERE
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (place, place.parent)]
    assert rendezvous_at(place) is None
    assert modes == [0o600, 0o700]
    assert list(place.parent.iterdir()) == []
    assert TOKEN not in repr(HERE)


def test_what_a_killed_viewer_left_is_not_believed(place: Path) -> None:
    """Another user may listen on its port by now."""
    with published(place, HERE):
        text = place.read_bytes()
    place.write_bytes(text)
    place.chmod(0o600)

    assert rendezvous_at(place) is None


def test_what_is_left_of_a_start_that_failed_is_replaced(place: Path) -> None:
    """A process may have the number of an earlier one."""
    place.parent.mkdir()
    (place.parent / f".viewer.json.{os.getpid()}.tmp").write_text("old")
    with published(place, HERE):
        assert rendezvous_at(place) == HERE


def test_a_viewer_that_started_later_keeps_its_file(place: Path) -> None:
    """The first one's end does not remove it; nor does it fail where the file is gone."""
    later = attrs.evolve(HERE, url="http://127.0.0.1:4320")
    with ExitStack() as running:
        with published(place, HERE):
            running.enter_context(published(place, later))
        assert rendezvous_at(place) == later
        place.unlink()


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"nope",
        b"[]",
        b"[" * 10_000,
        b"\xff",
        b"{}",
        b'{"url": "http://127.0.0.1:1"}',
        b'{"url": "http://evil.test:1", "token": "canary-token-0123456789"}',
        b'{"url": "http://127.0.0.1:1/x", "token": "canary-token-0123456789"}',
        b'{"url": "http://127.0.0.1:1", "token": "a b\\r\\nX: y-canary-token"}',
        b'{"url": 1, "token": 2}',
    ],
)
def test_a_file_that_is_no_rendezvous_is_none(place: Path, document: bytes) -> None:
    """It is read as long as it is short."""
    with published(place, HERE):
        place.write_bytes(document)
        assert rendezvous_at(place) is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660])
def test_a_file_that_others_can_read_or_write_is_none(place: Path, mode: int) -> None:
    """They would know the token, or have set it."""
    with published(place, HERE):
        place.chmod(mode)
        assert rendezvous_at(place) is None


def test_a_file_of_another_user_is_none(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its mode; a folder is none either."""
    with published(place, HERE):
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        assert rendezvous_at(place) is None
    place.mkdir(mode=0o700)
    assert rendezvous_at(place) is None
    with published(place.with_name("other.json"), HERE):
        place.rmdir()
        os.mkfifo(place, 0o600)
        with open(os.open(place, os.O_RDWR | os.O_NONBLOCK), "rb", buffering=0):
            assert rendezvous_at(place) is None


def test_without_locks_the_file_is_believed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows."""

    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(module, "import_module", missing)
    with published(place, HERE):
        assert rendezvous_at(place) == HERE


def test_bodies_go_to_the_viewer_that_runs(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever that is at the moment, without a proxy; with its token, which is never shown."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with sender_to(local()) as sender:
        assert isinstance(sender, LocalSender)
        before = sender.send(b"{}")
        with Receiver() as first, published(place, Rendezvous(first.base_url, TOKEN)):
            outcomes = [sender.send(b"{}"), sender.send(b"{}", test=True)]
            assert first.lines == (b"{}", b"{}")
        between = sender.send(b"{}")
        with Receiver() as second, published(place, Rendezvous(second.base_url, TOKEN)):
            outcomes.append(sender.send(b"{}"))
            assert second.lines == (b"{}",)
        sender.close()
        assert TOKEN not in repr(sender) + repr(vars(sender))

    assert [one.kind for one in outcomes] == [OutcomeKind.ACCEPTED] * 3
    assert before == between
    assert (before.kind, before.message) == (
        OutcomeKind.MISCONFIGURED,
        "no viewer is running; start one with `otlpjson view`",
    )


def test_the_token_is_sent_as_a_header(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The viewer refuses others."""
    from otlpjson.view import Store, Viewer

    with Store(None, now_ns=lambda: 1) as store, Viewer(store) as viewer, sender_to(local()) as sender:
        with published(place, Rendezvous(viewer.base_url, viewer.token)):
            assert sender.send(b"{}").delivered
        with published(place, Rendezvous(viewer.base_url, "wrong-token-wrong-token")):
            assert sender.send(b"{}").status == 401


def test_a_child_of_a_fork_has_a_lock_of_its_own(place: Path) -> None:
    """One that the parent held at that moment would never open."""
    sender = LocalSender(local())
    sender._lock.acquire()
    sender.after_fork()
    sender.close()
    gc.collect()


def test_a_sender_of_another_destination_is_refused() -> None:
    """It would send to nowhere."""
    with pytest.raises(ConfigError) as caught:
        LocalSender(grafana_cloud("https://example.org", "1", "glc_x"))

    assert caught.value.problems == {"destination": "expected a local viewer"}


def test_without_a_home_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in some containers."""
    for name in ("XDG_CONFIG_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    with pytest.raises(ConfigError) as caught:
        local()

    assert caught.value.problems == {"kind": "there is no home folder in which a viewer could be found"}


def test_a_destination_says_where_it_is_found(place: Path) -> None:
    """No secret is in it."""
    destination = local()

    assert destination == Destination(
        url="http://127.0.0.1/v1/traces", rendezvous=str(place), compression=destination.compression
    )
    assert json.dumps(attrs.asdict(destination), default=str).count("viewer.json") == 1
