# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The same faults for this package and its peers, side by side."""
