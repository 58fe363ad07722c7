# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The words of a TraceQL query, and what is wrong with them for the spans that we write.

Whether a query is TraceQL at all is for Grafana's grammar to say (``tests/traceql``). Here each
name must be one that is written, and be compared with a literal of the type that is written:
Tempo finds no double by a whole number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import attrs

__all__ = ["METRICS", "Word", "complaints", "is_metrics", "words"]

METRICS: Final = frozenset(
    {"rate", "compare"}
    | {f"{name}_over_time" for name in ("count", "sum", "min", "max", "avg", "quantile", "histogram")}
)
_OF_NUMBERS: Final = frozenset(
    {"sum", "min", "max", *(f"{name}_over_time" for name in ("sum", "min", "max", "avg", "quantile"))}
)
_OTHERS: Final = frozenset({"by", "select", "count", "topk", "bottomk"})
_NUMBERS: Final = frozenset({"int", "double", "duration"})
_INTRINSIC: Final = {
    "duration": "duration",
    "event:name": "text",
    "kind": "kind",
    "name": "text",
    "status": "status",
    "statusMessage": "text",
    "trace:id": "text",
}
_LITERALS: Final = {
    **dict.fromkeys(("true", "false"), "bool"),
    **dict.fromkeys(("ok", "error", "unset"), "status"),
    **dict.fromkeys(("internal", "client", "server", "producer", "consumer"), "kind"),
    "nil": "nil",
}
_COMPARED: Final = frozenset({"=", "!=", ">", ">=", "<", "<=", "=~", "!~"})
_WORD: Final = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<duration>\d+(?:\.\d+)?(?:ns|us|ms|s|m|h)\b)
      | (?P<double>-?\d*\.\d+)
      | (?P<int>-?\d+)
      | (?P<name>[A-Za-z][\w.:]*)
      | (?P<sign>=~|!~|!=|>=|<=|&&|\|\||[=<>|{}(),])
    )""",
    re.VERBOSE,
)


@attrs.frozen
class Word:
    """A word of a query: what kind it is of, and its text."""

    kind: str
    text: str


def words(query: str) -> list[Word]:
    """The query's words; what is none ends the list with a word of kind ``none``."""
    found: list[Word] = []
    place, end = 0, len(query.rstrip())
    while place < end:
        match = _WORD.match(query, place)
        if match is None or match.lastgroup is None:
            return [*found, Word("none", query[place:].strip())]
        text = match.group(match.lastgroup)
        found.append(Word(_LITERALS.get(text, match.lastgroup), text))
        place = match.end()
    return found


def is_metrics(query: str) -> bool:
    """Whether a query is for the metrics endpoint; otherwise it is a search."""
    return any(word.text in METRICS for word in words(query) if word.kind == "name")


def complaints(query: str, written: Mapping[str, str]) -> list[str]:
    """
    What is wrong with a query, sentence by sentence.

    Args:
        query: TraceQL.

        written: The names that are written, with their scope, and the kind of their values.
    """
    found = words(query)
    return list(_complaints([*found, Word("end", "")], {**_INTRINSIC, **written}))


def _complaints(found: list[Word], known: Mapping[str, str]) -> Iterator[str]:
    for place, word in enumerate(found[:-1]):
        following = found[place + 1]
        if word.kind == "none":
            yield f"not a word: {word.text}"
        elif word.kind != "name":
            continue
        elif following.text == "(":
            yield from _of_function(word.text, found[place + 2 :], known)
        elif word.text not in known:
            yield f"{word.text}: nobody writes it"
        elif following.text in _COMPARED:
            yield from _of_comparison(word.text, known[word.text], following.text, found[place + 2])


def _of_comparison(subject: str, kind: str, sign: str, literal: Word) -> Iterator[str]:
    if literal.kind not in (kind, "nil"):
        yield f"{subject}: expected a literal of kind {kind}, got {literal.text}"
    if kind != "text" and sign.endswith("~"):
        yield f"{subject}: {sign} is for text"


def _of_function(name: str, rest: list[Word], known: Mapping[str, str]) -> Iterator[str]:
    """What stands after the opening bracket of a function; its names are looked at where they stand."""
    if name not in METRICS | _OF_NUMBERS | _OTHERS:
        yield f"{name}: no such function"
    if name in _OF_NUMBERS:
        kind = known.get(rest[0].text, "int")
        if kind not in _NUMBERS:
            yield f"{name}: expected a number, got {rest[0].text}"
        if len(rest) > 2 and rest[2].text in _COMPARED:
            yield from _of_comparison(f"{name}({rest[0].text})", kind, rest[2].text, rest[3])
    if name == "count" and len(rest) > 2:
        yield from _of_comparison("count()", "int", rest[1].text, rest[2])
