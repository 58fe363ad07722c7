# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Copies of this package in other projects: what belongs to one, and whether it was changed."""
