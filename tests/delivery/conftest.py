# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What every delivery test starts from: an environment that says nothing about proxies and certificates."""

from __future__ import annotations

import pytest

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_OTHERS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC")


@pytest.fixture(autouse=True)
def silent_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes out every variable that requests listens to."""
    for name in (*_PROXIES, *(name.upper() for name in _PROXIES), *_OTHERS):
        monkeypatch.delenv(name, raising=False)
