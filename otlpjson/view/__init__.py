# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A local page of traces: a server, a store, and the page itself."""

from .store import Bounds, Store
from .viewer import Viewer

__all__ = [
    "Bounds",
    "Store",
    "Viewer",
]
