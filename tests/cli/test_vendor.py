# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``vendor``: what it copies, what it refuses to overwrite, and what it says of a copy."""

from __future__ import annotations

import json
import os
import re
import sys
import zipfile
from pathlib import Path

import pytest

import otlpjson
from otlpjson.vendoring.manifest import MANIFEST

from .commands import Commands, Ran, process

PACKAGE = Path(otlpjson.__file__).parent
VERSION = otlpjson.__version__
WHOLE = {
    path.relative_to(PACKAGE).as_posix(): path.read_bytes()
    for path in PACKAGE.rglob("*")
    if path.suffix in (".py", ".css", ".html", ".js", ".svg")
    or path.name in ("LICENSE", "py.typed", "rules.md")
}
CORE = {
    name.rpartition("/")[2]: content
    for name, content in WHOLE.items()
    if name.startswith("core/") or name in ("LICENSE", "py.typed")
}
SAME = f"; the same as the running {VERSION}\n"


def content(place: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()
    }


def of_version(place: Path, version: str) -> None:
    """Makes a copy one of another version."""
    manifest = json.loads((place / MANIFEST).read_bytes())
    (place / MANIFEST).write_text(json.dumps({**manifest, "version": version}), encoding="ascii")


def refused(place: Path, reason: str) -> Ran:
    """How the command ends where it does nothing."""
    return Ran(2, b"", f"otlpjson: {place}: {reason}\n")


@pytest.fixture
def core(commands: Commands, tmp_path: Path) -> Path:
    """A copy of the core."""
    place = tmp_path / "app" / "_vendor" / "telemetry"
    assert commands("vendor", place, "--core").code == 0
    return place


def test_the_whole_package_is_copied(commands: Commands, tmp_path: Path) -> None:
    """As it is, with licence and manifest; the folders above are made."""
    place = tmp_path / "app" / "_vendor" / "telemetry"
    ran = commands("vendor", place)
    checked = commands("vendor", place, "--check")
    files = content(place)
    manifest = json.loads(files.pop(MANIFEST))

    count = len(WHOLE)
    assert ran == Ran(0, b"", f"{place}: whole otlpjson {VERSION}, {count} files\n")
    assert checked == Ran(0, b"", f"{place}: whole otlpjson {VERSION}, {count} files, unchanged{SAME}")
    assert files == WHOLE
    assert sorted(manifest["sha256"]) == sorted(files)
    assert os.listdir(place.parent) == ["telemetry"]


def test_the_core_is_copied_alone(commands: Commands, core: Path) -> None:
    """And imports where there is nothing but attrs and the standard library."""
    checked = commands("vendor", core, "--check")
    files = content(core)

    assert checked == Ran(0, b"", f"{core}: core otlpjson {VERSION}, {len(CORE)} files, unchanged{SAME}")
    assert set(files) == {*CORE, MANIFEST}
    assert {name: files[name] for name in CORE} == CORE


@pytest.mark.process
@pytest.mark.slow
def test_a_copy_works_under_its_name_and_can_be_copied_on(tmp_path: Path, commands: Commands) -> None:
    """The copy of a copy is the same; its commands are those of the package."""
    commands("vendor", tmp_path / "acme")
    run = (sys.executable, "-c", "import sys; from acme.__main__ import main; sys.exit(main())")
    environ = {"PYTHONPATH": os.fspath(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = process(*run, "vendor", str(tmp_path / "again"), environ=environ)

    assert ran.code == 0
    assert content(tmp_path / "again") == content(tmp_path / "acme")


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("folders", [True, False])
def test_a_package_in_a_zip_file_is_copied(tmp_path: Path, folders: bool) -> None:
    """Whether the archive names its folders or not; a changed version proves which one ran."""
    archive = tmp_path / "lib.zip"
    changed = {"core/__init__.py": WHOLE["core/__init__.py"].replace(f'"{VERSION}"'.encode(), b'"9.8.7"')}
    with zipfile.ZipFile(archive, "w") as file:
        for folder in ("otlpjson/", "otlpjson/cli/", "otlpjson/core/", "otlpjson/openrouter/") * folders:
            file.writestr(folder, b"")
        for name, data in {**WHOLE, **changed, "__pycache__/ids.py": b"", "ids.pyc": b""}.items():
            file.writestr(f"otlpjson/{name}", data)
    start = f"import sys; sys.path.insert(0, {os.fspath(archive)!r}); from otlpjson.__main__ import main"
    ran = process(sys.executable, "-c", f"{start}; sys.exit(main())", "vendor", str(tmp_path / "copy"))
    files = content(tmp_path / "copy")

    expected = f"{tmp_path}/copy: whole otlpjson 9.8.7, {len(WHOLE)} files\n"
    assert ran == Ran(0, b"", expected)
    assert {name: files[name] for name in WHOLE} == {**WHOLE, **changed}
    assert set(files) == {*WHOLE, MANIFEST}


def test_an_unchanged_copy_is_replaced_whole(commands: Commands, tmp_path: Path) -> None:
    """Files that the new one lacks are gone, and so are caches of them."""
    place = tmp_path / "telemetry"
    commands("vendor", place)
    of_version(place, "0.0.1")
    (place / "delivery" / "__pycache__").mkdir()
    (place / "delivery" / "__pycache__" / "url.cpython-39.pyc").write_bytes(b"compiled")
    older = commands("vendor", place, "--check")
    ran = commands("vendor", place, "--core")

    count = len(WHOLE)
    words = f"{place}: whole otlpjson 0.0.1, {count} files, unchanged; older than the running {VERSION}\n"
    assert older == Ran(0, b"", words)
    assert ran == Ran(0, b"", f"{place}: core otlpjson {VERSION}, {len(CORE)} files\n")
    assert sorted(path.name for path in place.iterdir()) == sorted({*CORE, MANIFEST})


def test_a_copy_made_again_is_the_same(commands: Commands, core: Path) -> None:
    """So that version control sees no change."""
    before = content(core)
    ran = commands("vendor", core, "--core")

    assert ran.code == 0
    assert content(core) == before


def test_changes_are_named(commands: Commands, core: Path) -> None:
    """One per line on standard output, fit for a terminal; exit code 1."""
    (core / "ids.py").write_bytes(b"import os\n")
    (core / "bodies.py").unlink()
    (core / "model.py").unlink()
    (core / "model.py").symlink_to(PACKAGE / "core" / "model.py")
    (core / "own").mkdir()
    (core / "own" / "\x1b[2Jscreen.py").touch()
    (core / "__pycache__").mkdir()
    (core / "__pycache__" / "ids.cpython-39.pyc").touch()
    ran = commands("vendor", core, "--check")

    assert ran == Ran(
        1,
        b"changed ids.py\nchanged model.py\nmissing bodies.py\nadded own/ [2Jscreen.py\n",
        f"{core}: core otlpjson {VERSION}, {len(CORE)} files, changed{SAME}",
    )


def test_a_changed_copy_is_not_replaced(commands: Commands, core: Path) -> None:
    """The change may be wanted."""
    (core / "own.py").write_bytes(b"mine\n")
    before = content(core)
    ran = commands("vendor", core)

    assert ran == refused(core, "the copy was changed; list the changes with --check")
    assert content(core) == before


def test_a_newer_copy_is_not_replaced(commands: Commands, core: Path) -> None:
    """An old command in an old environment is a mistake."""
    of_version(core, "999.0.0")
    ran = commands("vendor", core)
    checked = commands("vendor", core, "--check")

    assert ran == refused(core, f"expected version {VERSION} or older, got 999.0.0")
    assert checked.code == 0
    assert checked.err.endswith(f", unchanged; newer than the running {VERSION}\n")


@pytest.mark.parametrize("arguments", [(), ("--check",)])
@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        (b"{", "VENDORED.json", "expected JSON, got text that is not JSON"),
        (b'{"package": "npm"}', "VENDORED.json.package", "expected 'otlpjson', got str 'npm'"),
    ],
)
def test_a_damaged_manifest_is_said(
    commands: Commands, core: Path, arguments: tuple[str, ...], text: bytes, place: str, reason: str
) -> None:
    """Nobody knows then what was changed, so nothing is replaced."""
    (core / MANIFEST).write_bytes(text)
    before = content(core)
    ran = commands("vendor", core, *arguments)

    assert ran == refused(core / place, reason)
    assert content(core) == before


def test_a_folder_with_other_files_is_not_replaced(commands: Commands, tmp_path: Path) -> None:
    """Nor compared; also where they are hidden."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / ".env").write_bytes(b"KEY=1\n")
    ran = commands("vendor", tmp_path / "app")
    checked = commands("vendor", tmp_path / "app", "--check")

    reason = "expected a copy made by `otlpjson vendor`, got a folder without VENDORED.json"
    assert ran == checked == refused(tmp_path / "app", reason)
    assert content(tmp_path / "app") == {".env": b"KEY=1\n"}


def test_an_empty_folder_is_filled(commands: Commands, tmp_path: Path) -> None:
    """Caches that an earlier copy left do not count; to compare there is nothing."""
    (tmp_path / "telemetry" / "__pycache__").mkdir(parents=True)
    (tmp_path / "telemetry" / "__pycache__" / "ids.cpython-39.pyc").touch()
    checked = commands("vendor", tmp_path / "telemetry", "--check")
    ran = commands("vendor", tmp_path / "telemetry", "--core")

    assert checked.code == 2
    assert ran.code == 0
    assert set(content(tmp_path / "telemetry")) == {*CORE, MANIFEST}


def test_nothing_and_a_file_are_no_copies(commands: Commands, tmp_path: Path) -> None:
    """And a file is not replaced."""
    file = tmp_path / "file"
    file.write_bytes(b"mine\n")

    assert commands("vendor", tmp_path / "none", "--check") == refused(
        tmp_path / "none", "expected a folder, got nothing"
    )
    assert commands("vendor", file, "--check") == refused(file, "expected a folder, got a file")
    assert commands("vendor", file) == refused(file, "expected a folder, got a file")
    assert content(tmp_path) == {"file": b"mine\n"}


@pytest.mark.parametrize("target", ["copy", "gone", "link"])
def test_a_symbolic_link_is_not_replaced(commands: Commands, tmp_path: Path, target: str) -> None:
    """Whatever it leads to: a copy, nothing, itself."""
    commands("vendor", tmp_path / "copy", "--core")
    link = tmp_path / "link"
    link.symlink_to(target)

    assert commands("vendor", link) == refused(link, "expected a folder, got a symbolic link")
    assert os.readlink(link) == target
    assert commands("vendor", link, "--check").code == (0 if target == "copy" else 2)


def test_a_loop_of_links_above_is_said(commands: Commands, tmp_path: Path) -> None:
    """In the system's words."""
    (tmp_path / "loop").symlink_to("loop")
    ran = commands("vendor", tmp_path / "loop" / "telemetry")

    assert (ran.code, ran.out) == (2, b"")
    assert re.fullmatch(rf"otlpjson: {tmp_path}/loop/telemetry: [A-Z][a-z ]+: {tmp_path}/loop\S*\n", ran.err)


@pytest.mark.parametrize("name", ["otlp-json", "class", "..", "1"])
def test_a_name_that_python_cannot_import_is_refused(commands: Commands, tmp_path: Path, name: str) -> None:
    """Nothing is written."""
    place = tmp_path / "app" / name

    assert commands("vendor", place) == refused(
        place, f"expected a folder whose name Python can import, got {name!r}"
    )
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("below", [(), ("delivery",), ("_vendor", "otlpjson")])
@pytest.mark.parametrize("through_a_link", [True, False])
def test_the_package_is_not_copied_into_itself(
    commands: Commands, tmp_path: Path, below: tuple[str, ...], through_a_link: bool
) -> None:
    """Nor over itself, also where a link hides it."""
    (tmp_path / "link").symlink_to(PACKAGE.parent)
    place = (tmp_path / "link" if through_a_link else PACKAGE.parent).joinpath(PACKAGE.name, *below)

    assert commands("vendor", place) == refused(
        place, "expected a folder outside the package itself, got one inside"
    )
    assert not (PACKAGE / "_vendor").exists()


def test_a_place_that_cannot_be_written_is_said(commands: Commands, tmp_path: Path) -> None:
    """A file where a folder should be, or a name that no file system takes."""
    file = tmp_path / "file"
    file.write_bytes(b"mine\n")
    long = tmp_path / ("x" * 300)

    for place, words in ((file / "telemetry", "File exists"), (long, "File name too long")):
        ran = commands("vendor", place)
        assert (ran.code, ran.out) == (2, b"")
        assert ran.err.startswith(f"otlpjson: {place}: {words}: {tmp_path}/")
    assert content(tmp_path) == {"file": b"mine\n"}


@pytest.mark.process
@pytest.mark.slow
def test_a_folder_that_its_owner_closed_is_said(tmp_path: Path, commands: Commands) -> None:
    """And the copy in it is as it was."""
    closed = tmp_path / "closed"
    commands("vendor", closed / "telemetry", "--core")
    closed.chmod(0o555)
    ran = process(sys.executable, "-c", WITHOUT_RIGHTS, str(closed))
    closed.chmod(0o755)

    assert (ran.code, ran.out) == (2, b"")
    assert re.fullmatch(
        r"otlpjson: telemetry: Permission denied: \S*\.telemetry\.\w+\n",
        ran.err,
    )
    assert set(content(closed)) == {f"telemetry/{name}" for name in (*CORE, MANIFEST)}


# Rights do not bind root, and another user may not come through the folders above: so from inside. Nor may
# that user read Python's own modules everywhere, so what is used is loaded before.
WITHOUT_RIGHTS = """
import os, sys
from importlib import resources
from otlpjson.cli import main
resources.files("otlpjson").joinpath("LICENSE").read_bytes()
os.chdir(sys.argv[1])
if os.getuid() == 0:
    os.setuid(65534)
sys.exit(main(["vendor", "telemetry"]))
"""
