# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Readers under bytes that nobody thought of; what was found is kept in ``tests/corpus``."""
