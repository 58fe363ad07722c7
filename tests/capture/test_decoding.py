# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Every coding that clients ask for, undone piece by piece."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from otlpjson.capture import decoding as module
from otlpjson.capture.decoding import decoding

TEXT = b'data: {"choices":[]}\n\n' * 200


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


CODED: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("", bytes),
    ("identity", bytes),
    ("gzip", gzip.compress),
    ("X-GZIP", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", brotli.compress),
    ("zstd", zstandard.compress),
    ("gzip", lambda data: gzip.compress(data[:100]) + gzip.compress(data[100:]) + bytes(20)),
    ("zstd", lambda data: zstandard.compress(data[:100]) + zstandard.compress(data[100:])),
    ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
]


@pytest.mark.parametrize(("codings", "encode"), CODED)
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_a_body_in_pieces_is_decoded(codings: str, encode: Callable[[bytes], bytes], step: int) -> None:
    decode = decoding(codings)
    assert decode is not None
    coded = encode(TEXT)
    pieces = [coded[start : start + step] for start in range(0, len(coded), step)]

    assert b"".join(map(decode, pieces)) == TEXT
    assert decode(b"") == b""


@pytest.mark.parametrize("codings", ["compress", "gzip, what"])
def test_an_unknown_coding_is_said(codings: str) -> None:
    assert decoding(codings) is None


class Library:
    """A module with the names of a library."""

    def __init__(self, **names: Any) -> None:
        self.__dict__.update(names)


class Decompressor:
    eof = False
    unused_data = b""

    def decompress(self, data: bytes) -> bytes:
        return b"decoded " + data

    def decompressobj(self) -> Decompressor:
        return self


@pytest.mark.parametrize(
    ("coding", "installed", "name"),
    [
        ("br", "brotlicffi", "Decompressor"),
        ("zstd", "compression.zstd", "ZstdDecompressor"),
        ("zstd", "backports.zstd", "ZstdDecompressor"),
        ("zstd", "zstandard", "ZstdDecompressor"),
        ("br", "nothing", ""),
        ("zstd", "nothing", ""),
    ],
)
def test_the_library_that_is_installed_is_used(
    coding: str, installed: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that the client uses itself; without any, the coding is unknown."""

    def load(wanted: str) -> Any:
        if wanted != installed:
            raise ImportError(wanted)
        return Library(**{name: Decompressor})

    monkeypatch.setattr(module, "import_module", load)
    decode = decoding(coding)

    assert (decode and decode(b"x")) == (None if installed == "nothing" else b"decoded x")
