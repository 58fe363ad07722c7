# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Named examples with golden files. The name of a case is the name of its file."""
