# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Copies of this package in other projects: their contents, and whether they were changed."""
