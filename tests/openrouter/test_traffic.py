# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The laws of the mapping hold for generated traffic of the three conversation APIs."""

from __future__ import annotations

from random import Random
from typing import Any, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .. import strategies
from ..traffic import APIS, Answer, answer_of_seed
from ..traffic_laws import LAWS


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("api", APIS)
@strategies.examples(100)
@given(st.integers(0, 2**32))
def test_a_law_holds(law: Callable[[str, Answer, Random], None], api: str, seed: int) -> None:
    """``python -m tests.traffic`` runs them over any number of records."""
    law(api, answer_of_seed(seed), Random(seed))


def test_the_traffic_has_answers_of_every_kind() -> None:
    """Otherwise the laws would hold for nothing."""
    answers = [answer_of_seed(seed) for seed in range(300)]
    kinds: dict[str, list[Any]] = {
        "text": [answer.text for answer in answers],
        "reasoning": [answer.reasoning for answer in answers],
        "calls": [answer.calls for answer in answers],
        "tokens": [answer.tokens for answer in answers],
        "errors": [answer.error for answer in answers],
        "metadata": [answer.metadata for answer in answers],
        "tools": [answer.offered for answer in answers],
    }

    assert [kind for kind, values in kinds.items() if not any(values) or all(values)] == []
    assert {answer.finish_reason for answer in answers} == {"stop", "length", "tool_calls"}
