# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What griffe does not know of this package: its style of docstrings, and the constructors that attrs makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import griffe

from .docstrings import for_griffe

__all__ = ["PackageStyle"]


class PackageStyle(griffe.Extension):
    """Puts every docstring into griffe's form, and gives every class of attrs the constructor it will have."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Called once, when the whole package was read."""
        _visit(pkg)


def _visit(owner: griffe.Module | griffe.Class) -> None:
    if owner.docstring is not None:
        owner.docstring.value = for_griffe(owner.docstring.value)
    for member in list(owner.members.values()):
        if isinstance(member, (griffe.Module, griffe.Class)):
            _visit(member)
        elif not member.is_alias and member.docstring is not None:
            member.docstring.value = for_griffe(member.docstring.value)
    if isinstance(owner, griffe.Class):
        _add_constructor(owner)


def _add_constructor(made: griffe.Class) -> None:
    options = [str(decorator.value) for decorator in made.decorators if "attrs." in str(decorator.value)]
    if not options or "init=False" in options[0]:
        return
    keyword_only = "kw_only=True" in options[0]
    self = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
    parameters = griffe.Parameters(self, *_parameters(made, keyword_only))
    made.set_member(
        "__init__", griffe.Function("__init__", parameters=parameters, returns="None", parent=made)
    )


def _parameters(made: griffe.Class, keyword_only: bool) -> Iterator[griffe.Parameter]:
    for field in made.members.values():
        # A field of attrs is whatever has an annotation in the body of the class.
        if not isinstance(field, griffe.Attribute) or "property" in field.labels:
            continue
        if field.annotation is None or "ClassVar" in str(field.annotation):
            continue
        arguments = _arguments(field.value)
        if str(arguments.get("init")) == "False":
            continue
        # Attrs leaves out the underscore of a private field.
        yield griffe.Parameter(
            field.name.lstrip("_"),
            annotation=field.annotation,
            kind=griffe.ParameterKind.keyword_only
            if keyword_only
            else griffe.ParameterKind.positional_or_keyword,
            default=_default(field.value, arguments),
        )


def _arguments(value: object) -> dict[str, Any]:
    """The options of ``attrs.field(…)``, if that is what a field is assigned."""
    if not isinstance(value, griffe.ExprCall) or str(value.function) != "attrs.field":
        return {}
    return {
        argument.name: argument.value
        for argument in value.arguments
        if isinstance(argument, griffe.ExprKeyword)
    }


def _default(value: Any, arguments: dict[str, Any]) -> Any:
    if "factory" in arguments:
        return f"{arguments['factory']}()"
    if isinstance(value, griffe.ExprCall) and str(value.function) == "attrs.field":
        return arguments.get("default")
    return value
