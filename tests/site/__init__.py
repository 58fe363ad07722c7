# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The site of documents: how it is built, and what its API reference must hold."""
