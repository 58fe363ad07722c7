# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Regular expressions that are searched for in one pass over the text, however they are written.

Python's ``re`` tries one way after another, and some patterns have more ways than there is time:
``(a+)+$`` takes years for forty letters. A rule is configured once and judges every request, so
here all ways are followed at the same time. What cannot be searched like that, which is what looks
back or ahead, is refused.
"""

from __future__ import annotations

from typing import Final

import attrs

from .pattern_text import Step, program_of

__all__ = ["MAX_TEXT", "Pattern"]

MAX_TEXT: Final = 50_000
"""How many characters of a text are searched."""
_MAX_REMEMBERED: Final = 2000


@attrs.define(eq=False)
class Pattern:
    """
    A pattern to search for.

    Attributes:
        text: The pattern, in the syntax that Python, JavaScript and RE2 share; up to 500 characters.

    Raises:
        InvalidValue: It is no such pattern, or is too large.
    """

    text: str
    _program: tuple[Step, ...] = attrs.field(init=False, repr=False)
    # From a set of places and a character to the next set: most texts go the same few ways again and again.
    _known: dict[tuple[frozenset[int], bool, str], frozenset[int] | None] = attrs.field(
        factory=dict, init=False, repr=False
    )

    def __attrs_post_init__(self) -> None:
        self._program = program_of(self.text)

    def is_in(self, text: str) -> bool:
        """Whether the first 50,000 characters of a text have a match."""
        places: frozenset[int] | None = frozenset()
        after_word = False
        at_start = True
        for character in text[:MAX_TEXT]:
            if at_start:
                places = self._after(places or frozenset(), character, after_word, at_start=True)
                at_start = False
            else:
                places = self._remembered(places or frozenset(), character, after_word)
            if places is None:
                return True
            after_word = _is_word(character)
        return self._after(places or frozenset(), "", after_word, at_start=at_start) is None

    def _remembered(self, places: frozenset[int], character: str, after_word: bool) -> frozenset[int] | None:
        key = (places, after_word, character)
        if key not in self._known:
            if len(self._known) >= _MAX_REMEMBERED:
                self._known.clear()
            self._known[key] = self._after(places, character, after_word, at_start=False)
        return self._known[key]

    def _after(
        self, places: frozenset[int], character: str, after_word: bool, *, at_start: bool
    ) -> frozenset[int] | None:
        """The places after a character, which is empty at the end of the text; ``None`` for a match."""
        around = _Around(at_start, character == "", after_word, _is_word(character))
        # A match may begin anywhere, so the first step is always among them.
        waiting, seen = [0, *places], set()
        reached: set[int] = set()
        while waiting:
            place = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            if place == len(self._program):
                return None
            step = self._program[place]
            if step.accepts is not None:
                if character and step.accepts(character):
                    reached.add(place + 1)
            elif step.holds is None or around.holds(step.holds):
                waiting += [place + offset for offset in step.go]
        return frozenset(reached)


@attrs.frozen
class _Around:
    """What is to the left and right of a place between two characters."""

    at_start: bool
    at_end: bool
    after_word: bool
    before_word: bool

    def holds(self, name: str) -> bool:
        """Whether an assertion such as ``word boundary`` is true here."""
        if name == "start":
            return self.at_start
        if name == "end":
            return self.at_end
        return (self.after_word != self.before_word) is (name == "boundary")


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
