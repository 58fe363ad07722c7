# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The fuzzer's changes are changes, can be repeated, and may be anything JSON can say or nearly so."""

from __future__ import annotations

from collections import Counter

import pytest

from ..cases import bodies
from ..cases.documents import document, span
from .structure import changed

BODY = document(span(flags="1"))


def test_a_change_can_be_repeated() -> None:
    """The seed decides, so that libFuzzer's finds can be found again."""
    assert [changed(BODY, 4096, seed) for seed in range(50)] == [
        changed(BODY, 4096, seed) for seed in range(50)
    ]


def test_changes_are_manifold() -> None:
    """Values are replaced, also by what json.dumps would never write, and members are renamed."""
    results = Counter(changed(BODY, 4096, seed) for seed in range(300))
    joined = b"\n".join(results)

    assert len(results) > 200
    for piece in (b"NaN", b"1e999", b'"\\ud800"', b"[null]", b'{"intValue":"1"}'):
        assert piece in joined
    assert any(b'"kind"' not in result for result in results)
    assert bodies.TRACE_ID.encode() in joined


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_left_alone(data: bytes) -> None:
    """libFuzzer changes its bytes instead."""
    assert changed(data, 10**6, 7) == data


def test_a_change_that_is_too_long_is_not_made() -> None:
    """The limit is the fuzzer's."""
    assert {changed(b'["a"]', 5, seed) for seed in range(50)} > {b'["a"]'}
    assert all(len(changed(b'["a"]', 5, seed)) <= 5 for seed in range(50))
