# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Masking: what must not leave is replaced in every text, before anything is stored or sent."""
