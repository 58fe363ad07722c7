# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Time per span of every reader of the same body: ``python -m tests.bench.decode``.

The readers do not do the same work. Ours and protobuf's check names, types and ranges; ours besides
finds members given twice, times that run backwards and ids that are none. The official reader of
JSON checks little, and ``json.loads`` nothing but JSON. All are measured as ``encode`` is.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Callable, Final

from otlpjson import decode, decode_lenient, encode

from ..plain import protobuf_message
from . import workload
from .encode import Run, measure, table

__all__ = ["main", "readers"]

_ROUNDS: Final = 15
_SPANS: Final = 300
_OFFICIAL: Final = "opentelemetry-proto-json"


def readers() -> dict[str, Callable[[bytes], Any]]:
    """Each reader that is installed, ours first."""
    found: dict[str, Callable[[bytes], Any]] = {
        "decode": decode,
        "decode_lenient": decode_lenient,
        "protobuf's JSON reader, ids turned to base64": protobuf_message,
        "json.loads alone": json.loads,
    }
    try:
        messages: Any = import_module("opentelemetry.proto_json.trace.v1.trace")
    except ModuleNotFoundError:
        return found
    found[_OFFICIAL] = lambda body: messages.TracesData.from_json(body.decode())
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.decode", description="Times the decoder.")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="default: %(default)s")
    parser.add_argument("--spans", type=int, default=_SPANS, help="spans in a body; default: %(default)s")
    options = parser.parse_args(argv)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python}, {options.rounds} rounds. Measured: from the bytes of one body to what a reader gives,")
    print(f"{options.spans} spans of 16 attributes each, new ones in every round, garbage collection on.\n")
    found = readers()
    if _OFFICIAL not in found:
        print(f"{_OFFICIAL}: not measured, not installed\n")
    runs = [
        Run(name, lambda seed: encode(workload.traces(seed, options.spans)), read)
        for name, read in found.items()
    ]
    print(table(measure(runs, options.rounds, options.spans), "span"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
