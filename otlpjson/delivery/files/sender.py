# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Sends to a folder what a ``Sender`` sends to a server."""

from __future__ import annotations

import errno
from itertools import groupby
from pathlib import Path
from typing import Final

from ...core.entry_scanner import entries_of
from ...core.errors import ConfigError, InvalidDocument
from ..destination import Destination
from ..outcome import Outcome, OutcomeKind
from ..real_time import RealTime
from .placement import path_of
from .writer import Writer

__all__ = ["TEST_FILE", "FolderSender"]

TEST_FILE: Final = ".openrouter-connection-test.json"
"""What a connection test writes, as OpenRouter does in an S3 bucket."""

_ACCEPTED: Final = Outcome(kind=OutcomeKind.ACCEPTED)
# Nothing of this passes by itself; a full disk does.
_LASTING: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG}
)


class FolderSender(RealTime):
    """
    Writes bodies to files. It is a context manager, and may be used from several threads and processes.

    Args:
        destination: One that ``folder`` made.

    Raises:
        ConfigError: It is another one.
    """

    def __init__(self, destination: Destination) -> None:
        if destination.folder is None:
            raise ConfigError({"destination": "expected a folder"})
        self._destination = destination
        self._writer = Writer(Path(destination.folder))

    def __enter__(self) -> FolderSender:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"FolderSender({self._destination!r})"

    def send(self, body: bytes, *, test: bool = False) -> Outcome:
        """
        Writes one body; never raises because of the disk.

        Args:
            body: OTLP/JSON.

            test: Whether it is a connection test, which writes a file of its own.
        """
        try:
            if test:
                self._writer.replace(TEST_FILE, body)
                return _ACCEPTED
            placed = [(path_of(self._destination.template, entry), entry) for entry in entries_of(body)]
            # All entries of a file together, in their order; a body usually has the same few again and again.
            for path, group in groupby(sorted(placed, key=lambda one: one[0]), key=lambda one: one[0]):
                self._writer.add(path, [entry for _, entry in group])
        except InvalidDocument:
            return Outcome(kind=OutcomeKind.REJECTED, message="the body is no OTLP/JSON")
        except OSError as error:
            lasting = error.errno in _LASTING
            kind = OutcomeKind.MISCONFIGURED if lasting else OutcomeKind.UNREACHABLE
            return Outcome(kind=kind, message=f"cannot be written: {error.strerror or type(error).__name__}")
        return _ACCEPTED

    def close(self) -> None:
        """Does nothing: no file stays open."""
