# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the shop exports, pinned in golden files."""

from __future__ import annotations

import pytest
import shop

from otlpjson.testing import freeze, freeze_body
from otlpjson.testing.plugin import GoldenOtlp


def test_a_payment_is_one_span(golden_otlp: GoldenOtlp) -> None:
    """Traces of our own are encoded, and compared byte for byte."""
    golden_otlp(shop.payment(12, freeze(7)))


def test_another_exporter_is_frozen(golden_otlp: GoldenOtlp) -> None:
    """Its ids and times are others in every run; its member order and number forms stay."""
    golden_otlp(freeze_body(shop.exported(5), 7, attributes={"process.pid": 1}))


@pytest.mark.parametrize("amount", [1, 2])
def test_what_it_means_does_not_hang_on_the_exporter(amount: int, golden_otlp: GoldenOtlp) -> None:
    """Compared by meaning."""
    golden_otlp(freeze_body(shop.exported(amount), attributes={"process.pid": 1}), compare="meaning")
