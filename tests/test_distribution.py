# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What is in the wheel and the sdist, and what is not."""

from __future__ import annotations

import configparser
import email
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import otlpjson

ROOT = Path(__file__).resolve().parent.parent
NAME = f"otlpjson_broadcast-{otlpjson.__version__}"
WHEEL = f"{NAME}-py3-none-any.whl"
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", "__pycache__", "*.egg-info", "build", "dist", ".*_cache", ".hypothesis", "node_modules"
)
DATA = ("LICENSE", "py.typed", "rules.md")
OF_PAGES = (".css", ".html", ".js", ".svg")

pytestmark = [pytest.mark.process, pytest.mark.slow]


def build(folder: Path, *, times_s: int, hash_seed: int) -> Path:
    """A folder with both distributions, built without network from a clean copy with these file times."""
    source, target = folder / f"project-{hash_seed}", folder / "dist"
    shutil.copytree(ROOT, source, ignore=LEFT_OUT)
    for path in source.rglob("*"):
        os.utime(path, (times_s, times_s))
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(source)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1790000000", "PYTHONHASHSEED": str(hash_seed)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return target


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both distributions."""
    return build(tmp_path_factory.mktemp("first"), times_s=1_600_000_000, hash_seed=1)


def modules() -> set[str]:
    """Every file of the package, as its path in a distribution."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "otlpjson").rglob("*")
        if path.suffix in (".py", *OF_PAGES) or path.name in DATA
    }


def test_the_wheel_holds_the_package_and_nothing_else(built: Path) -> None:
    """Every module, the marker for type checkers, the licence; no tests, no fixtures."""
    with zipfile.ZipFile(built / WHEEL) as wheel:
        names = set(wheel.namelist())
    metadata = {name for name in names if name.startswith(f"{NAME}.dist-info/")}

    assert names - metadata == modules()
    assert {"otlpjson/LICENSE", "otlpjson/py.typed", "otlpjson/inspect/rules.md"} <= names
    assert "otlpjson/view/page/index.html" in names
    assert {name.rpartition("/")[2] for name in metadata} >= {
        "METADATA",
        "LICENSE",
        "entry_points.txt",
        "RECORD",
    }


def test_the_wheels_metadata_says_what_is_needed(built: Path) -> None:
    """Two dependencies at run time; the commands are an extra."""
    with zipfile.ZipFile(built / WHEEL) as wheel:
        metadata = email.message_from_bytes(wheel.read(f"{NAME}.dist-info/METADATA"))
        entry_points = configparser.ConfigParser()
        entry_points.read_string(wheel.read(f"{NAME}.dist-info/entry_points.txt").decode())
    needed = [str(item) for item in metadata.get_all("Requires-Dist", [])]

    assert metadata["Name"] == "otlpjson-broadcast"
    assert metadata["Requires-Python"] == ">=3.9"
    assert "Apache-2.0" in (metadata["License-Expression"] or metadata["License"])
    assert [item for item in needed if "extra" not in item] == ["attrs>=22.2", "requests>=2.32.4"]
    assert sorted(item.partition(">")[0] for item in needed if item.endswith('extra == "cli"')) == [
        "click",
        "python-dotenv",
        "rich",
    ]
    assert dict(entry_points["console_scripts"]) == {"otlpjson": "otlpjson.__main__:main"}
    assert dict(entry_points["pytest11"]) == {"otlpjson": "otlpjson.testing.plugin"}


def test_the_sdist_holds_what_packagers_need(built: Path) -> None:
    """The package, its tests with their fixtures, and the texts; no environment, no hidden file."""
    with tarfile.open(built / f"{NAME}.tar.gz") as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()} - {""}
    texts = {
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
        "setup.cfg",
        "pyproject.toml",
        "MANIFEST.in",
        "PKG-INFO",
        "SECURITY.md",
        "mkdocs.yml",
    }

    assert modules() <= names
    assert texts <= names
    assert {"tests/oracle.py", "fixtures/README.md", "fixtures/wire/everything.json"} <= names
    assert {name for name in names if name.startswith(".") or "/." in name or "__pycache__" in name} == set()
    assert {name.partition("/")[0] for name in names} - texts == {
        "otlpjson",
        "otlpjson_broadcast.egg-info",
        "docs",
        "examples",
        "tests",
        "fixtures",
    }


def test_the_same_source_gives_the_same_wheel(built: Path, tmp_path: Path) -> None:
    """
    Bit by bit, in another folder, with other file times and in another process.

    Files keep the modes that they have in the checkout, so a release is made with the usual umask, 022.
    """
    again = build(tmp_path, times_s=1_700_000_000, hash_seed=2)

    assert (again / WHEEL).read_bytes() == (built / WHEEL).read_bytes()


def test_the_sdist_holds_no_private_key(built: Path) -> None:
    """The tests of TLS make theirs when they run."""
    key = b"PRIVATE KEY" + b"-----"
    with tarfile.open(built / f"{NAME}.tar.gz") as sdist:
        contents = {member.name: file.read() for member in sdist if (file := sdist.extractfile(member))}

    assert len(contents) > 300
    assert [name for name, content in contents.items() if key in content] == []
