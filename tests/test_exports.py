# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The public names."""

from __future__ import annotations

import ast
import inspect
import re

import otlpjson
from otlpjson import delivery, openrouter


def test_the_packages_namespace_is_what_all_says() -> None:
    """Sorted, complete, importable with a star, at most 25."""
    scope: dict[str, object] = {}
    exec("from otlpjson import *", scope)
    imported = {name for name in scope if not name.startswith("__")}

    assert imported == set(otlpjson.__all__)
    assert len(otlpjson.__all__) <= 25


def test_the_packages_first_file_holds_nothing_else() -> None:
    """Docstring, imports, ``__all__`` and a literal version."""
    tree = ast.parse(inspect.getsource(otlpjson))
    kinds = [type(node).__name__ for node in tree.body]

    assert set(kinds) == {"Expr", "ImportFrom", "Assign"}
    assert kinds.count("Expr") == 1 and kinds.count("Assign") == 2
    assert re.fullmatch(r"\d+\.\d+\.\d+", otlpjson.__version__)


def test_every_public_name_is_documented() -> None:
    """Also those of the two packages inside."""
    for package in (otlpjson, openrouter, delivery):
        for name in package.__all__:
            if name not in ("AttributeValue", "Hierarchy"):  # aliases of types have no docstring
                assert inspect.getdoc(getattr(package, name)), name
