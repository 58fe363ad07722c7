# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``spool …``: turned on and off, shown without content, sent again, dropped."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from otlpjson import Broadcast, BroadcastDestination
from otlpjson.broadcast.config_file import read_document
from otlpjson.broadcast.config_saving import save_document
from otlpjson.delivery import Outcome, OutcomeKind, otel_collector
from otlpjson.delivery.spool import Spool, Unavailable
from otlpjson.receiver import Receiver
from otlpjson.testing import FakeTransport

from .commands import Commands

DOWN = Outcome(kind=OutcomeKind.UNREACHABLE)
REFUSED = Outcome(kind=OutcomeKind.REJECTED, status=400, message="the server quotes CONTENT")
CONTENT = "CONTENT-OF-THE-PROMPT"


def record(number: int) -> dict[str, Any]:
    """A request with content."""
    return {
        "request": {"model": "a/b", "messages": [{"role": "user", "content": CONTENT}]},
        "response": {
            "id": f"gen-{number}",
            "choices": [{"message": {"content": "yes"}, "finish_reason": "stop"}],
        },
        "started_at": 1771005600000000000,
        "ended_at": 1771005601000000000,
    }


def filled(folder: Path, url: str, outcome: Outcome, *, name: str = "here", **options: Any) -> None:
    """A spool with two entries for a destination whose server answers with this."""
    target = BroadcastDestination(destination=otel_collector(url), name=name, **options)
    broadcast = Broadcast(
        [target], spool=folder, transport=lambda target: FakeTransport(judge=lambda body: outcome)
    )
    for number in (1, 2):
        assert broadcast.record(record(number))
    broadcast.flush(0.05 if outcome is DOWN else 5.0)
    broadcast.close(0.0)


def saved(file: Path, folder: Path, **urls: str) -> None:
    """A configuration with these destinations and a spool."""
    destinations = {name: {"kind": "otel_collector", "endpoint": url} for name, url in urls.items()}
    save_document(file, {"version": 1, "destinations": destinations, "spool": str(folder)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the spool of a test is."""
    return tmp_path / "spool"


def test_a_spool_is_turned_on_and_off(commands: Commands, saved_file: Path, folder: Path) -> None:
    """Destinations stay; what is in the spool too."""
    save_document(
        saved_file, {"version": 1, "destinations": {"here": {"kind": "webhook", "url": "https://a.test"}}}
    )
    on = commands("spool", "on", str(folder))
    shown = commands("status")
    document = read_document(saved_file)
    off = commands("spool", "off")

    assert (on.code, on.err) == (0, f"entries wait in {folder} from now on\n")
    assert shown.err == f"entries wait in the spool {folder}\n"
    assert document is not None and document["spool"] == str(folder)
    assert list(document["destinations"]) == ["here"]
    assert (off.code, off.err) == (0, "entries wait in memory from now on\n")
    assert read_document(saved_file) == {"version": 1, "destinations": document["destinations"]}
    assert (folder / "spool.db").exists()


def test_a_spool_can_be_turned_on_first(commands: Commands, saved_file: Path, folder: Path) -> None:
    """Before any destination is saved; saving one keeps it."""
    commands("spool", "on", str(folder))

    assert read_document(saved_file) == {"version": 1, "destinations": {}, "spool": str(folder)}


def test_a_folder_that_cannot_be_used_is_not_turned_on(
    commands: Commands, saved_file: Path, folder: Path
) -> None:
    """The reason is one line."""
    folder.touch()
    ran = commands("spool", "on", str(folder))

    assert (ran.code, ran.err) == (2, f"otlpjson: {folder}: not a folder\n")
    assert not saved_file.exists()


def test_status_counts_by_destination(commands: Commands, saved_file: Path, folder: Path) -> None:
    """The configured spool, or that of --folder; as a table, or as JSON."""
    filled(folder, "http://a.test/", REFUSED)
    filled(folder, "http://b.test/", DOWN, name="there")
    saved(saved_file, folder, there="http://b.test/")
    table = commands("spool", "status")
    facts = [
        json.loads(line)
        for line in commands("spool", "status", "--folder", str(folder), "--json").out.splitlines()
    ]
    lines = [re.sub(r" +", " ", line).strip() for line in table.out.decode().splitlines()]

    assert table.code == 0
    assert re.fullmatch(rf"{folder}: [\d.]+ MiB on the disk\n", table.err)
    assert lines[0] == "name pending in flight quarantined delivered rejected dropped bytes oldest"
    assert re.fullmatch(
        r"here 0 0 2 0 0 0 \d+ 20\S+Z parked: destination is renamed, removed or disabled", lines[1]
    )
    assert re.fullmatch(r"there 2 \d 0 0 0 0 \d+ 20\S+Z", lines[2])
    assert [fact["quarantined"] for fact in facts] == [2, 0]
    assert [fact["recorded"] for fact in facts] == [2, 2]
    assert facts[0]["parked"] == "is renamed, removed or disabled"
    assert CONTENT not in table.out.decode() + json.dumps(facts)


def test_an_empty_spool_has_no_oldest(commands: Commands, folder: Path) -> None:
    """What was dropped is named by its reason."""
    filled(folder, "http://a.test/", REFUSED)
    commands("spool", "drop", "here", "--yes", "--folder", str(folder))
    table = commands("spool", "status", "--folder", str(folder)).out.decode()
    fact = json.loads(commands("spool", "status", "--folder", str(folder), "--json").out)

    assert "by hand 2" in table
    assert (fact["oldest"], fact["dropped"]) == (None, {"by hand": 2})


def test_list_names_each_entry_without_content(commands: Commands, folder: Path) -> None:
    """With its state and the reason; filtered, and as JSON."""
    filled(folder, "http://a.test/", REFUSED)
    filled(folder, "http://b.test/", DOWN, name="there")
    where = ("--folder", str(folder))
    table = commands("spool", "list", *where).out.decode()
    quarantined = commands("spool", "list", *where, "--state", "quarantined", "--json").out.splitlines()
    there = commands("spool", "list", *where, "--to", "there", "--limit", "1", "--json").out.splitlines()

    assert len(table.splitlines()) == 5
    assert "rejected (400)" in table
    assert [json.loads(line)["number"] for line in quarantined] == [1, 2]
    assert [json.loads(line)["number"] for line in there] == [3]
    assert re.fullmatch(r"20\d\d-\S+Z", json.loads(there[0])["added"])
    assert "CONTENT" not in table + str(quarantined) + str(there)


def test_show_hides_content_unless_asked(commands: Commands, folder: Path) -> None:
    """The spans are drawn; a body has everything."""
    filled(folder, "http://a.test/", DOWN)
    where = ("--folder", str(folder))
    drawn = commands("spool", "show", "1", *where)
    whole = commands("spool", "show", "1", *where, "--content")
    body = commands("spool", "show", "1", *where, "--content", "--json")
    refused = commands("spool", "show", "1", *where, "--json")
    missing = commands("spool", "show", "99", *where)

    assert drawn.code == whole.code == body.code == 0
    assert "LLM Generation" in drawn.out.decode() and CONTENT not in drawn.out.decode()
    assert CONTENT in whole.out.decode()
    assert CONTENT in json.dumps(json.loads(body.out))
    assert (refused.code, "add --content" in refused.err) == (2, True)
    assert (missing.code, missing.err) == (2, "otlpjson: 99: no such entry; see `otlpjson spool list`\n")


def test_retry_sends_what_waits_and_what_was_refused(
    commands: Commands, saved_file: Path, folder: Path
) -> None:
    """Now, and says what happened."""
    with Receiver() as receiver:
        url = f"{receiver.base_url}/v1/traces"
        filled(folder, url, REFUSED)
        filled(folder, url, DOWN)
        saved(saved_file, folder, here=url)
        ran = commands("spool", "retry")
        spans = len(receiver.lines)

    assert (ran.code, ran.err) == (0, "2 spans sent once more\nhere: 4 delivered\n")
    assert spans >= 1


def test_retry_says_what_is_left(commands: Commands, saved_file: Path, folder: Path) -> None:
    """And why; the exit code is 1."""
    filled(folder, "http://127.0.0.1:9/", DOWN)
    saved(saved_file, folder, here="http://127.0.0.1:9/")
    ran = commands("spool", "retry", "here", "--max-wait", "0.3")

    assert ran.code == 1
    assert re.search(r"here: 0 delivered, 2 pending(: unreachable)?\n", ran.err)


def test_retry_says_what_was_refused_again(commands: Commands, saved_file: Path, folder: Path) -> None:
    """With the answer."""
    with Receiver(credentials=("1", "x")) as receiver:
        url = f"{receiver.base_url}/elsewhere"
        filled(folder, url, REFUSED)
        saved(saved_file, folder, here=url)
        ran = commands("spool", "retry", "--max-wait", "0.5")

    assert ran.code == 1
    assert re.search(r"here: 0 delivered, 2 (pending|quarantined)", ran.err)


def test_retry_moves_what_is_parked(commands: Commands, saved_file: Path, folder: Path) -> None:
    """To the destination that is named."""
    with Receiver() as receiver:
        url = f"{receiver.base_url}/v1/traces"
        filled(folder, url, DOWN, name="old")
        saved(saved_file, folder, new=url, other=url)
        ran = commands("spool", "retry", "new", "--parked", "old")

    assert (ran.code, ran.err.splitlines()[-2:]) == (0, ["2 spans of old moved", "new: 2 delivered"])


def test_what_is_parked_goes_to_one_destination(commands: Commands) -> None:
    """Not to several."""
    ran = commands("spool", "retry", "one", "other", "--parked", "old")

    assert (ran.code, ran.err.splitlines()[-1]) == (2, "Error: --parked goes to one destination; name one.")


def test_drop_asks_before_it_deletes(commands: Commands, folder: Path) -> None:
    """What a server refused; what waits only if that is asked for, or if it is parked."""
    filled(folder, "http://a.test/", REFUSED)
    filled(folder, "http://a.test/", DOWN)
    where = ("--folder", str(folder))
    asked = commands("spool", "drop", "here", *where, stdin=b"n\n")
    agreed = commands("spool", "drop", "here", *where, stdin=b"y\n")
    nothing = commands("spool", "drop", "here", *where)
    pending = commands("spool", "drop", "here", *where, "--pending", "--yes")
    unknown = commands("spool", "drop", "nobody", *where)

    assert asked.code == 130 and "Delete 2 spans for good?" in asked.err
    assert agreed.err.endswith("2 spans dropped\n")
    assert nothing.err == "0 spans dropped\n"
    assert pending.err == "2 spans dropped\n"
    assert (unknown.code, unknown.err) == (
        2,
        "otlpjson: nobody: not in the spool; see `otlpjson spool status`\n",
    )


def test_without_a_spool_the_commands_say_so(commands: Commands, saved_file: Path, folder: Path) -> None:
    """And make none."""
    nowhere = commands("spool", "status")
    missing = commands("spool", "status", "--folder", str(folder))
    saved_nothing = commands("spool", "retry")

    assert (
        nowhere.err == "otlpjson: spool: not configured; run `otlpjson spool on FOLDER`, or give --folder\n"
    )
    assert missing.err == f"otlpjson: {folder}: no spool there\n"
    assert (nowhere.code, missing.code, saved_nothing.code) == (2, 2, 2)
    assert not folder.exists()


def test_a_disk_that_fails_is_an_error(commands: Commands, folder: Path) -> None:
    """In one line."""
    filled(folder, "http://a.test/", DOWN)

    def stocks(self: Spool) -> Any:
        raise Unavailable("disk I/O error")

    commands.monkeypatch.setattr(Spool, "stocks", stocks)
    ran = commands("spool", "status", "--folder", str(folder))

    assert (ran.code, ran.err) == (2, f"otlpjson: {folder}: disk I/O error\n")
