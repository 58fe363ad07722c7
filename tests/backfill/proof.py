# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Proves that a backfill may be killed at any moment, and measures how fast and how large it is.

    python -m tests.backfill.proof [--records N] [--kills N]

Generates records, converts them undisturbed with one and with two workers, then with kill -9 of
workers and of the command at random moments, by processes and on Dask, and compares all files. It
also sends a part of them and compares that with the plan. Exit code 1 if anything differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import attrs

from otlpjson.receiver import Receiver

from ..processes.trees import workers_below

__all__ = ["main"]

_WORDS: Final = (
    "time",
    "cost",
    "token",
    "model",
    "prompt",
    "answer",
    "Grüße",
    "“quoted”",
    "line\nbreak",
    "東京",
    "café",
)
_PLANNED: Final = 20_000
_PARTS: Final = 120
_POLL_S: Final = 0.02
_LONGEST_S: Final = 3600.0


@attrs.frozen(kw_only=True)
class Run:
    """One run of the command: how long it took, its CPU time, and the largest resident sets in megabytes."""

    seconds: float
    command_mb: float = 0.0
    workers_mb: float = 0.0
    killed: int = 0
    restarts: int = 0


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the proof; 0 if everything is equal."""
    parser = argparse.ArgumentParser(prog="python -m tests.backfill.proof", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=20, help="by processes and on Dask together")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="otlpjson-proof-") as folder:
        proof = Proof(folder=Path(folder), draw=random.Random(options.seed), records=options.records)
        return proof.run(options.kills)


@attrs.define(kw_only=True)
class Proof:
    """The proof in a folder of its own."""

    folder: Path
    draw: random.Random
    records: int
    wrong: list[str] = attrs.field(factory=list)

    def run(self, kills: int) -> int:
        source = self.folder / "calls.jsonl"
        generate(source, self.records)
        size = source.stat().st_size
        say(f"{self.records:,} records, {size / 1e6:,.0f} MB")
        one = self.undisturbed("calls", "one", 1)
        expected = digests(self.folder / "one")
        output = sum(path.stat().st_size for path in (self.folder / "one").glob("*.jsonl"))
        shutil.rmtree(self.folder / "one")
        say(f"{len(expected) // 2} parts, {output / 1e6:,.0f} MB of OTLP/JSON")
        two = self.undisturbed("calls", "two", 2)
        self.require(digests(self.folder / "two") == expected, "two workers give other files than one")
        shutil.rmtree(self.folder / "two")
        for name, run in (("one worker", one), ("two workers", two)):
            rate = self.records / run.seconds
            say(
                f"{name}: {run.seconds:,.1f} s, {rate:,.0f} records/s, {size / run.seconds / 1e6:,.1f} MB/s in; "
                f"command {run.command_mb:,.0f} MB, largest worker {run.workers_mb:,.0f} MB"
            )
        say(f"two workers beside one: {one.seconds / two.seconds:.2f}")
        generate(self.folder / "tenth.jsonl", self.records // 10)
        tenth = self.undisturbed("tenth", "tenth", 2)
        say(f"a tenth of them: command {tenth.command_mb:,.0f} MB, largest worker {tenth.workers_mb:,.0f} MB")
        shutil.rmtree(self.folder / "tenth")
        for engine, count in (("local", kills - kills // 2), ("dask", kills // 2)):
            found = self.killed(engine, count, two.seconds)
            say(
                f"{engine}: {found.killed} workers and the command {found.restarts} times killed, "
                f"{found.seconds:,.1f} s"
            )
            self.require(found.killed + found.restarts == count, f"{engine}: too few were killed")
            self.require(digests(self.folder / engine) == expected, f"{engine}: other files than undisturbed")
            shutil.rmtree(self.folder / engine)
        self.planned(source)
        for line in self.wrong:
            say(f"WRONG: {line}")
        say("everything is equal" if not self.wrong else f"{len(self.wrong)} wrong")
        return 1 if self.wrong else 0

    def require(self, holds: bool, words: str) -> None:
        if not holds:
            self.wrong.append(words)

    def undisturbed(self, source: str, out: str, workers: int) -> Run:
        """A run to its end, with the memory that it took."""
        command_mb = workers_mb = 0.0
        begun_s = time.monotonic()
        with subprocess.Popen(self.command(source, out, "--workers", str(workers))) as running:
            while running.poll() is None:
                command_mb = max(command_mb, peak_mb(running.pid))
                for pid in workers_below(running.pid):
                    workers_mb = max(workers_mb, peak_mb(pid))
                time.sleep(_POLL_S * 10)
        self.require(running.returncode == 0, f"{out}: exit code {running.returncode}")
        return Run(seconds=time.monotonic() - begun_s, command_mb=command_mb, workers_mb=workers_mb)

    def killed(self, engine: str, kills: int, usual_s: float) -> Run:
        """A run in which workers, and the command itself, are killed at random moments; it is started again."""
        killed = restarts = 0
        seen: set[int] = set()
        begun_s = time.monotonic()
        command = self.command("calls", engine, "--workers", "2", "--engine", engine)
        while True:
            with subprocess.Popen(command, stderr=subprocess.PIPE) as running:
                while running.poll() is None and killed + restarts < kills:
                    self.wait(running, usual_s / (kills + 1))
                    below = workers_below(running.pid)
                    seen.update(below)
                    if self.draw.random() < 0.3:
                        running.kill()
                        restarts += 1
                    elif below:
                        with suppress(ProcessLookupError):
                            os.kill(self.draw.choice(below), signal.SIGKILL)
                            killed += 1
                _, said = running.communicate(timeout=_LONGEST_S)
                code = running.returncode
            if code == 0 and killed + restarts == kills:
                break
            if code not in (0, -signal.SIGKILL):
                self.wrong.append(f"{engine}: exit code {code}: {said.decode()[-2000:]}")
                break
            if code == 0:
                # It was too fast for all kills; a part of its files goes, so that there is work left.
                for path in sorted((self.folder / engine).glob("*.jsonl"))[::2]:
                    path.unlink()
        self.require(gone(seen), f"{engine}: processes were left")
        return Run(seconds=time.monotonic() - begun_s, killed=killed, restarts=restarts)

    def wait(self, running: subprocess.Popen[bytes], about_s: float) -> None:
        """Up to twice so long, or until the command has ended."""
        until_s = time.monotonic() + self.draw.random() * 2 * about_s
        while time.monotonic() < until_s and running.poll() is None:
            time.sleep(_POLL_S)

    def planned(self, source: Path) -> None:
        """A plan beside what is sent: records, spans, requests and bytes."""
        part = self.folder / "part.jsonl"
        with source.open("rb") as file, part.open("wb") as target:
            for _, line in zip(range(_PLANNED), file):
                target.write(line)
        sizes: list[int] = []
        with Receiver(on_body=lambda body: sizes.append(len(body))) as receiver:
            environ = {**os.environ, "OTLPJSON_ENDPOINT": f"{receiver.base_url}/v1/traces"}
            plan = subprocess.run(
                (*_OTLPJSON, "send", "--dry-run", str(part)),
                env=environ,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            subprocess.run((*_OTLPJSON, "send", str(part)), env=environ, capture_output=True, check=True)
        numbers = [int(word.replace(",", "")) for word in re.findall(r"[\d,]*\d", plan.partition("): ")[2])][
            :4
        ]
        say(
            f"planned: records, spans, requests, bytes {numbers}; sent: {len(sizes)} requests, {sum(sizes):,} bytes"
        )
        self.require(numbers[2:] == [len(sizes), sum(sizes)], "the plan is not what was sent")

    def command(self, source: str, out: str, *more: str) -> tuple[str, ...]:
        # As many parts for few records as for many, so that there is something to kill.
        shard_mb = max((self.folder / "calls.jsonl").stat().st_size / 1e6 / _PARTS, 0.1)
        given = ("backfill", str(self.folder / f"{source}.jsonl"), "--out", str(self.folder / out))
        return (*_OTLPJSON, "-q", *given, "--shard-mb", str(shard_mb), *more)


_OTLPJSON: Final = (sys.executable, "-m", "otlpjson")


def gone(pids: set[int]) -> bool:
    """Whether processes end by themselves, within twenty seconds."""
    until_s = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > until_s:
            return False
        time.sleep(_POLL_S)
    return True


def generate(path: Path, count: int) -> None:
    """Records with two texts of some six hundred characters; each has another id, cost and text."""
    draw = random.Random(7)
    texts = [" ".join(draw.choices(_WORDS, k=100)) for _ in range(200)]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            record: dict[str, Any] = {
                "request": {
                    "model": f"maker/model-{number % 9}",
                    "messages": [{"role": "user", "content": f"{number} {texts[number % 200]}"}],
                    "session_id": f"session-{number % 1000}",
                },
                "response": {
                    "id": f"gen-{number}",
                    "model": f"maker/model-{number % 9}",
                    "choices": [{"message": {"content": texts[number % 199]}, "finish_reason": "stop"}],
                    "usage": {
                        "prompt_tokens": number % 997,
                        "completion_tokens": 100,
                        "cost": number % 89 / 1e4,
                    },
                },
                "started_at": 1771005600000000000 + number * 1_000_000,
                "ended_at": 1771005601000000000 + number * 1_000_000,
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def digests(folder: Path) -> dict[str, str]:
    """A digest of each file below a folder, with those that begin with a dot."""
    return {
        path.relative_to(folder).as_posix(): hashlib.blake2b(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def peak_mb(pid: int) -> float:
    """The largest resident set of a process so far; 0 if it has ended."""
    with suppress(OSError, StopIteration):
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1000
    return 0.0


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
