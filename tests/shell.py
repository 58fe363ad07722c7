# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Just enough of a shell to run the console blocks of the pages, in this process."""

from __future__ import annotations

import io
import itertools
import re
import runpy
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from otlpjson.cli import main

__all__ = ["Shell", "Step", "steps", "unlike"]

_STEP: Final = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
_VARIABLE: Final = re.compile(r"[A-Z_]+=")
# What differs from run to run, in what is shown and in what is printed.
_CHANGING: Final = {
    r"127\.0\.0\.1:\d+": "127.0.0.1:PORT",
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b": "UUID",
    r"^trace [0-9a-f]{32}$": "trace ID",
    r"\b\d+ files\b": "N files",
    r"from [0-9-]{10} [0-9:.]{12} UTC": "from TIME UTC",
    r" +$": "",
}
_ANY_LINES: Final = "…"
"""A line of a page that stands for any number of lines."""


@attrs.frozen
class Step:
    """A command of a console block, and what the block says that it prints."""

    command: str
    shown: str


def steps(text: str) -> tuple[Step, ...]:
    """The commands of a console block, each after ``$`` on a line of its own."""
    found = tuple(Step(command.replace("\\\n", " "), shown) for command, shown in _STEP.findall(text))
    assert "".join(f"$ {command}\n{shown}" for command, shown in _STEP.findall(text)) == text
    return found


def unlike(shown: str, printed: str) -> str:
    """What was printed, if it is not what the page shows; empty if it is."""
    pieces = [
        re.escape(piece) for piece in re.split(rf"^{_ANY_LINES}\n", _settled(shown), flags=re.MULTILINE)
    ]
    found = _settled(printed)
    return "" if re.fullmatch("(?:.*\n)*?".join(pieces), found) else found


def _settled(text: str) -> str:
    for pattern, same in _CHANGING.items():
        text = re.sub(pattern, same, text, flags=re.MULTILINE)
    return text


def _variables(argv: list[str]) -> tuple[dict[str, str], list[str]]:
    """The variables that are set before a command, and the command."""
    pairs = list(itertools.takewhile(lambda word: _VARIABLE.match(word), argv))
    return dict(pair.split("=", 1) for pair in pairs), argv[len(pairs) :]


class _Input(io.BytesIO):
    name = "<stdin>"


@attrs.define
class Shell:
    """
    Runs commands one after the other.

    Attributes:
        folder: The folder that they run in.

        monkeypatch: Puts the streams of the process back.

        code: The exit code of the last one.
    """

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    code: int = 0

    def run(self, command: str) -> str:
        """What a command writes to the terminal: both of its streams, in the order of writing."""
        lexer = shlex.shlex(command, posix=True, punctuation_chars="|<>")
        lexer.whitespace_split = True
        words = list(lexer)
        screen = io.BytesIO()
        data = b""
        for stage, is_last in _stages(words):
            argv, source, target = _redirected(stage)
            if source:
                data = (self.folder / source).read_bytes()
            output = screen if is_last and not target else io.BytesIO()
            self._run(argv, data, output, screen)
            data = output.getvalue()
            if target:
                (self.folder / target).write_bytes(data)
        return screen.getvalue().decode("utf-8")

    def _run(self, argv: list[str], data: bytes, output: io.BytesIO, errors: io.BytesIO) -> None:
        variables, (program, *arguments) = _variables(argv)
        with self._streams(data, output, errors), pytest.MonkeyPatch.context() as environment:
            for name, value in variables.items():
                environment.setenv(name, value)
            if program == "otlpjson":
                self.code = main(arguments)
            elif program == "python":
                runpy.run_path(str(self.folder / arguments[0]), run_name="__main__")
                self.code = 0
            elif program == "cat":
                output.write(b"".join((self.folder / name).read_bytes() for name in arguments))
            elif program == "ls":
                names = sorted(path.name for path in (self.folder / arguments[0]).iterdir())
                # As the real one does, without those that begin with a dot.
                output.write("".join(f"{name}\n" for name in names if not name.startswith(".")).encode())
            elif argv == ["echo", "$?"]:
                output.write(f"{self.code}\n".encode())
            else:
                pytest.fail(f"{program} cannot be run here; mark the block with <!-- not run: reason -->")

    @contextmanager
    def _streams(self, data: bytes, output: io.BytesIO, errors: io.BytesIO) -> Iterator[None]:
        with self.monkeypatch.context() as patched:
            patched.setattr(sys, "stdin", io.TextIOWrapper(_Input(data), encoding="utf-8"))
            for name, stream in (("stdout", output), ("stderr", errors)):
                text = io.TextIOWrapper(_Kept(stream), encoding="utf-8", write_through=True)
                patched.setattr(sys, name, text)
            yield


class _Kept(io.BytesIO):
    """A stream that writes into another one, which stays open."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__()
        self._stream = stream

    def write(self, data: Any, /) -> int:
        return self._stream.write(data)


def _stages(words: list[str]) -> Iterator[tuple[list[str], bool]]:
    """The commands of a pipeline, each with whether it is the last."""
    stages: list[list[str]] = [[]]
    for word in words:
        if word == "|":
            stages.append([])
        else:
            stages[-1].append(word)
    return ((stage, stage is stages[-1]) for stage in stages)


def _redirected(words: list[str]) -> tuple[list[str], str, str]:
    """A command, the file of its standard input, and that of its standard output."""
    files = {"<": "", ">": ""}
    argv = []
    rest = iter(words)
    for word in rest:
        if word in files:
            files[word] = next(rest)
        else:
            argv.append(word)
    return argv, files["<"], files[">"]
