# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The real Collector and the real Jaeger as judges; ``make interop`` runs these tests, ``make test`` does not."""
