# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A folder of this machine as a destination."""

from __future__ import annotations

import os
from pathlib import Path

from ..core.errors import ConfigError
from .compression import UNCOMPRESSED
from .destination import Destination
from .files.template import DEFAULT_TEMPLATE, EXPECTED_TEMPLATE, is_template

__all__ = ["folder"]


def folder(path: str | os.PathLike[str], template: str = DEFAULT_TEMPLATE) -> Destination:
    """
    A folder in which bodies become files of OTLP/JSON.

    Args:
        path: The folder; made with the first file. ``~`` is the home folder.

        template:
            The path of each file below it, with ``{date}`` and ``{hour}`` of the first span in UTC,
            ``{trace_id}`` and ``{api_key_name}``. One that ends with ``.json`` and contains
            ``{trace_id}`` gives one file per trace; one that ends with ``.jsonl`` gives files with
            one body per line.

    Raises:
        ConfigError: Every argument that cannot be used, with the reason.
    """
    problems: dict[str, str] = {}
    text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else ""
    if not isinstance(text, str) or not text.strip() or "\0" in text:
        problems["path"] = "expected the path of a folder"
    if not is_template(template):
        problems["template"] = f"expected {EXPECTED_TEMPLATE}"
    if problems:
        raise ConfigError(problems)
    absolute = Path(os.path.expanduser(text)).absolute()
    return Destination(
        url=absolute.as_uri(), folder=str(absolute), template=template, compression=UNCOMPRESSED
    )
