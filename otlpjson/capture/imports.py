# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A hook that calls a function when a module has been imported, now or later."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Callable

__all__ = ["ImportHook"]


class ImportHook:
    """
    Finds modules by way of all other finders, and sees when they have been loaded.

    Args:
        names: The top-level modules to wait for.

        on_import: Called with each of them when it is loaded.
    """

    def __init__(self, names: Collection[str], on_import: Callable[[ModuleType], object]) -> None:
        self._names = frozenset(names)
        self._on_import = on_import

    def install(self) -> None:
        """Begins to wait; calls the function for those that are loaded already."""
        sys.meta_path.insert(0, self)
        for name in sorted(self._names & sys.modules.keys()):
            module = sys.modules[name]
            # One that is being imported at this moment is not whole yet.
            if not getattr(getattr(module, "__spec__", None), "_initializing", False):
                self._on_import(module)

    def remove(self) -> None:
        """Ends that."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Called by Python's import system. Source: The import system, section "The meta path"."""
        if name not in self._names:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = None if find is None or finder is self else find(name, path, target)
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader, self._on_import)  # type: ignore[assignment]
                return spec
        return None


class _Loader:
    """A loader that says when it has loaded; everything else is the original's."""

    def __init__(self, loader: Any, on_import: Callable[[ModuleType], object]) -> None:
        self._loader = loader
        self._on_import = on_import

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        created: ModuleType | None = self._loader.create_module(spec)
        return created

    def exec_module(self, module: ModuleType) -> None:
        # What looks at a module's loader afterwards finds its own one.
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._on_import(module)
