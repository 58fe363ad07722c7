# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Logs of other programs: each format is a function from a row to a record, listed in ``formats``."""

from .formats import FORMATS, Format, format_named, format_of

__all__ = ["FORMATS", "Format", "format_named", "format_of"]
