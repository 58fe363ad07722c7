# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The public names."""

from __future__ import annotations

import ast
import inspect
import pydoc
import re

import pytest

import otlpjson
from otlpjson import broadcast, core, delivery, openrouter, receiver, testing
from otlpjson import inspect as inspection


def test_the_packages_namespace_is_what_all_says() -> None:
    """Sorted, complete, importable with a star, at most 30."""
    scope: dict[str, object] = {}
    exec("from otlpjson import *", scope)
    imported = {name for name in scope if not name.startswith("__")}

    assert imported == set(otlpjson.__all__)
    assert len(otlpjson.__all__) <= 30


def test_the_first_files_hold_nothing_but_names() -> None:
    """The core's has a literal version; the root's hands on the core's names; both load some on first use."""
    core_tree, root_tree = (ast.parse(inspect.getsource(package)) for package in (core, otlpjson))
    in_core = [type(node).__name__ for node in core_tree.body]
    in_root = [type(node).__name__ for node in root_tree.body]
    functions = [
        node.name
        for tree in (core_tree, root_tree)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]

    assert set(in_core) == set(in_root) == {"Expr", "ImportFrom", "If", "Assign", "AnnAssign"}
    assert in_core.count("Expr") == 1 and in_core.count("Assign") == 2
    assert functions == []
    assert otlpjson.__all__ == core.__all__
    assert re.fullmatch(r"\d+\.\d+\.\d+", core.__version__)
    assert otlpjson.__version__ == core.__version__


def test_broadcast_is_a_name_of_the_package() -> None:
    """Imported from the root, shown by ``dir`` and ``help``, and the same class as in its folder."""
    from otlpjson import Broadcast, BroadcastDestination

    assert Broadcast is broadcast.Broadcast
    assert BroadcastDestination is broadcast.BroadcastDestination
    assert {"Broadcast", "BroadcastDestination", *otlpjson.__all__} <= set(dir(otlpjson))
    assert "class Broadcast" in pydoc.render_doc(f"{otlpjson.__name__}.Broadcast")
    assert "Broadcast" in pydoc.render_doc(otlpjson)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError) as caught:
        otlpjson.Nothing  # type: ignore[attr-defined]  # noqa: B018  # the test is about its absence

    assert str(caught.value) == f"module '{otlpjson.__name__}' has no attribute 'Nothing'"


def test_every_public_name_is_documented() -> None:
    """Also those of the folders."""
    for package in (otlpjson, broadcast, delivery, inspection, openrouter, receiver, testing):
        for name in package.__all__:
            if name not in (
                "AttributeValue",
                "Hierarchy",
                "Integers",
                "Times",
            ):  # aliases of types have no docstring
                assert inspect.getdoc(getattr(package, name)), name
