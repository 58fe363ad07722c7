# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Judges that are not ours: public bodies, protobuf, and two other Python encoders of OTLP/JSON."""
