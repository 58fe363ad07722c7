# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The files that a command reads, in order, with a name for messages."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import attrs

from ..core.errors import ConfigError
from .paths import paths_of

__all__ = ["Source", "is_same_file", "opened", "total_size"]

_STANDARD_INPUT: Final = "-"


@attrs.frozen(kw_only=True)
class Source:
    """
    A file that is open.

    Attributes:
        name: Its name in messages.

        file: Its bytes.

        path: Where it is; ``None`` for standard input.
    """

    name: str
    file: BinaryIO
    path: Path | None = None

    @property
    def is_regular(self) -> bool:
        """Whether it is a file, and not a pipe or anything else that has to be waited for."""
        return _status(self.file) is not None

    @property
    def size(self) -> int:
        """The bytes in it; 0 where nobody knows."""
        found = _status(self.file)
        return 0 if found is None else found.st_size


@contextmanager
def opened(names: Sequence[str], *, often: bool) -> Iterator[tuple[Source, ...]]:
    """
    The files with these names or patterns; ``-``, or no name, is standard input.

    Args:
        names: As a person has given them.

        often: Whether they are read several times, for which a pipe is copied.

    Raises:
        ConfigError: There is no such file, or standard input is given beside files.
    """
    with ExitStack() as open_files:
        if not names or tuple(names) == (_STANDARD_INPUT,):
            file = sys.stdin.buffer
            yield (Source(name="<stdin>", file=_copied(file, open_files) if often else file),)
            return
        if _STANDARD_INPUT in names:
            raise ConfigError({_STANDARD_INPUT: "standard input can only be read alone"})
        files = [(path, open_files.enter_context(open(path, "rb"))) for path in paths_of(names)]
        yield tuple(
            Source(name=str(path), file=_copied(file, open_files) if often else file, path=path)
            for path, file in files
        )


def total_size(sources: Sequence[Source]) -> int:
    """The bytes in all of them; 0 where nobody knows."""
    return sum(source.size for source in sources)


def is_same_file(one: BinaryIO, other: BinaryIO) -> bool:
    """Whether both are the same file."""
    a, b = _status(one), _status(other)
    return a is not None and b is not None and os.path.samestat(a, b)


def _copied(file: BinaryIO, open_files: ExitStack) -> BinaryIO:
    if file.seekable():
        return file
    copy = tempfile.TemporaryFile()  # noqa: SIM115
    open_files.enter_context(copy)
    shutil.copyfileobj(file, copy)
    copy.seek(0)
    return copy


def _status(file: BinaryIO) -> os.stat_result | None:
    """The status of a regular file; ``None`` for any other stream."""
    try:
        found = os.fstat(file.fileno())
    except OSError:
        return None  # a stream in memory has no descriptor
    return found if stat.S_ISREG(found.st_mode) else None
