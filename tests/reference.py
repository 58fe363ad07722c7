# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What the API reference must hold: every public name with its docstring, every parameter and field described.

``make golden`` writes the overview of each page, which shows the signatures where a page is read as it is.
"""

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

import otlpjson
from otlpjson import broadcast, delivery, openrouter, receiver, testing, view
from otlpjson import inspect as inspection
from otlpjson.delivery import spool

from .environments import ROOT
from .site.docstrings import items

__all__ = ["DOORS", "REFERENCE", "documented", "is_called", "omissions", "page_of", "with_overview"]

REFERENCE: Final = ROOT / "docs" / "reference"
DOORS: Final = (otlpjson, broadcast, delivery, inspection, openrouter, receiver, spool, testing, view)

_OVERVIEW: Final = re.compile(
    r"(<!-- overview -->\n).*?(?=\n<!-- end of the overview -->\n)", flags=re.DOTALL
)
_SIMPLE: Final = (type(None), bool, int, float, str, bytes)
_ENTRY: Final = re.compile(r"^::: (\S+)$", flags=re.MULTILINE)


def documented(folder: Path) -> set[str]:
    """The full names that the pages of a folder describe."""
    pages = sorted(folder.glob("*.md"))
    return {name for page in pages for name in _ENTRY.findall(page.read_text(encoding="utf-8"))}


def page_of(door: ModuleType) -> Path:
    """The page that describes a module."""
    return REFERENCE / f"{door.__name__.rpartition('.')[2]}.md"


def with_overview(page: str, door: ModuleType) -> str:
    """The page with the signature and first sentence of every public name of its module."""
    lines = "".join(f"\n- {_in_short(door, name)}\n" for name in sorted(door.__all__, key=str.lower))
    written, count = _OVERVIEW.subn(lambda found: found[1] + lines.replace("\n\n", "\n"), page)
    if count != 1:
        raise AssertionError(f"{door.__name__}: its page has no place for an overview")
    return written


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
    elif not _text_of_alias(door, name):
        yield f"{path}: no docstring"


def _of_class(path: str, described: type) -> Iterator[str]:
    # Not inspect.getdoc, which finds the docstring of a base class.
    docstring = inspect.cleandoc(described.__doc__ or "")
    # Before Python 3.11 an enum without a docstring has the second one.
    if docstring in ("", "An enumeration."):
        yield f"{path}: no docstring"
    for name, member in vars(described).items():
        function = getattr(member, "__func__", getattr(member, "fget", member))
        if inspect.isfunction(function) and not name.startswith("_"):
            yield from _of_function(f"{path}.{name}", function)
    if not is_called(described):
        return
    listed = items(docstring)
    fields = [field.name for field in attrs.fields(described)] if attrs.has(described) else []
    wanted = [name for name in fields if not name.startswith("_")]
    wanted += [] if fields else _parameters(vars(described)["__init__"])
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


def _in_short(door: ModuleType, name: str) -> str:
    value = getattr(door, name)
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        return f"`{name}`: {_first_sentence(_text_of_alias(door, name))}"
    first = _first_sentence(value.__doc__ or "")
    shown = _without_types(inspect.signature(value)) if is_called(value) else ""
    return f"`{name}{shown}`: {first}"


def _first_sentence(docstring: str) -> str:
    first, *_ = re.split(r"\n|(?<=\.) (?=[A-Z`])", inspect.cleandoc(docstring))
    return str(first)


def is_called(value: object) -> bool:
    """Whether a caller gives it arguments: nobody constructs a member of an enumeration or a protocol."""
    if not inspect.isclass(value):
        return inspect.isfunction(value)
    if issubclass(value, enum.Enum) or getattr(value, "_is_protocol", False):
        return False
    return attrs.has(value) or "__init__" in vars(value)


class _Hidden:
    """A default that would take too much room."""

    def __repr__(self) -> str:
        return "…"


def _without_types(signature: inspect.Signature) -> str:
    parameters = []
    for parameter in signature.parameters.values():
        default = parameter.default
        if default is not parameter.empty and type(default) not in _SIMPLE and default != ():
            default = _Hidden()
        parameters.append(parameter.replace(annotation=parameter.empty, default=default))
    return str(inspect.Signature(parameters))


def _parameters(function: object) -> list[str]:
    assert callable(function)
    return [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]


def _all(listed: dict[str, list[str]]) -> list[str]:
    return [name for names in listed.values() for name in names]


def _text_of_alias(module: ModuleType, name: str) -> str:
    """The text that follows the assignment of an alias: an alias of a type has no ``__doc__``."""
    body = ast.parse(inspect.getsource(module)).body
    for node, after in zip(body, body[1:]):
        if isinstance(node, ast.ImportFrom) and name in [alias.name for alias in node.names]:
            below = import_module("." * node.level + (node.module or ""), module.__package__)
            return _text_of_alias(below, name)
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [name]:
            value = getattr(after, "value", None)
            return str(value.value) if isinstance(value, ast.Constant) else ""
    return ""
