# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Methods of clients, replaced in place by ones that call them, and put back."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import Any, Callable, Final

import attrs

from .tap import Tap

__all__ = ["Method", "Wrapped", "wrap", "wrapped_of"]

_MARK: Final = "__otlpjson_wrapped__"
_ABSENT: Final = object()


@attrs.frozen
class Method:
    """
    A method to be replaced.

    Attributes:
        owner: An object, or a class for all of its objects.

        name: The method's name.

        around: Called in its place, with a tap, the bound method and the arguments of the call. A
            coroutine function if the method is one.
    """

    owner: Any
    name: str
    around: Callable[..., Any]


@attrs.define(eq=False)
class Wrapped:
    """
    A method that has been replaced.

    Attributes:
        tap: What calls go through.

        is_on: Whether they do.
    """

    tap: Tap
    _method: Method
    _own: Any
    _replacement: Any = None
    is_on: bool = True

    def undo(self) -> None:
        """Puts the method back; where something else has replaced it since, calls pass untouched."""
        self.is_on = False
        owner, name = self._method.owner, self._method.name
        if _own(owner, name) is not self._replacement:
            return
        if self._own is _ABSENT:
            _delete(owner, name)
        else:
            _set(owner, name, self._own)


def wrap(method: Method, tap: Tap) -> Wrapped:
    """Replaces a method; its calls go through the tap until this is undone."""
    owner, name, around = method.owner, method.name, method.around
    original = getattr(owner, name)
    wrapped = Wrapped(tap, method, _own(owner, name))
    is_class = isinstance(owner, type)

    def bound(args: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
        return (original.__get__(args[0]), args[1:]) if is_class else (original, args)

    if inspect.iscoroutinefunction(original):

        @wraps(original)
        async def replacement(*args: Any, **named: Any) -> Any:
            call, rest = bound(args)
            return await (around(tap, call, *rest, **named) if wrapped.is_on else call(*rest, **named))
    else:

        @wraps(original)
        def replacement(*args: Any, **named: Any) -> Any:
            call, rest = bound(args)
            return around(tap, call, *rest, **named) if wrapped.is_on else call(*rest, **named)

    setattr(replacement, _MARK, wrapped)
    wrapped._replacement = replacement
    _set(owner, name, replacement)
    return wrapped


def wrapped_of(method: Method) -> Wrapped | None:
    """What a method has been replaced by, if it has."""
    found: Wrapped | None = getattr(_own(method.owner, method.name), _MARK, None)
    return found


def _own(owner: Any, name: str) -> Any:
    """What stands in the object or class itself under this name."""
    return getattr(owner, "__dict__", {}).get(name, _ABSENT)


def _set(owner: Any, name: str, value: Any) -> None:
    if isinstance(owner, type):
        setattr(owner, name, value)
    else:
        # The classes of some clients warn of attributes that they do not know.
        object.__setattr__(owner, name, value)


def _delete(owner: Any, name: str) -> None:
    if isinstance(owner, type):
        delattr(owner, name)
    else:
        object.__delattr__(owner, name)
