# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Names of a package that are loaded when they are used, so that importing the package takes less time."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Callable

__all__ = ["on_first_use"]


def on_first_use(
    package: dict[str, Any], places: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """
    The ``__getattr__`` and the ``__dir__`` of a package.

    Args:
        package: Its ``globals()``; a name that was loaded is added.

        places: For each name the module that it comes from, such as ``.decoder``.
    """

    def load(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package['__name__']!r} has no attribute {name!r}")
        package[name] = getattr(import_module(places[name], package["__name__"]), name)
        return package[name]

    return load, lambda: sorted({*package, *places})
