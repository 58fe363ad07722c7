# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A viewer on this machine as a destination."""

from __future__ import annotations

import os

from ..core.errors import ConfigError
from .compression import UNCOMPRESSED
from .destination import Destination
from .user_folder import viewer_file

__all__ = ["local"]


def local() -> Destination:
    """
    The viewer that this user runs when something is sent; ``otlpjson view`` starts one.

    Raises:
        ConfigError: There is no home folder, and so no file in which a viewer could be found.
    """
    path = viewer_file(os.environ)
    if path is None:
        raise ConfigError({"kind": "there is no home folder in which a viewer could be found"})
    return Destination(url="http://127.0.0.1/v1/traces", rendezvous=str(path), compression=UNCOMPRESSED)
