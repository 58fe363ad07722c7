# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The hook sees a module when it has been imported, and changes nothing about the import."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from otlpjson.capture.imports import ImportHook

NAMES = ("otlpjson_trial_a", "otlpjson_trial_b", "otlpjson_trial_broken", "otlpjson_trial_missing")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Three modules that can be imported, of which one raises."""
    (tmp_path / "otlpjson_trial_a.py").write_text("VALUE = 1\n", encoding="utf-8")
    (tmp_path / "otlpjson_trial_b").mkdir()
    (tmp_path / "otlpjson_trial_b" / "__init__.py").write_text("from . import inner\n", encoding="utf-8")
    (tmp_path / "otlpjson_trial_b" / "inner.py").write_text("VALUE = 2\n", encoding="utf-8")
    (tmp_path / "otlpjson_trial_broken.py").write_text("raise ValueError('broken')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("otlpjson_trial")]:
        del sys.modules[name]


@pytest.fixture
def seen(folder: Path) -> Iterator[list[ModuleType]]:
    """What a hook has seen; the hook is installed meanwhile."""
    seen: list[ModuleType] = []
    hook = ImportHook(NAMES, seen.append)
    hook.install()
    yield seen
    hook.remove()
    assert hook not in sys.meta_path


def test_a_module_is_seen_when_it_is_whole(seen: list[ModuleType]) -> None:
    module: Any = importlib.import_module("otlpjson_trial_a")
    importlib.import_module("json")

    assert seen == [module] and module.VALUE == 1
    # What looks at the module finds what it would find without the hook.
    assert type(module.__loader__).__name__ == "SourceFileLoader"
    assert module.__spec__.loader is module.__loader__


def test_a_package_is_seen_once(seen: list[ModuleType]) -> None:
    importlib.import_module("otlpjson_trial_b.inner")

    assert [module.__name__ for module in seen] == ["otlpjson_trial_b"]


def test_a_module_that_was_there_before_is_seen_at_once(folder: Path) -> None:
    seen: list[ModuleType] = []
    module = importlib.import_module("otlpjson_trial_a")
    hook = ImportHook(NAMES, seen.append)
    hook.install()
    hook.remove()
    # It may be removed twice.
    hook.remove()

    assert seen == [module]


def test_a_module_that_is_not_whole_yet_is_left(folder: Path) -> None:
    """Another thread is importing it, and its classes may be missing."""
    seen: list[ModuleType] = []
    hook = ImportHook(NAMES, seen.append)
    module: Any = ModuleType("otlpjson_trial_a")
    module.__spec__ = importlib.util.find_spec("otlpjson_trial_a")
    module.__spec__._initializing = True
    sys.modules["otlpjson_trial_a"] = module
    hook.install()
    hook.remove()

    assert seen == []


def test_what_does_not_exist_and_what_raises_stays_so(seen: list[ModuleType]) -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("otlpjson_trial_missing")
    with pytest.raises(ValueError, match="broken"):
        importlib.import_module("otlpjson_trial_broken")

    assert seen == []
    assert importlib.util.find_spec("otlpjson_trial_missing") is None


def test_a_loader_of_another_kind_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One without ``exec_module`` cannot be followed; and a finder of the old kind is passed over."""

    class Old:
        """A finder that has no ``find_spec``."""

    class Finder:
        @staticmethod
        def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
            return importlib.machinery.ModuleSpec(name, object(), origin="trial")  # type: ignore[arg-type]

    hook = ImportHook(NAMES, lambda module: None)
    monkeypatch.setattr(sys, "meta_path", [hook, Old(), Finder])
    spec = hook.find_spec("otlpjson_trial_missing")

    assert spec is not None and type(spec.loader) is object


def test_the_loader_has_what_the_original_has(seen: list[ModuleType]) -> None:
    spec = importlib.util.find_spec("otlpjson_trial_a")
    assert spec is not None
    loader: Any = spec.loader

    assert loader.get_source("otlpjson_trial_a") == "VALUE = 1\n"
    assert loader.is_package("otlpjson_trial_a") is False


def test_a_module_without_a_spec_is_loaded(seen: list[ModuleType]) -> None:
    spec = importlib.util.find_spec("otlpjson_trial_a")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    module.__spec__ = None
    spec.loader.exec_module(module)

    assert seen == [module]
