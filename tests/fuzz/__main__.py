# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Atheris over one reader: ``python -m tests.fuzz decoder 600``, for so many seconds.

Begins with the fixtures and the corpus; stops at the first fault and writes its bytes into the
corpus, where a test finds them. Inputs that only reach new lines stay in a folder of their own.
"""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path
from typing import Any, Final

from .. import FIXTURES
from .structure import changed

_CORPUS: Final = Path(__file__).resolve().parent.parent / "corpus"
_WORDS: Final = Path(__file__).resolve().parent / "words.dict"
_SEEDS: Final = {
    "decoder": ("encode/*.json", "wire/*.json", "openrouter/guide/body*.json"),
    "record": ("openrouter/*/record.json",),
    "stream": ("openrouter/*/record.json",),
}


def _seeded(target: str, folder: Path) -> Path:
    """A folder with what the fuzzer begins with."""
    folder.mkdir(parents=True, exist_ok=True)
    for pattern in _SEEDS[target]:
        for path in sorted(FIXTURES.glob(pattern)):
            seed = path.read_bytes()
            if target == "stream":
                seed = (json.loads(seed).get("response_stream") or "").encode()
            (folder / f"{path.parent.name}-{path.name}").write_bytes(seed)
    return folder


def main() -> None:
    """Hands over to libFuzzer, which ends the process."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("target", choices=sorted(_SEEDS))
    parser.add_argument("seconds", type=int)
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"), help="where new inputs are kept")
    options = parser.parse_args()
    # Without types, and only in the environment that make fuzz makes.
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["otlpjson"]):
        targets = importlib.import_module("tests.fuzz.targets").TARGETS
    found = _CORPUS / options.target
    arguments = [
        *(
            "fuzz",
            f"-max_total_time={options.seconds}",
            "-max_len=4096",
            "-timeout=20",
            "-print_final_stats=1",
        ),
        *(f"-dict={_WORDS}", f"-artifact_prefix={found}/"),
        *(str(_seeded(options.target, options.folder / options.target)), str(found)),
    ]

    def mutated(data: bytes, max_size: int, seed: int) -> bytes:
        """Every other time as a document, where it is one, else as libFuzzer does."""
        document = changed(data, max_size, seed) if seed % 2 else data
        either: bytes = document if document != data else atheris.Mutate(data, max_size)
        return either

    atheris.Setup(arguments, targets[options.target], custom_mutator=mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
