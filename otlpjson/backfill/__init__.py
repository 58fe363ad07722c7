# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Many rows: records of files mapped by several processes."""

from .mapping import Mapped, Mapper
from .plan import Plan
from .workers import Workers

__all__ = ["Mapped", "Mapper", "Plan", "Workers"]
