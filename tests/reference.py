# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the API reference must hold: every public name with its docstring, every parameter and field described."""

from __future__ import annotations

import ast
import enum
import inspect
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

import attrs

from .site.docstrings import items

__all__ = ["documented", "omissions"]

_ENTRY: Final = re.compile(r"^::: (\S+)$", flags=re.MULTILINE)


def documented(folder: Path) -> set[str]:
    """The full names that the pages of a folder describe."""
    pages = sorted(folder.glob("*.md"))
    return {name for page in pages for name in _ENTRY.findall(page.read_text(encoding="utf-8"))}


def omissions(doors: Iterable[ModuleType], described: set[str]) -> list[str]:
    """A sentence for every public name that the reference or a docstring leaves out."""
    return [
        sentence for door in doors for name in door.__all__ for sentence in _of_name(door, name, described)
    ]


def _of_name(door: ModuleType, name: str, described: set[str]) -> Iterator[str]:
    path = f"{door.__name__}.{name}"
    if path not in described:
        yield f"{path}: not in the reference"
    value = getattr(door, name)
    if inspect.isclass(value):
        yield from _of_class(path, value)
    elif inspect.isfunction(value):
        yield from _of_function(path, value)
    elif not _is_described_alias(door, name):
        yield f"{path}: no docstring"


def _of_class(path: str, described: type) -> Iterator[str]:
    # Not inspect.getdoc, which finds the docstring of a base class.
    docstring = inspect.cleandoc(described.__doc__ or "")
    if not docstring:
        yield f"{path}: no docstring"
    for name, member in vars(described).items():
        function = getattr(member, "__func__", getattr(member, "fget", member))
        if inspect.isfunction(function) and not name.startswith("_"):
            yield from _of_function(f"{path}.{name}", function)
    # Neither is constructed by a caller with arguments of its own.
    if issubclass(described, enum.Enum) or getattr(described, "_is_protocol", False):
        return
    listed = items(docstring)
    fields = [field.name for field in attrs.fields(described)] if attrs.has(described) else []
    wanted = [name for name in fields if not name.startswith("_")]
    wanted += _parameters(described.__init__) if not fields and inspect.isfunction(described.__init__) else []
    yield from (f"{path}: {name} is not described" for name in wanted if name not in _all(listed))


def _of_function(path: str, function: object) -> Iterator[str]:
    docstring = inspect.getdoc(function)
    if not docstring:
        yield f"{path}: no docstring"
        return
    listed = items(docstring).get("Args", [])
    parameters = _parameters(function)
    yield from (f"{path}: {name} is not a parameter" for name in listed if name not in parameters)
    if listed:
        yield from (f"{path}: {name} is not described" for name in parameters if name not in listed)


def _parameters(function: object) -> list[str]:
    assert callable(function)
    return [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]


def _all(listed: dict[str, list[str]]) -> list[str]:
    return [name for names in listed.values() for name in names]


def _is_described_alias(module: ModuleType, name: str) -> bool:
    """Whether a text follows the assignment of an alias; an alias of a type has no ``__doc__``."""
    body = ast.parse(inspect.getsource(module)).body
    for node, after in zip(body, body[1:]):
        if isinstance(node, ast.ImportFrom) and name in [alias.name for alias in node.names]:
            below = import_module("." * node.level + (node.module or ""), module.__package__)
            return _is_described_alias(below, name)
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [name]:
            value = getattr(after, "value", None)
            return isinstance(value, ast.Constant) and isinstance(value.value, str)
    return False
