# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What runs a job over the parts of its input: processes of this machine, or a cluster."""

from .cluster import cluster_of, run_on_cluster
from .local import Done, run_locally

__all__ = ["Done", "cluster_of", "run_locally", "run_on_cluster"]
