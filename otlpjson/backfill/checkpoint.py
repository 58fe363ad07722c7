# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A file that says how far each destination was sent some inputs, so that a later run goes on there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from ..core.errors import ConfigError
from ..delivery.files.replacing import replacing
from .position import START, Position

__all__ = ["Checkpoint", "Mark", "identity_of_file"]

_VERSION: Final = 1
_READ_BYTES: Final = 1024 * 1024
_DIGEST_BYTES: Final = 16


@attrs.define(kw_only=True)
class Mark:
    """
    How far one destination is.

    Attributes:
        settings: What its bodies depend on, as a digest.

        settled: The first entry that is not settled.

        sending: The first entry that was not sent when this was written.

        sending_spans: The spans between these two. They were sent without an answer, and are sent again.

        delivered, rejected, quarantined: The spans before ``settled``, by what happened to them.
    """

    settings: str
    settled: Position = START
    sending: Position = START
    sending_spans: int = 0
    delivered: int = 0
    rejected: int = 0
    quarantined: int = 0


def identity_of_file(path: Path) -> str:
    """
    What tells whether a file has changed: a digest of all that is in it.

    Raises:
        OSError: It cannot be read.
    """
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    with open(path, "rb") as file:
        while piece := file.read(_READ_BYTES):
            digest.update(piece)
    return digest.hexdigest()


class Checkpoint:
    """
    The file, which is replaced in one step each time.

    Args:
        path: Made with the first ``save``, for its owner alone (0600).

        inputs: The name and the identity of each input, in order.

    Raises:
        ConfigError: The file is of other inputs, of inputs that have changed, or no checkpoint.
    """

    def __init__(self, path: Path, inputs: Iterable[tuple[str, str]]) -> None:
        self._path = path
        self._inputs = [{"name": name, "identity": identity} for name, identity in inputs]
        self._marks: dict[str, Mark] = {}
        if (document := _document(path)) is not None:
            self._require_same(document["inputs"])
            self._marks = {name: _mark(members) for name, members in document["destinations"].items()}

    def mark(self, name: str, settings: str) -> Mark:
        """
        How far a destination is; at the beginning, if it is not in the file.

        Raises:
            ConfigError: It was sent with other settings, so bodies would be cut at other places.
        """
        mark = self._marks.setdefault(name, Mark(settings=settings))
        if mark.settings != settings:
            raise self._refused(f"{name} was sent with other settings")
        return mark

    def save(self) -> None:
        """
        Writes the file; it is on the disk then.

        Raises:
            OSError: It cannot be written.
        """
        destinations = {name: attrs.asdict(mark) for name, mark in self._marks.items()}
        document = {"version": _VERSION, "inputs": self._inputs, "destinations": destinations}
        with replacing(self._path) as file:
            file.write(json.dumps(document, indent=1).encode() + b"\n")

    def _require_same(self, known: list[Mapping[str, Any]]) -> None:
        if [one["name"] for one in known] != [one["name"] for one in self._inputs]:
            raise self._refused(f"it is of other inputs: {', '.join(one['name'] for one in known)}")
        for one, other in zip(known, self._inputs):
            if one != other:
                raise self._refused(f"{one['name']} has changed since")

    def _refused(self, problem: str) -> ConfigError:
        return ConfigError({str(self._path): f"{problem}; remove the checkpoint to begin again"})


def _document(path: Path) -> dict[str, Any] | None:
    """The content of the file; ``None`` if there is none."""
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        document = None
    if not isinstance(document, dict) or document.get("version") != _VERSION:
        raise ConfigError({str(path): "expected a checkpoint, got another file"})
    return document


def _mark(members: dict[str, Any]) -> Mark:
    return Mark(
        **{
            **members,
            "settled": Position(**members["settled"]),
            "sending": Position(**members["sending"]),
        }
    )
