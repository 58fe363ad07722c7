# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The durable queue, part by part."""
