# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What holds for any bytes that the decoder is given, whoever found them: a property, a corpus, a fuzzer."""

from __future__ import annotations

from contextlib import suppress

from otlpjson import InvalidDocument, TracesData, decode, decode_lenient, encode
from otlpjson.core.decoder import Decoded
from otlpjson.core.findings import Finding, Severity
from otlpjson.inspect.answers import decode_answer
from otlpjson.inspect.checker import check
from otlpjson.inspect.tempo import decode_tempo

from . import oracle
from .plain import plain_model

__all__ = ["check_body"]


def check_body(body: bytes) -> None:
    """
    Reads a body in every way and compares.

    Raises:
        AssertionError: Two readers do not agree.

        Exception: Anything but ``InvalidDocument`` left a reader.
    """
    strictly = _strict(body)
    leniently = _lenient(body)
    if isinstance(strictly, TracesData):
        assert decode(encode(strictly)) == strictly
        assert decode(encode(strictly, integers_as_numbers=True)) == strictly
        assert isinstance(leniently, Decoded)
        assert _errors(leniently) == []
    if isinstance(leniently, Decoded):
        assert decode(encode(leniently.traces)) == leniently.traces
        if not any(finding.rule == "DEC-6" for finding in leniently.findings):
            _check_agreement(strictly, leniently)
    else:
        assert isinstance(strictly, InvalidDocument)
    _check_findings(body, leniently)
    _check_oracle(body, strictly)
    for read_answer in (decode_answer, decode_tempo):
        with suppress(InvalidDocument):
            read_answer(body)


def _check_findings(body: bytes, leniently: Decoded | InvalidDocument) -> None:
    """``check`` raises nothing, and its errors are the lenient reader's, circles of spans aside."""
    checked = check(body)
    errors = [found for found in checked.findings if found.severity is Severity.ERROR]
    assert checked.passed is (errors == [])
    if errors and errors[-1].message.startswith("no span is read from this body: "):
        # It says what the body is instead, and the lenient reader may know how to read it.
        return
    if isinstance(leniently, Decoded):
        assert [found for found in errors if found.rule != "VAL-9"] == _errors(leniently)
    else:
        assert (errors[-1].path, errors[-1].message) == (leniently.path, str(leniently.problem.reason))


def _check_agreement(strictly: TracesData | InvalidDocument, leniently: Decoded) -> None:
    """Where snake_case is read by neither, the two differ in the first error alone."""
    if isinstance(strictly, TracesData):
        assert leniently.traces == strictly
        return
    first = _errors(leniently)[0]
    assert (strictly.path, strictly.expected, strictly.found, strictly.rule) == (
        *(first.path, first.expected, first.found),
        first.rule,
    )


def _check_oracle(body: bytes, strictly: TracesData | InvalidDocument) -> None:
    """What a reader of canonical bodies reads, the decoder reads too, and as the same."""
    for integers in ("text", "number"):
        try:
            expected = oracle.read(body, integers=integers)
        except oracle.Refused:
            continue
        assert isinstance(strictly, TracesData)
        assert plain_model(strictly) == expected


def _errors(decoded: Decoded) -> list[Finding]:
    return [finding for finding in decoded.findings if finding.severity is Severity.ERROR]


def _strict(body: bytes) -> TracesData | InvalidDocument:
    try:
        return decode(body)
    except InvalidDocument as error:
        return error


def _lenient(body: bytes) -> Decoded | InvalidDocument:
    try:
        return decode_lenient(body)
    except InvalidDocument as error:
        return error
