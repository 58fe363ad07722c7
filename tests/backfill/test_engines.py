# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Each engine gives what one process gives, whichever of its processes are killed."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from otlpjson.backfill import Job, Report, Shard, shards_of
from otlpjson.backfill.engines import Done, cluster_of, local, run_locally, run_on_cluster
from otlpjson.core.errors import ConfigError

from ..processes.trees import workers_below
from .rows import job_in, lines_of
from .test_job import files


def shards_in(folder: Path, count: int = 400) -> list[Shard]:
    """About ten parts for each hundred records."""
    path = folder / "calls.jsonl"
    path.write_bytes(lines_of(count))
    return list(shards_of([path], None, 5000))


def undisturbed(folder: Path, shards: list[Shard]) -> tuple[list[Done], dict[str, bytes]]:
    """What one process gives."""
    return list(run_locally(job_in(folder / "one"), shards, 1)), files(folder / "one")


def in_order(results: Any) -> list[Done]:
    """As the parts are in the file."""
    return sorted(results, key=lambda done: done[0].start)


class Killer:
    """Kills a child of this process every so often, so many times."""

    def __init__(self, times: int) -> None:
        self._times = times
        self.killed = 0
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while self.killed < self._times and not self._over.wait(0.35):
            for pid in workers_below(os.getpid())[-1:]:
                os.kill(pid, signal.SIGKILL)
                self.killed += 1


@pytest.mark.process
@pytest.mark.slow
def test_several_processes_give_what_one_gives(tmp_path: Path) -> None:
    """Byte for byte, and report for report."""
    shards = shards_in(tmp_path)
    results, expected = undisturbed(tmp_path, shards)

    assert in_order(run_locally(job_in(tmp_path / "several"), iter(shards), 2)) == results
    assert files(tmp_path / "several") == expected
    assert len(results) == len(shards) > 30


@pytest.mark.process
@pytest.mark.slow
def test_workers_that_are_killed_are_replaced(tmp_path: Path) -> None:
    """Every part is done once, and nothing is left behind."""
    shards = shards_in(tmp_path, 1500)
    _, expected = undisturbed(tmp_path, shards)
    job = job_in(tmp_path / "killed")
    with Killer(3) as killer:
        results = []
        for shard, report in run_locally(job, shards, 2):
            job.sweep([report.part])
            results.append((shard, report))
            time.sleep(0.01)

    assert killer.killed >= 1
    assert [shard for shard, _ in in_order(results)] == shards
    assert files(tmp_path / "killed") == expected


@pytest.mark.process
@pytest.mark.slow
def test_a_part_that_ends_its_process_each_time_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not tried for ever."""
    monkeypatch.setattr(local, "MAX_ENDINGS", 2)
    [shard] = shards_in(tmp_path, 5)[:1]
    with pytest.raises(
        ChildProcessError, match=r"calls\.jsonl at byte 0: worker processes were ended from outside 2 times"
    ):
        list(run_locally(_Deadly(**_fields(job_in(tmp_path / "out"))), [shard], 2))


@pytest.mark.process
@pytest.mark.slow
def test_an_error_of_a_part_ends_the_run(tmp_path: Path) -> None:
    """Without waiting for the others, which end in the middle of their work."""
    shards = shards_in(tmp_path, 5)[:1]
    job = job_in(tmp_path / "out")
    Path(shards[0].path).unlink()
    for workers in (1, 2):
        with pytest.raises(FileNotFoundError):
            list(run_locally(job, shards, workers))


@pytest.mark.process
@pytest.mark.slow
def test_dask_gives_what_one_process_gives(tmp_path: Path) -> None:
    """Also when its workers are killed; then the scheduler's address serves a second client."""
    shards = shards_in(tmp_path, 800)
    results, expected = undisturbed(tmp_path, shards)
    job = job_in(tmp_path / "dask")
    with cluster_of(None, 2) as client:
        with Killer(1) as killer:
            found = []
            for done in run_on_cluster(job, shards, client):
                found.append(done)
                time.sleep(0.01)
        for _, report in found:
            job.sweep([report.part])
        with cluster_of(client.scheduler.address, 0) as other:
            again = list(run_on_cluster(job, shards, other))
        Path(shards[0].path).unlink()
        with pytest.raises(FileNotFoundError):
            list(run_on_cluster(job, shards[:1], client))
        with pytest.raises(
            ChildProcessError, match="at byte 0: workers were ended from outside again and again"
        ):
            list(run_on_cluster(_Deadly(**_fields(job)), shards[:1], client))

    assert killer.killed == 1
    assert in_order(found) == in_order(again) == results
    assert files(tmp_path / "dask") == expected


def test_without_dask_its_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not a module that cannot be found."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ConfigError, match=r"dask: needs the package dask\[distributed\]"),
        cluster_of(None, 1),
    ):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_a_scheduler_that_does_not_answer_is_a_wrong_address(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said once, without what the package logs."""
    from otlpjson.backfill.engines import cluster

    monkeypatch.setattr(cluster, "_CONNECT_S", 0.5)
    with pytest.raises(ConfigError, match="--scheduler: no scheduler answers"), cluster_of(address, 1):
        pass


def test_a_cluster_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """After some tries, because a worker may be killed while it starts."""
    import distributed

    tried: list[int] = []

    def fail(**_: object) -> None:
        tried.append(1)
        raise RuntimeError("Nanny failed to start.") from OSError(24, "Too many open files")

    monkeypatch.setattr(distributed, "LocalCluster", fail)
    words = r"Dask's cluster did not start: OSError: \[Errno 24\] Too many open files"
    with pytest.raises(ChildProcessError, match=words), cluster_of(None, 1):
        pass

    assert len(tried) == 5


class _Deadly(Job):
    """A job that ends its process."""

    def run(self, shard: Shard) -> Report:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("unreachable")


def _fields(job: Job) -> dict[str, Any]:
    return {"mapper": job.mapper, "output": job.output, "folder": job.folder}
