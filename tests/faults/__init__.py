# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The rig: a spool under kill -9, power cuts, full and failing disks, damage, forks, clocks and other processes."""
