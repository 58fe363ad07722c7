# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""JSON documents changed as documents: a value replaced by another one, a member renamed or repeated."""

from __future__ import annotations

import json
from random import Random
from typing import Any, Final

__all__ = ["changed"]

_VALUES: Final = (
    *("null", "true", "0", "-1", "1.0", "1e999", "-0", "NaN", "18446744073709551616", '""', '"0"', '"-1"'),
    *('"1e2"', '"NaN"', '"inf"', '"-_-_"', '"AA"', '"a=1"', '"SPAN_KIND_SERVER"', '"\\ud800"', "[]", "{}"),
    *("[null]", '{"values":[]}', '{"stringValue":"a"}', '{"intValue":"1"}', '{"key":"a","value":{}}'),
)


def changed(data: bytes, max_size: int, seed: int) -> bytes:
    """The document with one to three changes; the bytes as they are where they are no JSON."""
    random = Random(seed)
    try:
        document = json.loads(data)
        for _ in range(random.randint(1, 3)):
            document = _changed(document, random, document)
        written = json.dumps(document).encode()
    except (ValueError, RecursionError):
        return data
    pieces = written.split(b'"replace by ')
    texts = [piece.partition(b'"') for piece in pieces[1:]]
    written = pieces[0] + b"".join(bytes.fromhex(text.decode()) + rest for text, _, rest in texts)
    return written if len(written) <= max_size else data


def _changed(node: Any, random: Random, whole: Any) -> Any:
    if isinstance(node, dict) and node and random.random() < 0.9:
        name = random.choice(list(node))
        if random.random() < 0.85:
            return {**node, name: _changed(node[name], random, whole)}
        other = _names(whole, random)
        return (
            {**node, other: node[name]}
            if random.random() < 0.5
            else {**_without(node, name), other: node[name]}
        )
    if isinstance(node, list) and node and random.random() < 0.9:
        index = random.randrange(len(node))
        if random.random() < 0.1:
            return [*node, node[index]]
        return [*node[:index], _changed(node[index], random, whole), *node[index + 1 :]]
    # What json.dumps cannot write, such as 1e999, is put in afterwards.
    return f"replace by {random.choice(_VALUES).encode().hex()}"


def _names(node: Any, random: Random) -> str:
    """The name of any member, or one that none has."""
    name = "x"
    while isinstance(node, (dict, list)) and node and random.random() < 0.9:
        if isinstance(node, list):
            node = random.choice(node)
            continue
        name = random.choice(list(node))
        node = node[name]
    return name


def _without(node: dict[str, Any], name: str) -> dict[str, Any]:
    return {other: value for other, value in node.items() if other != name}
