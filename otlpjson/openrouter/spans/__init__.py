# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The spans of a generation: their attributes, names, ids, times and hierarchy."""
