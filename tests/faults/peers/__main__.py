# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The faults, one after the other, for each of the peers; a table is printed.

    python -m tests.faults.peers [SCENARIO …]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ..trial import ROOT
from .program import PEERS
from .server import PeerServer

_TIMEOUT_S: Final = 150.0
_OUTAGE_S: Final = 20.0
_RECORDED: Final = {
    "outage": 400,
    "sigterm": 100,
    "forks": 90,
    "redirect": 20,
    "poison": 20,
    "drip": 20,
    "bomb": 20,
    "burst": 10_000,
    "memory": 500,
}
_BEHAVIOUR: Final = {"outage": "503", "sigterm": "ok", "forks": "ok", "burst": "ok", "memory": "503"}
_TITLES: Final = {
    "outage": "20 s of 503, spans that arrived",
    "sigterm": "SIGTERM right after recording",
    "forks": "40 forks with spans waiting",
    "redirect": "the server redirects",
    "poison": "one span that the server refuses",
    "drip": "an answer of one byte per second",
    "bomb": "an answer of 256 MiB, compressed",
    "burst": "10,000 spans in a tight loop",
    "memory": "500 spans of 1 MB, server down",
}


def main(wanted: Sequence[str]) -> int:
    """Runs them."""
    for scenario in wanted or _RECORDED:
        print(f"\n{scenario}: {_TITLES[scenario]}", flush=True)
        for peer in PEERS:
            print(f"  {peer:<24} {_figures(scenario, _run(peer, scenario))}", flush=True)
    return 0


def _run(peer: str, scenario: str) -> dict[str, Any]:
    with PeerServer(_BEHAVIOUR.get(scenario, scenario)) as server, tempfile.TemporaryDirectory() as folder:
        if scenario == "outage":
            threading.Timer(_OUTAGE_S, lambda: setattr(server, "behaviour", "ok")).start()
        command = [
            sys.executable,
            "-m",
            "tests.faults.peers.program",
            peer,
            scenario,
            server.url,
            f"{folder}/s",
        ]
        begun_s = time.monotonic()
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, timeout=_TIMEOUT_S, check=False, text=True
            )
        except subprocess.TimeoutExpired:
            return {"arrived": len(server.accepted), "again": server.again, "hung": True}
        facts = {"took_s": round(time.monotonic() - begun_s, 1), "exit": done.returncode}
        if done.stdout.strip():
            facts.update(json.loads(done.stdout.splitlines()[-1]))
        if peer == "otlpjson, spool":
            # The next process, or the same command, sends what is left.
            facts["kept"] = _kept(Path(folder) / "s")
        return {"arrived": len(server.accepted), "again": server.again, **facts}


def _kept(folder: Path) -> int:
    from otlpjson.delivery.spool import Spool

    if not folder.exists():
        return 0
    spool = Spool(folder)
    counts = [stock.counts for stock in spool.stocks()]
    spool.close()
    return sum(count.pending + count.quarantined for count in counts)


def _figures(scenario: str, facts: dict[str, Any]) -> str:
    if facts.get("hung"):
        return f"{facts['arrived']} of {_RECORDED[scenario]} arrived; did not end within {_TIMEOUT_S:.0f} s"
    parts = [f"{facts['arrived']} of {_RECORDED[scenario]} arrived"]
    parts += [f"{facts['kept']} kept on the disk"] if facts.get("kept") else []
    parts += [f"{facts['again']} twice"] if facts["again"] else []
    if "end_s" in facts:
        parts += [f"recording {facts['recording_s']} s, end {facts['end_s']} s, {facts['mib']} MiB"]
    else:
        parts += [f"exit {facts['exit']} after {facts['took_s']} s"]
    return ", ".join(parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
