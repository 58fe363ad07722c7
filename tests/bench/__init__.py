# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the encoder costs, beside a dict tree with ``json.dumps`` and beside its peers."""
