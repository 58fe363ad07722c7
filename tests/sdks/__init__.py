# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""SDKs that are built on the HTTP clients whose requests are captured, each at pinned versions."""
