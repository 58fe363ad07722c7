# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Many rows: records of files mapped by several processes."""

from .mapping import Mapped, Mapper
from .workers import Workers

__all__ = ["Mapped", "Mapper", "Workers"]
