# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Whichever document it is, its traces are read."""

from __future__ import annotations

import pytest

from otlpjson import Attributes, InvalidDocument, TracesData, decode, encode
from otlpjson.answer import decode_answer

from .captured import CAPTURES, needs_captures
from .cases import bodies

BODY = encode(bodies.everything())


def test_a_body_and_an_answer_of_jaeger_hold_the_same() -> None:
    """Jaeger puts OTLP/JSON under ``result``."""
    assert decode_answer(BODY).traces == bodies.everything()
    assert decode_answer(b'{"result":' + BODY + b"}").traces == bodies.everything()
    assert decode_answer(BODY).findings == ()


def test_an_answer_of_tempo_is_recognised() -> None:
    """Ids are read from base64 then."""
    answer = (
        b'{"trace":{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"CvdlGRbNQ92ESOshHIAxnA==",'
        b'"spanId":"t61rcWkgMzE=","kind":"SPAN_KIND_SERVER"}]}]}]}}'
    )
    (group,) = decode_answer(answer).traces.resource_spans
    (span,) = group.scope_spans[0].spans

    assert (span.trace_id, span.span_id, int(span.kind)) == (
        "0af7651916cd43dd8448eb211c80319c",
        "b7ad6b7169203331",
        2,
    )


def test_repairs_are_listed_with_their_place_in_the_answer() -> None:
    """The reading is lenient."""
    decoded = decode_answer(b'{"result":{"resourceSpans":[7]}}')

    assert decoded.traces == TracesData()
    assert [str(finding) for finding in decoded.findings] == [
        "body.result.resourceSpans[0]: expected an object, got number 7; left out (PROTO)"
    ]


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(InvalidDocument) as caught:
        decode_answer(b"[1]")

    assert str(caught.value) == "body: expected an object, got a list (PROTO)"

    with pytest.raises(InvalidDocument) as caught:
        decode_answer(BODY, max_bytes=10)

    assert str(caught.value) == f"body: expected at most 10 bytes, got {len(BODY)} (SND-3)"


@pytest.mark.captures
@needs_captures
def test_what_jaeger_stored_is_what_was_sent() -> None:
    """But for the schema URLs, the order of attributes and an attribute with Jaeger's own warnings."""
    sent = decode((CAPTURES / "tempo" / "every-type.sent.json").read_bytes())
    decoded = decode_answer((CAPTURES / "jaeger" / "every-type.trace-v3.json").read_bytes())
    (before,) = sent.resource_spans[0].scope_spans[0].spans
    (after,) = decoded.traces.resource_spans[0].scope_spans[0].spans
    attributes = dict(after.attributes)

    assert decoded.findings == ()
    assert "@jaeger@warnings" in attributes
    del attributes["@jaeger@warnings"]
    assert Attributes(dict(sorted(attributes.items()))) == dict(sorted(before.attributes.items()))
    assert (after.flags, after.links, after.status) == (before.flags, before.links, before.status)
