# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Objects such as SDKs and HTTP libraries have them, for tests of what callers hand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["Dumped", "Headers", "Http", "NotGiven", "Omit"]


class Dumped:
    """An object with ``model_dump``."""

    def __init__(self, members: Any) -> None:
        self._members = members

    def model_dump(self) -> Any:
        return self._members


class NotGiven:
    """The default of an argument of OpenAI's SDK."""


class Omit:
    """The default of an argument of newer SDKs."""


class Headers(Mapping[str, str]):
    """Headers whose names have no case."""

    def __init__(self, members: Mapping[str, str]) -> None:
        self._members = {name.lower(): text for name, text in members.items()}

    def __getitem__(self, name: str) -> str:
        return self._members[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


class Http:
    """A response of an HTTP library; its public members would read from a connection."""

    def __init__(self, status_code: Any, headers: Mapping[str, str] = Headers({}), **members: Any) -> None:
        self.status_code = status_code
        self.headers = headers
        vars(self).update(members)

    @property
    def content(self) -> bytes:
        raise AssertionError("this would read from the connection")

    text = body = content
