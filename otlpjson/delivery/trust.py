# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which certificate authorities are trusted: a given file, that of the usual variables, or certifi's."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from typing import Final

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from .exchange import NoAnswer
from .network_errors import Unusable

__all__ = ["trusting"]

_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def trusting(ca_file: str | None, environ: Mapping[str, str]) -> ssl.SSLContext:
    """
    A context for TLS that trusts the authorities of a PEM file or of a folder of them.

    Raises:
        Unusable: A variable names what is no such file; the reason names the variable.
    """
    if ca_file is not None:
        return ssl.create_default_context(cafile=ca_file)
    for variable in _VARIABLES:
        path = environ.get(variable)
        if path:
            try:
                if os.path.isdir(path):
                    return ssl.create_default_context(capath=path)
                return ssl.create_default_context(cafile=path)
            except OSError:
                reason = f"{variable} names no readable file of certificates"
                raise Unusable(NoAnswer(reason, permanent=True)) from None
    return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
