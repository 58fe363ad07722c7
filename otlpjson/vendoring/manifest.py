# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What a copy of this package consists of, and what has become of one since it was made.

A copy brings the licence and a manifest along: ``VENDORED.json`` says of which version the copy
is, which part of the package it holds, and the SHA-256 of each file. A manifest finds what was
changed by mistake; who changes a file on purpose can change the manifest too.
"""

from __future__ import annotations

import hashlib
import json
import keyword
import re
from collections.abc import Mapping, Sequence
from typing import Any, Callable, Final, Literal

import attrs

from ..core import __version__
from ..core.errors import ConfigError, InvalidDocument
from ..core.words import describe

__all__ = [
    "MANIFEST",
    "Manifest",
    "age",
    "changes",
    "copied",
    "is_cache",
    "is_package_name",
    "is_source",
    "read_manifest",
    "refusal",
]

Part = Literal["core", "whole"]
Age = Literal["older than", "the same as", "newer than"]

MANIFEST: Final = "VENDORED.json"
_PACKAGE: Final = "otlpjson"
_CORE: Final = "core/"
_BESIDE: Final = ("LICENSE", "py.typed")
"""What is no module: the licence, which every copy has to bring along, and the marker for type checkers."""
_VERSION: Final = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@attrs.frozen(kw_only=True)
class Manifest:
    """
    What a copy says of itself.

    Attributes:
        version: The version of which it is a copy, for example ``"0.1.0"``.

        part: ``"core"`` or ``"whole"``.

        sha256: Each file but the manifest, by its path with slashes, and its SHA-256 in hex; sorted.
    """

    version: str
    part: Part
    sha256: tuple[tuple[str, str], ...] = attrs.field(repr=lambda pairs: f"<{len(pairs)} files>")


def is_package_name(name: str) -> bool:
    """Whether Python can import a package of this name."""
    return name.isidentifier() and not keyword.iskeyword(name)


def is_source(name: str) -> bool:
    """Whether a file in the package's folder belongs to a copy: modules, licence and typing marker."""
    return name.endswith(".py") or name in _BESIDE


def is_cache(folder: str) -> bool:
    """Whether a folder of this name is Python's own and no part of a copy."""
    return folder == "__pycache__"


def copied(sources: Mapping[str, bytes], *, core: bool) -> dict[str, bytes]:
    """
    Every file of a copy, by its path with slashes; the same bytes for the same sources.

    Args:
        sources: Every file of the package, by its path with slashes.

        core: Copy the folder ``core`` alone; it becomes a package of its own.

    Raises:
        ConfigError: Modules are missing from the sources, as where only compiled ones are installed.
    """
    missing = [name for name in ("__init__.py", f"{_CORE}__init__.py", *_BESIDE) if name not in sources]
    if missing:
        raise ConfigError({_PACKAGE: f"expected its sources, got no {', '.join(missing)}"})
    files = _core(sources) if core else dict(sources)
    manifest = Manifest(
        version=__version__,
        part="core" if core else "whole",
        sha256=tuple((name, _digest(files[name])) for name in sorted(files)),
    )
    files[MANIFEST] = _written(manifest)
    return files


def read_manifest(text: bytes) -> Manifest:
    """
    The manifest of a copy; members that are not known are ignored.

    Raises:
        InvalidDocument: No such manifest can have been written.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidDocument(MANIFEST, "JSON", "something else") from None
    if not isinstance(document, dict):
        raise InvalidDocument(MANIFEST, "an object", describe(document))
    for member, expected, holds in _MEMBERS:
        if not holds(document.get(member)):
            raise InvalidDocument(f"{MANIFEST}.{member}", expected, describe(document.get(member)))
    return Manifest(
        version=document["version"],
        part=document["part"],
        sha256=tuple(sorted(document["sha256"].items())),
    )


def changes(manifest: Manifest, found: Mapping[str, bytes | None]) -> tuple[str, ...]:
    """
    What is no longer as it was copied: ``changed model.py``, ``missing cut.py``, ``added own.py``.

    ``found`` has every file that is there now; ``None`` stands for what is no regular file,
    and may stand for the content of files that the manifest does not name.
    """
    known = dict(manifest.sha256)
    changed = [name for name in known if name in found and _digest(found[name]) != known[name]]
    missing = [name for name in known if name not in found]
    added = sorted(set(found) - set(known) - {MANIFEST})
    kinds = (("changed", changed), ("missing", missing), ("added", added))
    return tuple(f"{kind} {name}" for kind, names in kinds for name in names)


def age(manifest: Manifest) -> Age:
    """How a copy's version stands to that of this package."""
    theirs, ours = _numbers(manifest.version), _numbers(__version__)
    return "the same as" if theirs == ours else "older than" if theirs < ours else "newer than"


def refusal(manifest: Manifest, changed: Sequence[str]) -> str | None:
    """Why a copy must not be replaced by one of this version, or ``None`` where it may be."""
    if changed:
        return "expected an unchanged copy, got a changed one; --check names the changes"
    if age(manifest) == "newer than":
        return f"expected a copy of {__version__} or older, got one of {manifest.version}"
    return None


def _core(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    modules = {name[len(_CORE) :]: content for name, content in sources.items() if name.startswith(_CORE)}
    return {**modules, **{name: sources[name] for name in _BESIDE}}


def _written(manifest: Manifest) -> bytes:
    document = {
        "package": _PACKAGE,
        "version": manifest.version,
        "part": manifest.part,
        "sha256": dict(manifest.sha256),
    }
    return json.dumps(document, indent=2).encode("ascii") + b"\n"


def _digest(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def _is_digests(value: object) -> bool:
    return isinstance(value, dict) and all(_matches(_SHA256, digest) for digest in value.values())


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


_MEMBERS: Final[tuple[tuple[str, str, Callable[[Any], bool]], ...]] = (
    ("package", f"'{_PACKAGE}'", lambda value: value == _PACKAGE),
    ("version", "three numbers such as 0.1.0", lambda value: _matches(_VERSION, value)),
    ("part", "core or whole", lambda value: value in ("core", "whole")),
    ("sha256", "64 hex digits for each file", _is_digests),
)
