# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Tests that use the golden-file kit themselves, as a user does."""
