# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The text of a pattern, read into the steps of a program."""

from __future__ import annotations

from types import MappingProxyType
from typing import Callable, Final, NoReturn

import attrs

from ...core.errors import InvalidValue
from .characters import Characters, class_of, escaped

__all__ = ["MAX_PATTERN", "Step", "program_of"]

MAX_PATTERN: Final = 500
_MAX_STEPS: Final = 250
_MAX_REPEATS: Final = 100
_MAX_GROUPS: Final = 50
_EXPECTED: Final = "a regular expression without look-around and back-references"
_ASSERTIONS: Final = MappingProxyType({"^": "start", "$": "end"})
_ESCAPED_ASSERTIONS: Final = MappingProxyType({"b": "boundary", "B": "no boundary"})
_REPEATS: Final = MappingProxyType({"*": (0, None), "+": (1, None), "?": (0, 1)})


@attrs.frozen
class Step:
    """
    One step of a program.

    Attributes:
        accepts: Accepts a character, after which the next step follows; ``None``: no character is read.

        go: Where it goes on without a character, as distances.

        holds: What must be true for that: ``start``, ``end``, ``boundary`` or ``no boundary``.
    """

    accepts: Callable[[str], bool] | None = None
    go: tuple[int, ...] = ()
    holds: str | None = None


_Program = tuple[Step, ...]


def program_of(text: str) -> tuple[Step, ...]:
    """
    The steps that search for a pattern; its end is the place after the last.

    Raises:
        InvalidValue: It is none, or has no program of a reasonable size.
    """
    if len(text) > MAX_PATTERN:
        raise InvalidValue("regex", f"at most {MAX_PATTERN} characters", f"{len(text)}")
    return _Reader(text).whole()


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str) -> None:
        # ``(?i)`` alone, at the start, is the one flag that is common to all syntaxes.
        self._ignores_case = text.startswith("(?i)")
        self._text = text[4:] if self._ignores_case else text
        self._at = 0
        self._depth = 0

    def whole(self) -> _Program:
        program = self._alternatives()
        if self._at < len(self._text):
            self._refuse("a closing parenthesis without an opening one")
        return program

    def _alternatives(self) -> _Program:
        program = self._sequence()
        while self._next("|"):
            other = self._sequence()
            program = self._bounded(
                (Step(go=(1, len(program) + 2)), *program, Step(go=(len(other) + 1,)), *other)
            )
        return program

    def _sequence(self) -> _Program:
        program: _Program = ()
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            program = self._bounded((*program, *self._repeated()))
        return program

    def _repeated(self) -> _Program:
        atom = self._atom()
        while (bounds := self._repeat()) is not None:
            atom = self._bounded(_times(atom, *bounds))
        return atom

    def _repeat(self) -> tuple[int, int | None] | None:
        character = self._text[self._at : self._at + 1]
        bounds = _REPEATS.get(character)
        if bounds is not None:
            self._at += 1
        elif character == "{":
            bounds = self._counts()
        if bounds is not None:
            if self._next("+"):
                self._refuse("a possessive repetition")
            # As few or as many as possible: whether there is a match does not depend on it.
            self._next("?")
        return bounds

    def _counts(self) -> tuple[int, int | None] | None:
        end = self._text.find("}", self._at)
        low, comma, high = self._text[self._at + 1 : max(end, 0)].partition(",")
        if not (low.isdecimal() and low.isascii()) or (high and not (high.isdecimal() and high.isascii())):
            return None  # a brace that stands for itself
        self._at = end + 1
        least = int(low[:9])
        most = int(high[:9]) if high else None if comma else least
        if max(least, most or 0) > _MAX_REPEATS or (most is not None and most < least):
            self._refuse(f"a repetition of more than {_MAX_REPEATS}, or of less than its least")
        return least, most

    def _atom(self) -> _Program:
        character = self._take()
        if character == "(":
            return self._group()
        if character in "*+?":
            self._refuse(f"`{character}` with nothing to repeat")
        if character in _ASSERTIONS:
            return (Step(go=(1,), holds=_ASSERTIONS[character]),)
        if character == "[":
            found, self._at = class_of(self._text, self._at)
            return self._reading(found)
        if character == ".":
            return self._reading(Characters("\n".__eq__, negated=True))
        if character != "\\":
            return self._reading(Characters.of(character))
        name = self._take()
        if name in _ESCAPED_ASSERTIONS:
            return (Step(go=(1,), holds=_ESCAPED_ASSERTIONS[name]),)
        found, self._at = escaped(self._text, self._at - 1)
        return self._reading(found)

    def _group(self) -> _Program:
        if self._next("?"):
            looks_back = self._text.startswith(("<=", "<!"), self._at)
            if self._next("P<") or (not looks_back and self._next("<")):
                self._at = self._text.find(">", self._at) + 1 or self._refuse("a name without an end")
            elif not self._next(":"):
                self._refuse("a group that is more than a group")
        self._depth += 1
        if self._depth > _MAX_GROUPS:
            self._refuse("groups nested too deeply")
        program = self._alternatives()
        self._depth -= 1
        if not self._next(")"):
            self._refuse("an opening parenthesis without a closing one")
        return program

    def _reading(self, characters: Characters) -> _Program:
        return (Step(accepts=characters.accepts_either_case if self._ignores_case else characters.accepts),)

    def _next(self, text: str) -> bool:
        if self._text.startswith(text, self._at):
            self._at += len(text)
            return True
        return False

    def _take(self) -> str:
        if self._at >= len(self._text):
            self._refuse("a backslash at the end")
        self._at += 1
        return self._text[self._at - 1]

    def _bounded(self, program: _Program) -> _Program:
        if len(program) > _MAX_STEPS:
            self._refuse(f"more than {_MAX_STEPS} steps")
        return program

    def _refuse(self, found: str) -> NoReturn:
        raise InvalidValue("regex", _EXPECTED, found)


def _times(atom: _Program, least: int, most: int | None) -> _Program:
    size = len(atom)
    if most is None:
        loop: _Program = (Step(go=(1, size + 2)), *atom, Step(go=(-size - 1,)))
        return atom * least + loop
    maybe: _Program = ()
    for _ in range(most - least):
        maybe = (Step(go=(1, size + len(maybe) + 1)), *atom, *maybe)
    return atom * least + maybe
