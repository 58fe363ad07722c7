# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Packages that are optional: loaded when they are needed, and named if they are not installed."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from ..core.errors import ConfigError

__all__ = ["optional"]

_PACKAGES: Final = MappingProxyType({"zstd": "zstandard", "parquet": "pyarrow", "dask": "dask[distributed]"})


def optional(module: str, extra: str) -> Any:
    """
    A module of an extra of this package.

    Raises:
        ConfigError: It is not installed; names the package.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError:
        raise ConfigError({extra: f"needs the package {_PACKAGES[extra]}"}) from None
