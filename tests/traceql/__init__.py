# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Grafana's own grammar of TraceQL as a judge of the queries that the project shows."""
