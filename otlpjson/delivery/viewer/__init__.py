# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A viewer on this machine as a destination: how it is found, and how bodies get there."""
