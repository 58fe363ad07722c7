# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The sets of characters in a pattern: one of them, a class in brackets, or one behind a backslash."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Callable, Final

import attrs

from ...core.errors import InvalidValue

__all__ = ["Characters", "class_of", "escaped"]

_Test = Callable[[str], bool]

_NAMED: Final[Mapping[str, _Test]] = MappingProxyType(
    {
        "d": str.isdecimal,
        "w": lambda character: character.isalnum() or character == "_",
        "s": str.isspace,
    }
)
_CONTROLS: Final = MappingProxyType(
    {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0", "a": "\a"}
)
_HEXADECIMAL: Final = MappingProxyType({"x": 2, "u": 4})


@attrs.frozen(eq=False)
class Characters:
    """
    A set of characters.

    Attributes:
        test: Whether a character is in it or, where ``negated``, is not.

        negated: Whether the set is what the test leaves out.

        only: The character, if it is one alone.
    """

    test: _Test
    negated: bool = False
    only: str | None = None

    @classmethod
    def of(cls, character: str) -> Characters:
        """One character."""
        return cls(character.__eq__, only=character)

    def accepts(self, character: str) -> bool:
        """Whether a character is in it."""
        return self.test(character) is not self.negated

    def accepts_either_case(self, character: str) -> bool:
        """Whether a character, or the same in the other case, is in it."""
        test = self.test
        return (test(character) or test(character.lower()) or test(character.upper())) is not self.negated


def escaped(text: str, at: int) -> tuple[Characters, int]:
    """The set that stands behind a backslash, and the place after it."""
    name = text[at]
    if name.lower() in _NAMED:
        return Characters(_NAMED[name.lower()], negated=name not in _NAMED), at + 1
    if name in _CONTROLS:
        return Characters.of(_CONTROLS[name]), at + 1
    if name in _HEXADECIMAL:
        end = at + 1 + _HEXADECIMAL[name]
        digits = text[at + 1 : end]
        try:
            # int() accepts signs and underscores as well.
            number = int(digits, 16) if digits.isalnum() and len(digits) == _HEXADECIMAL[name] else -1
        except ValueError:
            number = -1
        if number < 0:
            raise InvalidValue("regex", "hexadecimal digits behind the backslash", "others")
        return Characters.of(chr(number)), end
    if name.isalnum():
        raise InvalidValue("regex", "a regular expression without back-references", f"`\\{name}`")
    return Characters.of(name), at + 1


def class_of(text: str, at: int) -> tuple[Characters, int]:
    """The class that begins behind an opening bracket, and the place after its end."""
    negated = text.startswith("^", at)
    at += negated
    tests: list[_Test] = []
    first = True
    while first or not text.startswith("]", at):
        first = False
        low, at = _member(text, at)
        # A hyphen before the closing bracket, or behind a class such as \d, stands for itself.
        if low.only is None or not text.startswith("-", at) or text.startswith("-]", at):
            tests.append(low.accepts)
            continue
        high, at = _member(text, at + 1)
        if high.only is None or high.only < low.only:
            raise InvalidValue("regex", "a range from a lower to a higher character", "another")
        tests.append(_between(low.only, high.only))
    return Characters(lambda character: any(test(character) for test in tests), negated=negated), at + 1


def _member(text: str, at: int) -> tuple[Characters, int]:
    if at >= len(text) or (text[at] == "\\" and at + 1 >= len(text)):
        raise InvalidValue("regex", "a closing bracket", "none")
    if text[at] != "\\":
        return Characters.of(text[at]), at + 1
    if text[at + 1] == "b":
        return Characters.of("\b"), at + 2
    return escaped(text, at + 1)


def _between(low: str, high: str) -> _Test:
    return lambda character: low <= character <= high
