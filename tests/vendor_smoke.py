# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What a vendored copy must be able to do, run as a script in a process of its own by ``tests/vendor_check.py``.

Its arguments: the copy's name, the folder or archive that holds it, the folder of golden files, which
part it is, and folders of libraries. Every module of the part is imported, nothing may come from
anywhere but the copy, and the golden files that need no code of the suite must come out of it.

It imports nothing of the suite, so that a copy of the core runs where there is only attrs.
"""

from __future__ import annotations

import json
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

INSTALLED: Final = "otlpjson"
# What each part must work without, the installed package first.
BLOCKED: Final = {
    "whole": {INSTALLED},
    "mapping": {
        INSTALLED,
        "requests",
        "urllib3",
        "certifi",
        "idna",
        "click",
        "rich",
        "platformdirs",
        "pytest",
    },
    "core": {INSTALLED},
}
FOLDERS: Final = {"whole": ("",), "mapping": (".core", ".inspect", ".openrouter"), "core": ("",)}


class Blocked:
    """Refuses imports that the copy must do without."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Called by Python for each module that is not loaded yet."""
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"{name} is blocked", name=name)


def main(arguments: Sequence[str]) -> int:
    """Prints what is wrong with the copy; 0 where nothing is."""
    name, place, fixtures, part, *libraries = arguments
    sys.dont_write_bytecode = True
    sys.path[:0] = [place]
    sys.path += libraries
    sys.meta_path.insert(0, Blocked(BLOCKED[part]))

    imported = [module for folder in FOLDERS[part] for module in modules(name + folder)]
    steps = [golden_bodies, a_value_and_an_error]
    if part != "core":
        steps += [golden_records, a_body_is_checked]
    if part == "whole":
        steps += [a_record_arrives, the_commands_start]
    wrong = [complaint for step in steps for complaint in step(name, Path(fixtures))]
    wrong += from_elsewhere(name, place, libraries if part == "core" else None)
    print(f"{part}: {len(imported)} modules imported, {len(steps)} steps, {len(wrong)} wrong")
    for complaint in wrong:
        print(f"  {complaint}")
    return 1 if wrong else 0


def modules(name: str) -> Iterator[str]:
    """Imports a package with everything below, and names what it imported."""
    package = import_module(name)
    yield name
    for item in pkgutil.iter_modules(package.__path__, f"{name}."):
        if item.ispkg:
            yield from modules(item.name)
        else:
            import_module(item.name)
            yield item.name


def from_elsewhere(name: str, place: str, libraries: Sequence[str] | None) -> Iterator[str]:
    """Modules that come from somewhere they must not come from."""
    for module_name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if module_name.partition(".")[0] == INSTALLED:
            yield f"{module_name} was imported"
        if f"{module_name}.".startswith(f"{name}.") and not file.startswith(place):
            yield f"{module_name} comes from {file}"
        if libraries is not None and "-packages" in file and not file.startswith(tuple(libraries)):
            yield f"{module_name} is neither of the standard library nor attrs"


def golden_bodies(name: str, fixtures: Path) -> Iterator[str]:
    """Each is read and comes out as the same bytes."""
    otlp = import_module(name)
    count = 0
    for path in sorted(fixtures.glob("wire/*.json")):
        numbers = path.name.endswith(".numbers.json")
        body = path.read_bytes()
        count += 1
        if otlp.encode(otlp.decode(body), integers_as_numbers=numbers) != body:
            yield f"another body than {path.name}"
    for path in sorted(fixtures.glob("encode/*.json")):
        count += 1
        if indented(otlp.encode(otlp.decode(path.read_bytes()))) != path.read_bytes():
            yield f"another body than encode/{path.name}"
    if count < 40:
        yield f"only {count} golden bodies"


def a_value_and_an_error(name: str, fixtures: Path) -> Iterator[str]:
    """A body from values, and the refusal of a wrong one."""
    otlp = import_module(name)
    times = {"start_ns": 1, "end_ns": 2}
    span = otlp.Span(trace_id="1" * 32, span_id="2" * 16, name="pay", attributes={"amount": 12}, **times)
    group = otlp.ResourceSpans(scope_spans=[otlp.ScopeSpans(spans=[span])])
    body = otlp.encode(otlp.TracesData(resource_spans=[group]))
    expected = (
        b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"11111111111111111111111111111111",'
        b'"spanId":"2222222222222222","name":"pay","kind":1,"startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"amount","value":{"intValue":"12"}}]}]}]}]}'
    )
    if body != expected:
        yield f"another body than expected: {body.decode()}"
    for wrong in (b"{", body.replace(b"2222222222222222", b"0000000000000000")):
        try:
            otlp.decode(wrong)
        except otlp.InvalidDocument:
            continue
        yield f"{wrong[:60].decode()} was not refused"


def golden_records(name: str, fixtures: Path) -> Iterator[str]:
    """Each record is mapped to its golden bodies."""
    otlp, openrouter = import_module(name), import_module(f"{name}.openrouter")
    forms: dict[str, tuple[dict[str, Any], bool]] = {
        "body.json": ({}, False),
        "body.private.json": ({"privacy_mode": True}, False),
        "body.observed.json": ({"hierarchy": "observed"}, True),
    }
    folders = sorted(path.parent for path in fixtures.glob("openrouter/*/record.json"))
    for folder in folders:
        generation = openrouter.read_record(json.loads((folder / "record.json").read_bytes()))
        for file, (options, numbers) in forms.items():
            data = otlp.TracesData(resource_spans=openrouter.resource_spans(generation, **options))
            if indented(otlp.encode(data, integers_as_numbers=numbers)) != (folder / file).read_bytes():
                yield f"another body than {folder.name}/{file}"
    if len(folders) < 20:
        yield f"only {len(folders)} records"


def a_body_is_checked(name: str, fixtures: Path) -> Iterator[str]:
    """A good body is good, and what is wrong with a bad one is found."""
    check = import_module(f"{name}.inspect").check
    body = (fixtures / "wire" / "root_span.json").read_bytes()
    if not check(body).passed or check(body.replace(b"eee19b7ec3c1b174", b"0")).passed:
        yield "check does not tell good from bad"


def a_record_arrives(name: str, fixtures: Path) -> Iterator[str]:
    """From a program through the background worker to a server."""
    receiver = import_module(f"{name}.receiver")
    broadcast = import_module(f"{name}.broadcast")
    destination = import_module(f"{name}.delivery").otel_collector
    record = json.loads((fixtures / "openrouter" / "guide" / "record.json").read_bytes())
    with receiver.Receiver() as server:
        to = broadcast.BroadcastDestination(
            name="default", destination=destination(f"{server.base_url}/v1/traces")
        )
        with broadcast.Broadcast([to]) as running:
            running.record(record)
            running.flush(30.0)
        if not server.lines:
            yield "the record did not arrive"


def the_commands_start(name: str, fixtures: Path) -> Iterator[str]:
    """The command line of the copy maps a record."""
    command = import_module(f"{name}.__main__").main
    if command(["check", str(fixtures / "wire" / "root_span.json")]) != 0:
        yield "the command failed"


def indented(body: bytes) -> bytes:
    """The same tokens in the form of the golden files for people."""
    return json.dumps(json.loads(body), indent=1).encode("ascii") + b"\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
