# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Golden files: what each must hold, and ``python -m tests.golden``, which writes them.

Writing prints what changed and exits 1 if anything did. The package's copy of the page of rules is
written with them: commands cite rules, and an installed package has no folder ``docs``. So are the
overviews in the pages of the API reference.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import attrs

import otlpjson.inspect
from otlpjson import OtlpJsonError, TracesData, encode
from otlpjson.delivery.conclusion import conclude
from otlpjson.openrouter import read_record, resource_spans

from . import FIXTURES, reference
from .backfill.inputs.test_formats import FILES as INPUT_FILES
from .cases import answers, bodies, records, refusals

PAGE: Final = FIXTURES.parent / "docs" / "rules.md"
COPY_OF_PAGE: Final = Path(otlpjson.inspect.__file__).parent / "rules.md"


def goldens() -> dict[str, bytes]:
    """Every golden file's path below ``fixtures``, and what must be in it."""
    return dict([*_encoded(), *_on_the_wire(), *_mapped(), *_answered(), *_refused()])


def indented(body: bytes) -> bytes:
    """A body for people: the same tokens in the same order, one a line."""
    return json.dumps(json.loads(body), indent=1).encode("ascii") + b"\n"


def _encoded() -> Iterator[tuple[str, bytes]]:
    for case in bodies.CASES:
        yield f"encode/{case.__name__}.json", indented(encode(case()))


def _on_the_wire() -> Iterator[tuple[str, bytes]]:
    for case in bodies.ON_THE_WIRE:
        yield f"wire/{case.__name__}.json", encode(case())
    yield "wire/everything.numbers.json", encode(bodies.everything(), integers_as_numbers=True)


def _mapped() -> Iterator[tuple[str, bytes]]:
    for name in records.NAMES:
        generation = read_record(json.loads((FIXTURES / "openrouter" / name / "record.json").read_bytes()))
        for form, privacy_mode in (("body", False), ("body.private", True)):
            data = TracesData(resource_spans=resource_spans(generation, privacy_mode=privacy_mode))
            yield f"openrouter/{name}/{form}.json", indented(encode(data))
        observed = TracesData(resource_spans=resource_spans(generation, hierarchy="observed"))
        yield f"openrouter/{name}/body.observed.json", indented(encode(observed, integers_as_numbers=True))
        notes = "".join(f"{note}\n" for note in generation.skipped)
        yield f"openrouter/{name}/skipped.txt", notes.encode()


def _answered() -> Iterator[tuple[str, bytes]]:
    for case in answers.CASES:
        answer = case()
        outcome = conclude(answer, now=answers.NOW, secrets=answers.SECRETS)
        facts = {"answer": _facts(answer), "outcome": _facts(outcome)}
        yield f"answers/{case.__name__}.json", json.dumps(facts, indent=1).encode("ascii") + b"\n"


def _facts(value: Any) -> Any:
    return attrs.asdict(value, value_serializer=lambda owner, field, item: _plain(item))


def _plain(item: Any) -> Any:
    if isinstance(item, bytes):
        return item.decode("latin-1")
    return getattr(item, "value", item)


def _refused() -> Iterator[tuple[str, bytes]]:
    for case in refusals.CASES:
        try:
            case()
        except OtlpJsonError as error:
            yield f"refused/{case.__name__}.txt", f"{error}\n".encode()
        else:
            raise AssertionError(f"{case.__name__} was not refused")


def main() -> int:
    """Writes what differs, removes what no case owns, and says so."""
    wanted = goldens()
    kept = {f"openrouter/{name}/record.json" for name in records.NAMES} | {"README.md"}
    kept |= {f"inputs/{name}" for name in INPUT_FILES.values()}
    changed = 0
    for path in sorted(path for path in FIXTURES.rglob("*") if path.is_file()):
        name = path.relative_to(FIXTURES).as_posix()
        if name not in wanted and name not in kept:
            path.unlink()
            changed += 1
            print(f"removed {name}")
    for name, content in wanted.items():
        path = FIXTURES / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed += 1
            print(f"wrote {name}")
    if not COPY_OF_PAGE.is_file() or COPY_OF_PAGE.read_bytes() != PAGE.read_bytes():
        COPY_OF_PAGE.write_bytes(PAGE.read_bytes())
        changed += 1
        print(f"wrote {COPY_OF_PAGE.name} of the package")
    for door in reference.DOORS:
        page = reference.page_of(door)
        text = page.read_text(encoding="utf-8")
        if reference.with_overview(text, door) != text:
            page.write_text(reference.with_overview(text, door), encoding="utf-8")
            changed += 1
            print(f"wrote the overview in {page.name}")
    print(f"{len(wanted)} golden files, {changed} changed")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
