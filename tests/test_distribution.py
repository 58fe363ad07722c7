# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What is in the wheel and the sdist, and what is not."""

from __future__ import annotations

import configparser
import email
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
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", "__pycache__", "*.egg-info", "build", "dist", ".*_cache", ".hypothesis"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both distributions, built from a clean copy without network."""
    source = tmp_path_factory.mktemp("source") / "project"
    shutil.copytree(ROOT, source, ignore=LEFT_OUT)
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(source)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return target


def modules() -> set[str]:
    """Every file of the package, as its path in a distribution."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "otlpjson").rglob("*")
        if path.suffix == ".py" or path.name in ("LICENSE", "py.typed", "rules.md")
    }


def test_the_wheel_holds_the_package_and_nothing_else(built: Path) -> None:
    """Every module, the marker for type checkers, the licence; no tests, no fixtures."""
    with zipfile.ZipFile(built / f"{NAME}-py3-none-any.whl") as wheel:
        names = set(wheel.namelist())
    metadata = {name for name in names if name.startswith(f"{NAME}.dist-info/")}

    assert names - metadata == modules()
    assert "otlpjson/py.typed" in names
    assert {name.rpartition("/")[2] for name in metadata} >= {
        "METADATA",
        "LICENSE",
        "entry_points.txt",
        "RECORD",
    }


def test_the_wheels_metadata_says_what_is_needed(built: Path) -> None:
    """Two dependencies at run time; the commands are an extra."""
    with zipfile.ZipFile(built / f"{NAME}-py3-none-any.whl") as wheel:
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
        "LICENSE",
        "Makefile",
        "setup.cfg",
        "pyproject.toml",
        "MANIFEST.in",
        "PKG-INFO",
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
