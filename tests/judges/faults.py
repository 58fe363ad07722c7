# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A fault of another encoder: what brings it about, what is written then, and what ``check`` says of that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import attrs

from otlpjson.inspect.checker import check

__all__ = ["FIRST", "SPAN", "Fault", "said"]

SPAN: Final = "body.resourceSpans[0].scopeSpans[0].spans[0]"
FIRST: Final = f"{SPAN}.attributes[0].value"
"""The value of a span's first attribute."""


@attrs.frozen(kw_only=True)
class Fault:
    """
    A fault of a peer, seen on spans of OpenTelemetry's SDK.

    Attributes:
        test: The test that we do not have it.

        spans: What it is given.

        written: What is in its body then.

        missing: What is not in its body, though it should be.

        raised: Instead of a body, the error that costs the whole batch.

        found: What ``check`` says of the body. Nothing where a body cannot show what was meant.
    """

    test: str
    spans: Callable[[], list[Any]]
    written: str = ""
    missing: tuple[str, ...] = ()
    raised: type[Exception] | None = None
    found: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Our test's name alone."""
        return self.test.rpartition("::")[2]


def said(body: bytes) -> tuple[str, ...]:
    """The findings in a body, each with how much it weighs."""
    return tuple(f"{finding.severity.value} {finding}" for finding in check(body).findings)
