# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Broadcast with a spool: acknowledged means on the disk, and what an earlier process left is sent."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest

import otlpjson
from otlpjson.broadcast import Broadcast, BroadcastDestination, uninstrument
from otlpjson.broadcast.config import find
from otlpjson.broadcast.event_loop import may_block
from otlpjson.broadcast.spooling import Spooling
from otlpjson.core.errors import ConfigError
from otlpjson.delivery import Outcome, OutcomeKind, QueueLimits, otel_collector
from otlpjson.delivery.guard import is_guarded
from otlpjson.delivery.spool import Spool, Unavailable
from otlpjson.testing import FakeTransport

from .test_broadcast import REQUEST, answer, record

URL = "http://127.0.0.1:9/v1/traces"
ACCEPTED = Outcome(kind=OutcomeKind.ACCEPTED, status=200)
DOWN = Outcome(kind=OutcomeKind.UNREACHABLE)
REFUSED = Outcome(kind=OutcomeKind.REJECTED, status=400)
SOON_S = 30.0


@pytest.fixture(autouse=True)
def silent_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that names a destination or a spool."""
    for name in tuple(os.environ):
        if name.startswith(("OTLPJSON_", "OTEL_")):
            monkeypatch.delenv(name)


@attrs.define
class Server:
    """What all transports send to: it answers with an outcome, and knows the spans that it accepted."""

    outcome: Outcome = ACCEPTED
    names: list[str] = attrs.field(factory=list)
    bodies: list[bytes] = attrs.field(factory=list)

    def judge(self, body: bytes) -> Outcome:
        self.bodies.append(body)
        if self.outcome.delivered:
            self.names += [span.name for span in FakeTransport(sent=[body]).spans]
        return self.outcome


def to(name: str = "here", url: str = URL, **options: Any) -> BroadcastDestination:
    """A destination."""
    return BroadcastDestination(destination=otel_collector(url), name=name, **options)


def opened(folder: Path | Spool, server: Server, *targets: BroadcastDestination, **options: Any) -> Broadcast:
    """A Broadcast with a spool."""
    return Broadcast(
        targets or [to()],
        spool=folder,
        transport=lambda target: FakeTransport(judge=server.judge),
        queue=options.pop("queue", QueueLimits(quiet_s=0.0)),
        **options,
    )


def test_a_record_is_on_the_disk_when_it_is_acknowledged(tmp_path: Path) -> None:
    """Another program can read it there, and with a crash nothing is lost."""
    server = Server(DOWN)
    broadcast = opened(tmp_path, server)
    accepted = broadcast.record(record())
    with closing(sqlite3.connect(tmp_path / "spool.db")) as sql:
        [(data,)] = sql.execute("SELECT data FROM entry").fetchall()

    assert accepted and broadcast.durable
    assert b"gen-1" in data and json.loads(data)["scopeSpans"]
    assert broadcast.counts()["here"].pending == 1
    broadcast.close()


def test_what_an_earlier_process_left_is_sent_without_a_record(tmp_path: Path) -> None:
    """The same bytes, and at once."""
    server = Server(DOWN)
    with opened(tmp_path, server) as broadcast:
        broadcast.record(record())
        assert not broadcast.close(0.0)
    sent = server.bodies[-1:]
    server.outcome = ACCEPTED
    with opened(tmp_path, server) as broadcast:
        until = time.monotonic() + SOON_S
        while not server.names and time.monotonic() < until:
            time.sleep(0.005)
        assert broadcast.flush(SOON_S)
        counts = broadcast.counts()["here"]

    assert server.names == ["LLM Generation"]
    assert server.bodies[-1:] == sent or not sent
    assert (counts.delivered, counts.recorded) == (1, 1)


def test_a_record_that_cannot_be_sent_is_not_acknowledged(tmp_path: Path) -> None:
    """With a spool that is known when ``record`` returns."""
    with opened(tmp_path, Server()) as broadcast:
        assert not broadcast.record({"request": 5})
        assert broadcast.refused == {"refused": 1}
        assert broadcast.record(record())


def test_what_is_sampled_out_is_acknowledged_and_counted(tmp_path: Path) -> None:
    """Over all processes."""
    for _ in range(2):
        with opened(tmp_path, Server(), predicate=lambda generation: False) as broadcast:
            assert broadcast.record(record())
            counts = broadcast.counts()["here"]

    assert counts.dropped == {"predicate": 2}


def test_threads_share_commits(tmp_path: Path) -> None:
    """As many records as wait go to the disk together."""
    commits: list[int] = []
    broadcast = opened(tmp_path, Server(DOWN), queue=QueueLimits(quiet_s=3600.0, max_age_s=3600.0))
    commit = broadcast._spooling.spool.commit  # type: ignore[union-attr]
    write = commit.write

    def slow() -> None:
        commits.append(len(commit._additions))
        time.sleep(0.05)
        write()

    commit.write = slow  # type: ignore[method-assign]
    threads = [threading.Thread(target=broadcast.record, args=(record(number),)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON_S)

    assert sum(commits) == 40
    assert len(commits) < 10
    assert broadcast.counts()["here"].pending == 40
    broadcast.close()


def test_steps_and_calls_are_on_the_disk_when_their_block_has_ended(tmp_path: Path) -> None:
    """Of a program that has no event loop."""
    broadcast = opened(tmp_path, Server(DOWN))
    with broadcast.trace("root"):
        with broadcast.call(REQUEST) as call:
            call.response = answer()
        assert len(list(broadcast._spooling.spool.kept())) == 1  # type: ignore[union-attr]

    assert len(list(broadcast._spooling.spool.kept())) == 2  # type: ignore[union-attr]
    broadcast.close()


def test_an_event_loop_does_not_stop_for_the_disk(tmp_path: Path) -> None:
    """Only ``arecord`` and ``record`` wait for it, the first without stopping others."""
    broadcast = opened(tmp_path, Server(DOWN))
    held = threading.Event()
    commit = broadcast._spooling.spool.commit  # type: ignore[union-attr]
    write = commit.write

    def slow() -> None:
        held.wait(SOON_S)
        write()

    commit.write = slow  # type: ignore[method-assign]

    async def work() -> tuple[bool, int]:
        with broadcast.call(REQUEST) as call:
            call.response = answer(1)
        waiting = asyncio.ensure_future(broadcast.arecord(record(2)))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        held.set()
        return await waiting, len(list(broadcast._spooling.spool.kept()))  # type: ignore[union-attr]

    assert asyncio.run(work()) == (True, 2)
    broadcast.close()


def test_without_asyncio_every_thread_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that never imported it has no event loop."""
    monkeypatch.delitem(sys.modules, "asyncio")

    assert may_block()


def test_arecord_without_a_spool_is_record() -> None:
    """In memory."""

    async def work(broadcast: Broadcast) -> bool:
        async with broadcast:
            return await broadcast.arecord(record())

    server = Server()
    transport = FakeTransport(judge=server.judge)
    assert asyncio.run(work(Broadcast([to()], transport=lambda target: transport)))
    assert len(server.names) == 1


def test_a_predicate_that_records_waits_for_nothing(tmp_path: Path) -> None:
    """It runs in the thread that it would wait for."""
    answers: list[bool] = []

    def predicate(generation: Any) -> bool:
        if generation.key == "gen-1":
            answers.append(broadcast.record(record(2)))
        return True

    broadcast = opened(tmp_path, Server(), predicate=predicate)
    assert broadcast.record(record(1))
    assert broadcast.flush(SOON_S)
    assert answers == [True]
    assert broadcast.counts()["here"].delivered == 2
    broadcast.close()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")
def test_signal_handlers_that_record_never_hang(tmp_path: Path) -> None:
    """Whatever they interrupt."""
    answers: list[bool] = []
    inside: list[int] = []

    def handle(*_: Any) -> None:
        # Python would call it again inside itself, as deep as it takes.
        if not inside:
            inside.append(1)
            answers.append(broadcast.record(record(len(answers))))
            inside.pop()

    with opened(tmp_path, Server()) as broadcast:
        before = signal.signal(signal.SIGALRM, handle)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        try:
            until = time.monotonic() + 0.5
            number = 1000
            while time.monotonic() < until:
                assert broadcast.record(record(number))
                number += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, before)
        assert broadcast.flush(SOON_S)
        counts = broadcast.counts()["here"]

    assert answers and all(answers)
    assert counts.delivered == counts.recorded == number - 1000 + len(answers)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "rounds", "share"),
    [
        (("inbox.py", "exporter.py", "guard.py", "database.py", "holding.py"), 12, 0.1),
        # Here before the thread that commits had the time to be done.
        (("receipt.py", "latch.py", "threading.py"), 200, 0.02),
    ],
)
def test_a_record_may_interrupt_any_instruction_that_the_same_thread_runs(
    tmp_path: Path, files: tuple[str, ...], rounds: int, share: float
) -> None:
    """As a signal handler does: it never waits for a thread of ours that waits for what it interrupted."""
    answers: list[bool] = []
    random = Random(7)

    with opened(tmp_path, Server(), timeout_s=5.0) as broadcast:

        def trace(frame: Any, event: str, argument: Any) -> Any:
            if not frame.f_code.co_filename.endswith(files):
                return None
            frame.f_trace_opcodes = True
            # What comes while an inbox is being changed waits until that is done: not more than can be done.
            if event == "opcode" and random.random() < (0.01 if is_guarded() else share):
                sys.settrace(None)
                answers.append(broadcast.record(record(len(answers))))
                sys.settrace(trace)
            return trace

        before = sys.gettrace()
        try:
            for number in range(rounds):
                sys.settrace(trace)
                assert broadcast.record(record(10_000 + number))
                assert broadcast.flush(SOON_S)
                assert broadcast.counts()
                sys.settrace(before)
        finally:
            sys.settrace(before)
        assert broadcast.flush(SOON_S)
        counts = broadcast.counts()["here"]

    assert len(answers) > 100
    assert all(answers)
    assert counts.delivered == counts.recorded == rounds + len(answers)


def test_who_waits_longer_than_a_request_may_take_is_told_no(tmp_path: Path) -> None:
    """The record is not lost by that: it is written when the disk is ready."""
    broadcast = opened(tmp_path, Server(DOWN), timeout_s=0.05)
    held = threading.Event()
    commit = broadcast._spooling.spool.commit  # type: ignore[union-attr]
    write = commit.write
    commit.write = lambda: (held.wait(SOON_S), write())[1]  # type: ignore[method-assign]

    assert not broadcast.record(record())
    held.set()
    assert broadcast._inbox.drain(SOON_S)
    assert broadcast.counts()["here"].pending == 1
    broadcast.close()


def test_a_commit_that_raises_is_no_acknowledgement(tmp_path: Path) -> None:
    """A fault of ours stays with us, and is counted."""
    broadcast = opened(tmp_path, Server())
    broadcast._spooling.spool.commit.write = lambda: 1 / 0  # type: ignore[union-attr,method-assign]

    assert not broadcast.record(record())
    assert broadcast.refused == {"internal_error": 1}
    broadcast.close()


def test_a_predicate_that_wants_to_leave_is_no_acknowledgement(tmp_path: Path) -> None:
    """It cannot end this thread, nor the program."""

    def predicate(generation: Any) -> bool:
        raise SystemExit

    with opened(tmp_path, Server(), predicate=predicate) as broadcast:
        assert not broadcast.record(record())
        with broadcast.trace("root"):
            pass
        assert broadcast.record is not None
        assert broadcast.refused == {"internal_error": 1}


def test_items_without_a_receipt_may_fail_too(tmp_path: Path) -> None:
    """Of an event loop, which waits for none."""

    def predicate(generation: Any) -> bool:
        raise SystemExit if generation.key == "gen-1" else ValueError

    async def work() -> None:
        for number in (1, 2):
            with broadcast.call(REQUEST) as call:
                call.response = answer(number)

    with opened(tmp_path, Server(), predicate=predicate) as broadcast:
        asyncio.run(work())
        broadcast.flush(SOON_S)
        assert broadcast.refused == {"internal_error": 2}


def test_a_full_inbox_is_no_acknowledgement(tmp_path: Path) -> None:
    """As without a spool."""
    with opened(tmp_path, Server(), queue=QueueLimits(max_bytes=10)) as broadcast:
        assert not broadcast.record(record())
        assert broadcast.refused == {"queue_full": 1}


def test_closing_leaves_the_rest_in_the_spool_after_half_a_second(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And says nothing, because nothing is lost."""
    broadcast = opened(tmp_path, Server(DOWN))
    broadcast.record(record())
    begun_s = time.monotonic()
    done = broadcast.close()

    assert not done
    assert time.monotonic() - begun_s < 4.0
    assert not [message for message in caplog.messages if "shut down" in message]
    assert broadcast.counts()["here"].pending == 1


def test_what_is_in_memory_at_the_end_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The disk fails to the last, so these spans are lost."""
    broadcast = opened(tmp_path, Server(DOWN))
    database = broadcast._spooling.spool._disk._database  # type: ignore[union-attr]

    def run(*arguments: Any, **options: Any) -> Any:
        raise Unavailable("no room")

    database.run = run  # type: ignore[method-assign]
    assert broadcast.record(record())
    assert not broadcast.durable
    assert broadcast.counts()["here"].in_memory == 1
    assert (
        str(broadcast.counts()["here"])
        == "1 span recorded: 0 delivered, 1 pending, 1 of them in memory alone"
    )
    broadcast.close(0.0)

    assert "otlpjson: here: shut down with 1 undelivered span" in caplog.messages


def test_a_disabled_destination_is_parked(tmp_path: Path) -> None:
    """Until it is enabled again."""
    server = Server(DOWN)
    with opened(tmp_path, server) as broadcast:
        broadcast.record(record())
    server.outcome = ACCEPTED
    with opened(tmp_path, server, to(enabled=False)) as broadcast:
        broadcast.record(record(2))
        broadcast.flush(0.05)
        [stock] = broadcast._spooling.spool.stocks()  # type: ignore[union-attr]
    assert (server.names, stock.parked) == ([], "is renamed, removed or disabled")
    with opened(tmp_path, server) as broadcast:
        assert broadcast.flush(SOON_S)

    assert len(server.names) == 1


def test_destinations_of_different_forms_have_bytes_of_their_own(tmp_path: Path) -> None:
    """One in privacy mode has no content on the disk."""
    secret = "CONTENT-OF-THE-PROMPT"
    broadcast = opened(tmp_path, Server(DOWN), to(privacy_mode=True))
    broadcast.record(record(messages=[{"role": "user", "content": secret}]))
    broadcast.close(0.0)

    assert not any(secret.encode() in file.read_bytes() for file in tmp_path.iterdir())


def test_what_is_parked_is_adopted_by_hand(tmp_path: Path) -> None:
    """By one destination, which then gets it."""
    server = Server(DOWN)
    with opened(tmp_path, server) as broadcast:
        broadcast.record(record())
    server.outcome = ACCEPTED
    with opened(tmp_path, server, to("new"), to("other")) as broadcast:
        assert broadcast.adopt("here", "new") == 1
        assert broadcast.flush(SOON_S)
        counts = broadcast.counts()

    assert (counts["new"].delivered, counts["other"].recorded) == (1, 0)


def test_what_has_content_is_not_adopted_by_a_destination_in_privacy_mode(tmp_path: Path) -> None:
    """Each refusal says what was expected."""
    with opened(tmp_path, Server(DOWN)) as broadcast:
        broadcast.record(record())
    private = to("private", privacy_mode=True)
    with opened(tmp_path, Server(), private, to("off", enabled=False)) as broadcast:
        for arguments, reason in [
            (("here",), "here: has content, and private is in privacy mode"),
            (("nobody",), "nobody: nothing is parked under this name"),
            (("here", "off"), "destination: expected one of private"),
        ]:
            with pytest.raises(ConfigError) as caught:
                broadcast.adopt(*arguments)
            assert str(caught.value) == reason
    with pytest.raises(ConfigError, match="spool: there is none"):
        Broadcast([]).adopt("x")


def test_what_was_refused_is_resent_by_a_later_process(tmp_path: Path) -> None:
    """With the same ids and bytes."""
    server = Server(REFUSED)
    with opened(tmp_path, server) as broadcast:
        broadcast.record(record())
        broadcast.flush(SOON_S)
        [kept] = broadcast.quarantined()["here"]
        assert kept.outcome == REFUSED
    server.outcome = ACCEPTED
    with opened(tmp_path, server) as broadcast:
        assert broadcast.resend() == 1
        assert broadcast.flush(SOON_S)

    assert len(set(server.bodies)) == 1 and len(server.bodies) == 2


def test_each_second_leases_are_renewed_and_the_disk_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while nothing is recorded."""
    ticked = threading.Event()
    spool = Spool(tmp_path)
    monkeypatch.setattr(spool, "tick", ticked.set)
    broadcast = opened(spool, Server())
    group: Any = broadcast._inbox._group
    group.every_s = 0.01
    broadcast.record(record())

    assert ticked.wait(SOON_S)
    broadcast.close()


def test_the_saved_configuration_names_a_spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable goes before it, and an argument before both."""
    document = {
        "version": 1,
        "destinations": {"here": {"kind": "otel_collector", "endpoint": URL}},
        "spool": str(tmp_path / "saved"),
    }
    path = tmp_path / "destinations.json"
    path.write_text(json.dumps(document))
    monkeypatch.setenv("OTLPJSON_CONFIG", str(path))
    for folder in ("saved", "named", "given"):
        if folder == "named":
            monkeypatch.setenv("OTLPJSON_SPOOL", str(tmp_path / "named"))
        spool = tmp_path / "given" if folder == "given" else None
        with Broadcast.from_config(spool=spool) as broadcast:
            assert broadcast._spooling.spool.path == tmp_path / folder  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "variables",
    [
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"},
        {
            "OTLPJSON_BASE_URL": "https://a.test",
            "OTLPJSON_INSTANCE_ID": "1",
            "OTLPJSON_API_KEY": "glc_x",
        },
    ],
)
def test_variables_alone_name_a_spool(tmp_path: Path, variables: dict[str, str]) -> None:
    """In a container there is nothing else."""
    found = find({**variables, "OTLPJSON_SPOOL": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)})

    assert found is not None and found.spool == tmp_path


def test_a_saved_spool_counts_for_opentelemetrys_variables_too(tmp_path: Path) -> None:
    """A file with a spool alone has no destinations, so these are looked for next."""
    path = tmp_path / "destinations.json"
    path.write_text(json.dumps({"version": 1, "destinations": {}, "spool": str(tmp_path / "spool")}))
    found = find({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}, path)

    assert found is not None and found.spool == tmp_path / "spool"


@pytest.mark.parametrize("value", ["", 5, None, {}])
def test_a_spool_that_is_no_path_is_refused(tmp_path: Path, value: Any) -> None:
    """With the key that is wrong."""
    path = tmp_path / "destinations.json"
    path.write_text(json.dumps({"version": 1, "destinations": {}, "spool": value}))

    with pytest.raises(ConfigError, match="spool: expected the path of a folder"):
        find({}, path)


def test_instrument_uses_the_configured_spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As ``from_config`` does."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("OTLPJSON_SPOOL", str(tmp_path / "spool"))
    broadcast = otlpjson.instrument()
    try:
        assert broadcast.durable
    finally:
        uninstrument()
        broadcast.close()


def test_a_spool_that_cannot_be_used_is_refused_when_a_broadcast_is_made(tmp_path: Path) -> None:
    """In one line, and before anything is recorded; the name of a destination twice goes before that."""
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="file: not a folder"):
        opened(tmp_path / "file", Server())
    with pytest.raises(ConfigError, match="here: name of more than one destination"):
        opened(tmp_path / "never", Server(), to(), to())
    assert not (tmp_path / "never").exists()


def test_a_broadcast_that_could_not_be_made_has_a_repr() -> None:
    """For whoever prints a traceback with its variables."""
    assert repr(Broadcast.__new__(Broadcast)) == "Broadcast()"


def test_spooling_needs_no_destination(tmp_path: Path) -> None:
    """As where nothing is configured."""
    spooling = Spooling(tmp_path, [], QueueLimits())

    assert not spooling.begin([])
    spooling.close()
