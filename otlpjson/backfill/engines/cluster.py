# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A job on a Dask cluster: one that runs already, or one on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final

from ...core.errors import ConfigError
from ..job import Job
from ..optional import optional
from ..report import Report
from ..shards import Shard
from .local import MAX_ENDINGS, Done

__all__ = ["cluster_of", "run_on_cluster"]

_CONNECT_S: Final = 10
_STARTS: Final = 5
_SETTINGS: Final = MappingProxyType(
    {
        "distributed.scheduler.allowed-failures": MAX_ENDINGS,
        # Its notes about workers that end are for its own developers; a part that fails is an error here.
        "logging.distributed": "critical",
    }
)
# So that no worker waits for the next part while the scheduler is far away.
_PARTS_PER_WORKER: Final = 4


@contextmanager
def cluster_of(address: str | None, workers: int) -> Iterator[Any]:
    """
    A client of a cluster, which is a ``distributed.Client``.

    Args:
        address: That of its scheduler, such as ``tcp://10.0.0.1:8786``; ``None``: a cluster on this machine.

        workers: How many processes a cluster on this machine has.

    Raises:
        ConfigError: The package ``distributed`` is not installed, or no scheduler answers.
        ChildProcessError: The workers of a cluster on this machine ended while they started, several times.
    """
    distributed = optional("distributed", "dask")
    if address is None:
        settings = optional("dask", "dask").config.set(_SETTINGS)
        with settings, _local_cluster(workers) as cluster, distributed.Client(cluster) as client:
            yield client
        return
    try:
        client = distributed.Client(address, timeout=_CONNECT_S)
    except (OSError, ValueError) as error:
        raise ConfigError({"--scheduler": f"no scheduler answers ({type(error).__name__})"}) from None
    with client:
        yield client


def _local_cluster(workers: int) -> Any:
    distributed = optional("distributed", "dask")
    cause: BaseException | None = None
    for _ in range(_STARTS):
        try:
            # Without an address of its own, it would take a port that another cluster may have.
            return distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",
                silence_logs="CRITICAL",
            )
        except RuntimeError as error:
            # A worker that is killed before it has started ends the whole cluster.
            cause = error.__cause__ or error
    raise ChildProcessError(f"Dask's cluster did not start: {type(cause).__name__}: {cause}")


def run_on_cluster(job: Job, shards: Iterable[Shard], client: Any) -> Iterator[Done]:
    """
    Each part as soon as it is done.

    Args:
        job: What to do. Its folder, and the files of the parts, are the same on all machines.

        shards: Read a few ahead.

        client: As ``cluster_of`` gives it.

    Raises:
        ChildProcessError: The workers that had a part were ended from outside again and again.
        OSError: As ``Job.run``.
    """
    distributed = optional("distributed", "dask")
    rest = iter(shards)
    running: dict[str, Shard] = {}
    results = distributed.as_completed()

    def submit(shard: Shard) -> None:
        # What it gives depends on files, so an earlier result must not stand for it.
        future = client.submit(_run, job, shard, pure=False)
        running[future.key] = shard
        results.add(future)

    many = max(len(client.nthreads()), 1) * _PARTS_PER_WORKER
    for _, shard in zip(range(many), rest):
        submit(shard)
    for future in results:
        shard = running.pop(future.key)
        try:
            report = future.result()
        except distributed.KilledWorker:
            raise ChildProcessError(
                f"{shard.place(shard.start)}: workers were ended from outside again and again"
            ) from None
        future.release()
        yield shard, report
        following = next(rest, None)
        if following is not None:
            submit(following)


def _run(job: Job, shard: Shard) -> Report:
    return job.run(shard)
