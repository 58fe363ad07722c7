# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The named patterns: e-mail addresses, payment cards, keys of APIs and phone numbers.

Each is searched in a time that grows with the text alone: all repetitions are bounded. They find what
looks like one; a text that must not leave at all belongs into privacy mode.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Callable, Final

from ..validators import names

__all__ = ["PATTERNS", "by_patterns", "pattern_names"]

# Compiled when they are used, by ``re``, which remembers them: few programs mask anything.
_EMAIL: Final = r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
_CARD: Final = r"(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])"
_KEY: Final = (
    r"(?<![A-Za-z0-9])(?:"
    r"sk-[A-Za-z0-9_-]{16,200}"  # OpenRouter, OpenAI, Anthropic
    r"|gl(?:c|sa)_[A-Za-z0-9_=+/-]{16,500}"  # Grafana
    r"|gh[oprsu]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}"  # Amazon
    r"|AIza[A-Za-z0-9_-]{30,50}"  # Google
    r"|xox[abprs]-[A-Za-z0-9-]{10,255}"  # Slack
    r"|[prs]k_(?:live|test)_[A-Za-z0-9]{10,255}"  # Stripe
    r"|eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,4000}"  # JSON web tokens
    r")"
)
_PHONE: Final = (
    r"(?<![A-Za-z0-9])(?:"
    r"\+[0-9]{1,3}(?:[ .-]?\(?[0-9]{1,4}\)?){2,5}"  # international
    r"|\([0-9]{3}\) ?[0-9]{3}[ .-][0-9]{4}|[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{4}"  # North America
    r")(?![A-Za-z0-9])"
)
_MIN_PHONE_DIGITS: Final = 8
_MAX_DIGIT: Final = 9


def _card(found: re.Match[str]) -> str:
    digits = [int(character) for character in found[0] if character.isdigit()]
    doubled = [2 * digit if at % 2 else digit for at, digit in enumerate(reversed(digits))]
    # The check digit of ISO/IEC 7812, which one in ten other numbers has as well.
    is_card = sum(digit - _MAX_DIGIT if digit > _MAX_DIGIT else digit for digit in doubled) % 10 == 0
    return "[card]" if is_card else found[0]


def _phone(found: re.Match[str]) -> str:
    return "[phone]" if sum(map(str.isdigit, found[0])) >= _MIN_PHONE_DIGITS else found[0]


PATTERNS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "email": lambda text: re.sub(_EMAIL, "[email]", text),
        "card": lambda text: re.sub(_CARD, _card, text),
        "key": lambda text: re.sub(_KEY, "[key]", text),
        "phone": lambda text: re.sub(_PHONE, _phone, text),
    }
)
"""By its name, what replaces all that it finds in a text with its name in brackets."""


def pattern_names(value: Any) -> tuple[str, ...]:
    """
    The names of patterns in a list.

    Raises:
        InvalidValue: It is no list of them.
    """
    return names("mask", value, PATTERNS)


def by_patterns(names: Iterable[str]) -> Callable[[str], str]:
    """What replaces everything that the patterns with these names find."""
    # A key may hold what looks like a number, so keys go first.
    chosen = [PATTERNS[name] for name in ("key", "email", "card", "phone") if name in set(names)]

    def change(text: str) -> str:
        for replace in chosen:
            text = replace(text)
        return text

    return change
