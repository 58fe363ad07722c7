# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Filter rules: which requests a destination gets, as OpenRouter's dashboard describes them."""
