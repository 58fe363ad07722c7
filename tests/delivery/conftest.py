# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What delivery tests start from: no proxies and certificates in the environment, and certificates of their own."""

from __future__ import annotations

import pytest

from .certificates import Certificates

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_OTHERS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC")


@pytest.fixture(autouse=True)
def silent_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes out every variable that requests listens to."""
    for name in (*_PROXIES, *(name.upper() for name in _PROXIES), *_OTHERS):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Made once for all tests that need one."""
    return Certificates.made(tmp_path_factory.mktemp("certificates"))
