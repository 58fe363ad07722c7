# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""OpenRouter's three APIs: each request, response and stream, read into the form of a chat completion."""
