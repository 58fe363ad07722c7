# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What all input files of a command have given so far."""

from __future__ import annotations

from collections import Counter

import attrs

from .input_file import InputFile

__all__ = ["Tally"]


@attrs.define(kw_only=True)
class Tally:
    """
    The input files of a command, in order.

    Attributes:
        kind: What they should have, for example ``"bodies"``.

        quiet: Whether to write no messages, because the files were read before.

        files: Those that were begun.
    """

    kind: str
    quiet: bool = False
    files: list[InputFile] = attrs.field(factory=list)
    _failed: bool = False

    def begin(self, name: str) -> InputFile:
        """The next file."""
        self.files.append(InputFile(name, quiet=self.quiet))
        return self.files[-1]

    def end(self) -> None:
        """Ends the file that was begun last; says what is wrong with it as a whole."""
        self._failed = self.files[-1].failed(self.kind) or self._failed

    def failed(self) -> bool:
        """Whether anything in the files that have ended was refused, or one of them had nothing."""
        return self._failed

    @property
    def records(self) -> int:
        """The lines that could be used."""
        return sum(file.good for file in self.files)

    @property
    def bad(self) -> int:
        """The lines that were refused."""
        return sum(file.bad for file in self.files)

    @property
    def without_request(self) -> int:
        """The rows that are no requests."""
        return sum(file.without_request for file in self.files)

    @property
    def masked(self) -> int:
        """The texts that a mask has changed."""
        return sum(file.masked for file in self.files)

    @property
    def left_out(self) -> Counter[str]:
        """The number of records that are not sent, by reason."""
        total: Counter[str] = Counter()
        for file in self.files:
            total.update(file.left_out)
        return total
