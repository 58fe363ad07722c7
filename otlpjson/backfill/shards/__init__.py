# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Parts of input files, each of which can be converted by itself."""

from .reading import Document, documents_of_file, documents_of_shard
from .shard import Shard
from .splitting import MIN_SHARD_BYTES, shards_of

__all__ = ["MIN_SHARD_BYTES", "Document", "Shard", "documents_of_file", "documents_of_shard", "shards_of"]
