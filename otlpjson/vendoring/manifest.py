# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The files of a copy of this package, and its manifest ``VENDORED.json``, which shows later changes.

The manifest names the version, the part of the package, and the SHA-256 of each file. It is no
signature: it shows accidental changes, not deliberate ones.
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

# Every copy needs the licence, which demands it, and the marker for type checkers.
_IN_EVERY_COPY: Final = ("LICENSE", "py.typed")
# Without this page, the command ``rule`` of a whole copy would fail.
_RULES: Final = "rules.md"
# The files of the viewer's page.
_OF_PAGES: Final = (".css", ".html", ".js", ".svg")
_REQUIRED: Final = ("__init__.py", f"{_CORE}__init__.py", f"inspect/{_RULES}", *_IN_EVERY_COPY)

_VERSION: Final = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@attrs.frozen(kw_only=True)
class Manifest:
    """
    The contents of ``VENDORED.json``.

    Attributes:
        version: The version of this package that was copied, for example ``"0.1.0"``.

        part: ``"core"`` or ``"whole"``.

        sha256:
            Every file except the manifest: its path with slashes, and its SHA-256 as 64 hex
            digits; sorted by path.
    """

    version: str
    part: Part
    sha256: tuple[tuple[str, str], ...] = attrs.field(repr=lambda pairs: f"<{len(pairs)} files>")


def is_package_name(name: str) -> bool:
    """Whether Python can import a package of this name."""
    return name.isidentifier() and not keyword.iskeyword(name)


def is_source(name: str) -> bool:
    """Whether a file of this name belongs to a copy: modules, and the data files of the package."""
    return name.endswith((".py", *_OF_PAGES)) or name in (*_IN_EVERY_COPY, _RULES)


def is_cache(folder: str) -> bool:
    """Whether a folder of this name holds Python's bytecode, which is not copied."""
    return folder == "__pycache__"


def copied(sources: Mapping[str, bytes], *, core: bool) -> dict[str, bytes]:
    """
    The files of a copy by their paths with slashes: the same bytes for the same sources.

    Args:
        sources: Every file of the package, by its path with slashes.

        core: Copy the contents of the folder ``core`` only, which become a package of their own.

    Raises:
        ConfigError: Files are missing from the sources.
    """
    # An installation may hold compiled modules only; a copy of it would fail on first use.
    missing = [name for name in _REQUIRED if name not in sources]
    if missing:
        raise ConfigError({_PACKAGE: f"missing source files: {', '.join(missing)}"})
    files = _core(sources) if core else dict(sources)
    manifest = Manifest(
        version=__version__,
        part="core" if core else "whole",
        # Sorted, so that the same version gives the same bytes whatever the file system's order.
        sha256=tuple((name, _digest(files[name])) for name in sorted(files)),
    )
    files[MANIFEST] = _encoded(manifest)
    return files


def read_manifest(text: bytes) -> Manifest:
    """
    The manifest of a copy; unknown members are ignored, because a later version may write them.

    Raises:
        InvalidDocument: The text is not JSON, or a member is missing or malformed.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidDocument(MANIFEST, "JSON", "text that is not JSON") from None
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
    How a copy differs from its manifest: ``changed model.py``, ``missing ids.py``, ``added own.py``.

    Args:
        found:
            Every file of the copy, by its path with slashes, with its content; ``None`` for
            anything but a regular file. The content of files that are not in the manifest is not
            needed.
    """
    known = dict(manifest.sha256)
    changed = [name for name in known if name in found and _digest(found[name]) != known[name]]
    missing = [name for name in known if name not in found]
    added = sorted(set(found) - set(known) - {MANIFEST})
    kinds = (("changed", changed), ("missing", missing), ("added", added))
    return tuple(f"{kind} {name}" for kind, names in kinds for name in names)


def age(manifest: Manifest) -> Age:
    """Whether a copy is older or newer than this package."""
    theirs, ours = _numbers(manifest.version), _numbers(__version__)
    return "the same as" if theirs == ours else "older than" if theirs < ours else "newer than"


def refusal(manifest: Manifest, changed: Sequence[str]) -> str | None:
    """Why a copy must not be replaced by one of this version, or ``None`` if it may be."""
    if changed:
        return "the copy was changed; list the changes with --check"
    if age(manifest) == "newer than":
        return f"expected version {__version__} or older, got {manifest.version}"
    return None


def _core(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    modules = {name[len(_CORE) :]: content for name, content in sources.items() if name.startswith(_CORE)}
    return {**modules, **{name: sources[name] for name in _IN_EVERY_COPY}}


def _encoded(manifest: Manifest) -> bytes:
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
    ("version", "a version such as 0.1.0", lambda value: _matches(_VERSION, value)),
    ("part", "'core' or 'whole'", lambda value: value in ("core", "whole")),
    ("sha256", "64 hex digits for each file", _is_digests),
)
