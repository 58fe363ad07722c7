# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Faults that were real or could be, put back on purpose: the tests have to notice each of them."""
