# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Rigs for what happens to spans when processes fork and end; the targets of make run them at length."""
