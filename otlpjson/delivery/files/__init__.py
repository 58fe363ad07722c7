# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A folder as destination: bodies become files of OTLP/JSON, and nothing needs a server."""
