# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A spool that is damaged while nobody uses it: torn logs (A4), wrong bits and pages of zeros (A5)."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Callable, Final

import attrs

from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import Counts, Outcome, OutcomeKind, otel_collector
from otlpjson.delivery.spool import Spool
from otlpjson.testing import FakeTransport

from .trial import FORKS, Trial
from .writer import record_of

__all__ = ["flips", "torn"]

_PAGE: Final = 4096
# The smallest entry takes more than 700 bytes.
_MOST_ON_A_PAGE: Final = 5
_NOTHING: Final = Outcome(kind=OutcomeKind.UNREACHABLE)
_URL: Final = "http://127.0.0.1:9/v1/traces"


@attrs.frozen
class Sample:
    """
    The files of a spool as a kill leaves them: a part in the database, the rest in its log.

    Attributes:
        folder: Where they are.

        groups: What is in it: each group by the name of its span, in order.
    """

    folder: Path
    groups: dict[str, Any]


def torn(folder: Path, step: int) -> Trial:
    """
    The log is cut at every byte, or every so many: what was committed before the cut is there.

    Each commit holds one record, so their number is that of the commits that are whole.
    """
    made = _sample(folder, records=3, in_log=3)
    cuts = range(0, len((made.folder / "spool.db-wal").read_bytes()) + 1, step)
    return _shared_out(_torn, "log cut at every byte (A4)", made, cuts)


def _torn(made: Sample, cuts: Sequence[int], copy: Path) -> Trial:
    log = (made.folder / "spool.db-wal").read_bytes()
    ends = _commit_ends(log)
    trial = Trial(name="", tries=len(cuts))
    for cut in cuts:
        shutil.copytree(made.folder, copy)
        (copy / "spool.db-wal").write_bytes(log[:cut])
        (copy / "spool.db-shm").unlink(missing_ok=True)
        arrived, wrong, _ = _read(copy, made)
        # The first commits made the tables.
        least = max(sum(end <= cut for end in ends) - (len(ends) - len(made.groups)), 0)
        trial.acknowledged += least
        trial.lost += max(least - len(arrived), 0)
        trial.wrong += [f"cut at {cut}: {text}" for text in wrong]
        if arrived != list(made.groups)[: len(arrived)]:
            trial.wrong.append(f"cut at {cut}: not the first ones: {arrived}")
        shutil.rmtree(copy)
    return trial


def flips(folder: Path, tries: int, seed: int) -> Trial:
    """
    One wrong bit, or a page of zeros, anywhere in the files.

    What is lost has to fit on the pages that were damaged, everything else arrives as it was recorded,
    and the counts and the files say how much was lost.
    """
    made = _sample(folder, records=120, in_log=50)
    seeds = range(seed * tries, (seed + 1) * tries)
    return _shared_out(_flipped, "wrong bits and zeros (A5)", made, seeds)


def _flipped(made: Sample, seeds: Sequence[int], copy: Path) -> Trial:
    files = [made.folder / name for name in ("spool.db", "spool.db-wal", "spool.db-shm")]
    trial = Trial(name="", tries=len(seeds))
    slowest_s, aside, losses = 0.0, 0, 0
    before_last = _commit_ends((made.folder / "spool.db-wal").read_bytes())[-2]
    for seed in seeds:
        shutil.copytree(made.folder, copy)
        draw = random.Random(seed)
        zeros = seed % 4 == 3
        file = draw.choices(files, [path.stat().st_size for path in files])[0]
        data = bytearray(file.read_bytes())
        at = draw.randrange(len(data))
        bit = draw.randrange(8)
        if zeros:
            data[at : at + _PAGE] = bytes(len(data[at : at + _PAGE]))
        else:
            data[at] ^= 1 << bit
        (copy / file.name).write_bytes(data)
        what = f"{file.name} at {at}, {'zeros' if zeros else f'bit {bit}'}"
        begun_s = time.monotonic()
        try:
            arrived, wrong, counts = _read(copy, made)
        except Exception as error:
            trial.wrong.append(f"{what}: {type(error).__name__}: {error}")
            shutil.rmtree(copy)
            continue
        slowest_s = max(slowest_s, time.monotonic() - begun_s)
        lost = len(made.groups) - len(set(arrived))
        losses += lost
        aside += any(copy.glob("damaged-*.db"))
        trial.acknowledged += len(made.groups)
        trial.twice += len(arrived) - len(set(arrived))
        trial.wrong += [f"{what}: {text}" for text in wrong]
        if lost > (_MOST_ON_A_PAGE * 2 if zeros else _MOST_ON_A_PAGE):
            trial.wrong.append(f"{what}: {lost} did not arrive: {counts}")
        # The last transaction of a log may be torn, and then nobody knows that it ever was.
        unknown = file.suffix == ".db-wal" and at + (_PAGE if zeros else 1) > before_last
        if counts.recorded < len(made.groups) - unknown:
            trial.wrong.append(f"{what}: {counts}")
        shutil.rmtree(copy)
    trial.facts.update({"did not arrive": losses, "kept aside": aside, "slowest s": round(slowest_s, 2)})
    return trial


def _shared_out(
    work: Callable[[Sample, Sequence[int], Path], Trial], name: str, made: Sample, tries: Sequence[int]
) -> Trial:
    """All tries, shared out among processes; of figures the sum, or the slowest."""
    share = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    whole = Trial(name=name, tries=0)
    with ProcessPoolExecutor(share, mp_context=FORKS) as pool:
        running = [
            pool.submit(work, made, tries[number::share], made.folder.with_name(f"damaged-{number}"))
            for number in range(share)
        ]
        for part in (one.result() for one in running):
            whole.tries += part.tries
            whole.acknowledged += part.acknowledged
            whole.lost += part.lost
            whole.twice += part.twice
            whole.wrong += part.wrong
            for fact, value in part.facts.items():
                known = whole.facts.get(fact, 0)
                whole.facts[fact] = max(known, value) if fact.startswith("slowest") else known + value
    return whole


def _broadcast(folder: Path | Spool, transport: FakeTransport) -> Broadcast:
    target = BroadcastDestination(destination=otel_collector(_URL), name="here")
    return Broadcast([target], spool=folder, transport=lambda target: transport)


def _sample(folder: Path, *, records: int, in_log: int) -> Sample:
    """A spool from which nothing was sent; the last of its records are in the log alone."""
    nobody = FakeTransport(judge=lambda body: _NOTHING)
    broadcast = _broadcast(folder / "made", nobody)
    names = [f"s{number}" for number in range(records)]
    for number, name in enumerate(names):
        if number == records - in_log:
            broadcast.close(0.0)  # into the database
            broadcast = _broadcast(folder / "made", nobody)
        assert broadcast.record(record_of(name, 100 + number % 7 * 900))
    # As it is on the disk while the process runs.
    copied = shutil.copytree(folder / "made", folder / "copied")
    broadcast.close(0.0)
    transport = FakeTransport()
    with _broadcast(shutil.copytree(copied, folder / "whole"), transport) as reader:
        assert reader.flush(30.0)
    groups = _groups(transport)
    assert list(groups) == names
    return Sample(copied, groups)


def _groups(transport: FakeTransport) -> dict[str, Any]:
    """Each group that was sent, by the name of its span."""
    groups = [group for body in transport.sent for group in json.loads(body)["resourceSpans"]]
    return {group["scopeSpans"][0]["spans"][0]["name"]: group for group in groups}


def _read(folder: Path, made: Sample) -> tuple[list[str], list[str], Counts]:
    """What arrives of a damaged spool, what of it is not as it was recorded, and the counts."""
    transport = FakeTransport()
    spool = Spool(folder)
    with _broadcast(spool, transport) as broadcast:
        done = broadcast.flush(10.0)
        counts = broadcast.counts()["here"]
        (stock,) = spool.stocks()
    wrong = [] if done else ["the flush did not end"]
    if stock.recorded != counts.recorded:
        wrong.append(f"{stock.recorded} were recorded, but {counts}")
    groups = [group for body in transport.sent for group in json.loads(body)["resourceSpans"]]
    names = []
    for group in groups:
        name = group["scopeSpans"][0]["spans"][0]["name"]
        names.append(name)
        if made.groups.get(name) != group:
            wrong.append(f"wrong bytes were sent: {name!r}")
    return names, wrong, counts


def _commit_ends(log: bytes) -> list[int]:
    """Where each transaction of a log ends; sqlite.org/fileformat2.html, section 4.1."""
    step = 24 + _PAGE
    return [
        at + step
        for at in range(32, len(log) - step + 1, step)
        if int.from_bytes(log[at + 4 : at + 8], "big") and log[at + 8 : at + 16] == log[16:24]
    ]
