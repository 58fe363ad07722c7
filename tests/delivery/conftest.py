# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What delivery tests start from: no proxies and certificates in the environment, and certificates of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .certificates import Certificates

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_OTHERS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC")


# Once for the folder: done before each of its thousand tests, it would cost more than most of them.
@pytest.fixture(autouse=True, scope="package")
def silent_environment() -> Iterator[None]:
    """Takes out every variable that requests listens to."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in (*_PROXIES, *(name.upper() for name in _PROXIES), *_OTHERS):
            monkeypatch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Made once for all tests that need one."""
    return Certificates.made(tmp_path_factory.mktemp("certificates"))
