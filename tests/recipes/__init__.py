# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The recipes of ``docs/recipes``, each run as it stands there, on the real server or runner."""
