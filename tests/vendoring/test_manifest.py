# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What belongs to a copy, what its manifest says, and what is seen of changes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

import otlpjson
from otlpjson import ConfigError, InvalidDocument
from otlpjson.vendoring.manifest import (
    MANIFEST,
    Manifest,
    age,
    changes,
    copied,
    is_cache,
    is_package_name,
    is_source,
    read_manifest,
    refusal,
)

from .. import FIXTURES

VERSION = otlpjson.__version__
MAJOR, MINOR, PATCH = (int(number) for number in VERSION.split("."))
NAMES = (
    "LICENSE",
    "__init__.py",
    "core/__init__.py",
    "core/ids.py",
    "core/model.py",
    "inspect/rules.md",
    "openrouter/read.py",
    "py.typed",
)
SOURCES = {name: f"# {name}\n".encode() for name in NAMES}
CORE = ("LICENSE", "__init__.py", "ids.py", "model.py", "py.typed")
OLD = Manifest(
    version=VERSION,
    part="core",
    sha256=(("a.py", hashlib.sha256(b"a").hexdigest()), ("b/c.py", hashlib.sha256(b"c").hexdigest())),
)
SOUND: dict[str, Any] = {"package": "otlpjson", "version": VERSION, "part": "core", "sha256": {}}


def test_a_copy_of_the_whole_has_every_source_the_licence_and_a_manifest() -> None:
    """Sources are copied as they are."""
    files = copied(SOURCES, core=False)
    manifest = files.pop(MANIFEST)

    assert files == SOURCES
    assert read_manifest(manifest) == Manifest(
        version=VERSION,
        part="whole",
        sha256=tuple((name, hashlib.sha256(files[name]).hexdigest()) for name in sorted(files)),
    )


def test_a_copy_of_the_core_has_the_core_alone() -> None:
    """With the licence, for it may be passed on as well."""
    files = copied(SOURCES, core=True)

    assert set(files) == {*CORE, MANIFEST}
    assert files["__init__.py"] == SOURCES["core/__init__.py"]
    assert read_manifest(files[MANIFEST]).part == "core"


def test_the_manifest_is_the_same_whatever_the_order_of_the_sources() -> None:
    """No time, no place, no chance: a copy made again is no change for version control."""
    backwards = dict(reversed(list(SOURCES.items())))

    assert copied(SOURCES, core=False) == copied(backwards, core=False)


def test_the_manifest_is_text_for_people() -> None:
    """A member a line, files in order."""
    sources = dict.fromkeys(NAMES, b"")
    empty = hashlib.sha256(b"").hexdigest()
    lines = [f'    "{name}": "{empty}"' for name in CORE]

    assert copied(sources, core=True)[MANIFEST].decode("ascii") == (
        f'{{\n  "package": "otlpjson",\n  "version": "{VERSION}",\n  "part": "core",\n  "sha256": {{\n'
        + ",\n".join(lines)
        + "\n  }\n}\n"
    )


@pytest.mark.parametrize("core", [True, False])
def test_a_copy_without_the_page_of_rules_is_not_made(core: bool) -> None:
    """A whole copy would lack a command's data, and an installation without it is damaged."""
    sources = {name: content for name, content in SOURCES.items() if name != "inspect/rules.md"}

    with pytest.raises(ConfigError) as caught:
        copied(sources, core=core)

    assert str(caught.value) == "otlpjson: missing source files: inspect/rules.md"


@pytest.mark.parametrize("core", [True, False])
def test_compiled_modules_alone_are_refused(core: bool) -> None:
    """A copy without them would import until the first use."""
    sources = {name: content for name, content in SOURCES.items() if not name.startswith("core/")}

    with pytest.raises(ConfigError) as caught:
        copied(sources, core=core)

    assert str(caught.value) == "otlpjson: missing source files: core/__init__.py"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "VENDORED.json: expected JSON, got text that is not JSON"),
        (b"\xff\xfe\x00", "VENDORED.json: expected JSON, got text that is not JSON"),
        (b"[" * 100_000, "VENDORED.json: expected JSON, got text that is not JSON"),
        (b"[]", "VENDORED.json: expected an object, got list"),
        (b"{}", "VENDORED.json.package: expected 'otlpjson', got nothing"),
    ],
)
def test_what_is_no_manifest_is_refused(text: bytes, sentence: str) -> None:
    """Another program may have left a file of this name."""
    with pytest.raises(InvalidDocument) as caught:
        read_manifest(text)

    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("package", "other", "expected 'otlpjson', got str 'other'"),
        ("version", "1.0", "expected a version such as 0.1.0, got str '1.0'"),
        ("version", "1.0.0\n", "expected a version such as 0.1.0, got str '1.0.0\\n'"),
        ("version", "1.0.٣", "expected a version such as 0.1.0, got str '1.0.\\u0663'"),
        ("version", 1, "expected a version such as 0.1.0, got int 1"),
        ("version", "1.0." + "9" * 5000, f"expected a version such as 0.1.0, got str '1.0.{'9' * 55}…"),
        ("part", "most", "expected 'core' or 'whole', got str 'most'"),
        ("part", ["core"], "expected 'core' or 'whole', got list"),
        ("sha256", ["ids.py"], "expected 64 hex digits for each file, got list"),
        ("sha256", {"ids.py": None}, "expected 64 hex digits for each file, got dict"),
        ("sha256", {"ids.py": "A" * 64}, "expected 64 hex digits for each file, got dict"),
    ],
)
def test_a_damaged_member_of_a_manifest_is_named(member: str, value: object, words: str) -> None:
    """With what should stand there."""
    with pytest.raises(InvalidDocument) as caught:
        read_manifest(json.dumps({**SOUND, member: value}).encode())

    assert str(caught.value) == f"VENDORED.json.{member}: {words}"


def test_members_of_a_later_version_are_ignored() -> None:
    """So that an older command can compare a newer copy."""
    manifest = read_manifest(json.dumps({**SOUND, "made_with": {"love": True}}).encode())

    assert manifest == Manifest(version=VERSION, part="core", sha256=())


def test_a_manifest_shows_how_many_files_it_names() -> None:
    """Not their digests."""
    assert repr(OLD) == f"Manifest(version='{VERSION}', part='core', sha256=<2 files>)"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"a.py": b"a", "b/c.py": b"c"}, ()),
        ({"a.py": b"a", "b/c.py": b"c", MANIFEST: b"anything"}, ()),
        ({"a.py": b"A", "b/c.py": b"c"}, ("changed a.py",)),
        ({"a.py": None, "b/c.py": b"c"}, ("changed a.py",)),
        ({"a.py": b"a"}, ("missing b/c.py",)),
        ({}, ("missing a.py", "missing b/c.py")),
        ({"a.py": b"a", "b/c.py": b"c", "z": None, "d": b""}, ("added d", "added z")),
        ({"c.py": b"c", "a.py": b""}, ("changed a.py", "missing b/c.py", "added c.py")),
    ],
)
def test_each_change_is_named(found: dict[str, bytes | None], expected: tuple[str, ...]) -> None:
    """A link in place of a file is a change, whatever it leads to."""
    assert changes(OLD, found) == expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (f"{MAJOR}.{MINOR}.{PATCH}", "the same as"),
        (f"{MAJOR}.{MINOR}.{PATCH + 10}", "newer than"),
        (f"{MAJOR + 10}.0.0", "newer than"),
        ("0.0.9", "older than"),
        (f"00{VERSION}", "the same as"),
    ],
)
def test_versions_are_compared_as_numbers(version: str, expected: str) -> None:
    """``0.10.0`` is newer than ``0.9.0``."""
    assert age(Manifest(version=version, part="core", sha256=())) == expected


def test_a_copy_is_replaced_unless_that_would_lose_something() -> None:
    """A change of its owner's, or a newer version."""
    older, newer = (Manifest(version=version, part="core", sha256=()) for version in ("0.0.9", "999.0.0"))

    assert refusal(OLD, ()) is None
    assert refusal(older, ()) is None
    assert refusal(older, ["added own.py"]) == ("the copy was changed; list the changes with --check")
    assert refusal(newer, ()) == f"expected version {VERSION} or older, got 999.0.0"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("otlpjson", True), ("_vendor", True), ("otlp-json", False), ("1st", False), ("class", False)),
        *(("", False), ("..", False), ("a b", False), ("a.b", False), ("\udcff", False)),
    ],
)
def test_the_name_of_a_copy_is_one_that_python_can_import(name: str, expected: bool) -> None:
    """An identifier that is no keyword."""
    assert is_package_name(name) is expected


def test_modules_and_data_files_are_sources_and_nothing_else_is() -> None:
    """A copy of a copy does not take over its manifest."""
    names = (
        "ids.py",
        "py.typed",
        "ids.pyc",
        MANIFEST,
        "LICENSE",
        "rules.md",
        ".DS_Store",
        "native.so",
        "a.md",
        "main.js",
        "style.css",
    )
    kept = ["ids.py", "py.typed", "LICENSE", "rules.md", "main.js", "style.css"]

    assert [name for name in names if is_source(name)] == kept
    assert (is_cache("__pycache__"), is_cache("openrouter")) == (True, False)


def test_the_licence_in_the_package_is_the_projects() -> None:
    """Byte for byte."""
    package = Path(otlpjson.__file__).parent

    assert (package / "LICENSE").read_bytes() == (FIXTURES.parent / "LICENSE").read_bytes()
