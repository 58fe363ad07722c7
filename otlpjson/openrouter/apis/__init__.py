# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""OpenRouter's three APIs: each request, response and stream in the form of a chat completion."""
